//! `{{#tree}}`: the files of a chapter, with what is new and what changes.
//!
//! A file that both machines have under the same name is one line with two numbers: who reads the
//! tree looks for what there is, and the machines have the same. What is removed stays in the tree
//! once more, struck out.

use std::collections::{BTreeMap, BTreeSet};

use chapter_diff::{Change, Kind, Lines};

use super::hunk::file_id;
use crate::Result;
use crate::book::Book;
use crate::html::lens::display_name;
use crate::html::{attribute, text};
use crate::page::Page;

/// Where the machines' folders are.
const ARCH: &str = "src/arch/";

/// The tree, as HTML.
pub fn expand(arguments: &[String], book: &Book, page: &Page) -> Result<String> {
    let chapter = book.chapter(&arguments[0])?;
    let it = &book.chapters[chapter];
    let machines: Vec<&str> = book.machines().collect();
    let count = |(name, text): (&String, &String)| (name.clone(), text.lines().count());
    let files = it.files.iter().map(count).collect();
    let link =
        |name: &str| format!("{}diffs/{}.html#{}", page.to_root(), it.folder, file_id(it, name));
    let tree = Tree { files, changes: &it.changes, is_first: chapter == 0, link: &link };
    Ok(tree.html(&it.folder, &machines))
}

/// What is shown.
struct Tree<'a> {
    /// The files, with how many lines they have.
    files: BTreeMap<String, usize>,
    changes: &'a [Change],
    /// Whether nothing comes before the chapter, so that it does not help to say what is new.
    is_first: bool,
    /// Where a file's change is shown.
    link: &'a dyn Fn(&str) -> String,
}

/// A file as the tree shows it: one, or the same of each machine.
#[derive(Default)]
struct File {
    places: Vec<Place>,
    /// The only machine that has it, if it is below the machines' folder.
    machine: Option<String>,
}

/// A file in one place.
struct Place {
    lines: usize,
    change: Option<(Kind, Lines)>,
    /// Where its change is shown; empty if it has none.
    link: String,
    /// What the machine is called whose it is; empty if it is everybody's.
    machine: String,
}

/// Folders and files by their names.
#[derive(Default)]
struct Folder {
    folders: BTreeMap<String, Folder>,
    files: BTreeMap<String, File>,
}

impl Tree<'_> {
    /// The tree of the chapter in the folder `chapter`, on one line.
    fn html(&self, chapter: &str, machines: &[&str]) -> String {
        let removed = self.changes.iter().filter(|change| change.kind == Kind::Removed);
        let names = self.files.keys().chain(removed.map(|change| &change.name));
        let names: BTreeSet<&str> = names.map(String::as_str).collect();
        let mut root = Folder::default();
        for name in names {
            let (common, machine) = common_name(name, machines);
            let file = root.file(&common);
            file.machine = machine.filter(|_| file.places.is_empty()).map(str::to_string);
            file.places.push(self.place(name, machine));
        }
        let label = attribute(&format!("files of chapters/{chapter}")).into_owned();
        let root = root.html();
        format!(r#"<div class="tree" tabindex="0" role="group" aria-label="{label}">{root}</div>"#)
    }

    fn place(&self, name: &str, machine: Option<&str>) -> Place {
        let lines = self.files.get(name).copied().unwrap_or_default();
        let change = self.changes.iter().find(|change| change.name == name);
        let link = change.map(|_| (self.link)(name));
        let change = change.filter(|_| !self.is_first).map(|change| (change.kind, change.lines()));
        let machine = machine.map(display_name).unwrap_or_default().to_string();
        Place { lines, change, link: link.unwrap_or_default(), machine }
    }
}

/// The name of a file with all machines in place of the one whose it is; and that one.
fn common_name<'a>(name: &str, machines: &[&'a str]) -> (String, Option<&'a str>) {
    let below = name.strip_prefix(ARCH);
    let of =
        |machine: &&'a str| Some((*machine, below?.strip_prefix(*machine)?.strip_prefix('/')?));
    match machines.iter().find_map(of) {
        Some((machine, rest)) => {
            (format!("{ARCH}{{{}}}/{rest}", machines.join(",")), Some(machine))
        }
        None => (name.to_string(), None),
    }
}

impl Folder {
    /// The file called `name`, which is put there if it is not.
    fn file(&mut self, name: &str) -> &mut File {
        match name.split_once('/') {
            Some((folder, rest)) => self.folders.entry(folder.into()).or_default().file(rest),
            None => self.files.entry(name.into()).or_default(),
        }
    }

    /// Its files, then its folders.
    fn html(&self) -> String {
        let files = self.files.iter().map(|(name, file)| file.html(name));
        let folders = self.folders.iter().map(|(name, folder)| {
            format!(r#"<li><span class="folder">{}/</span>{}</li>"#, text(name), folder.html())
        });
        format!("<ul>{}</ul>", files.chain(folders).collect::<String>())
    }
}

impl File {
    fn html(&self, name: &str) -> String {
        let class = self.class();
        let shown = match (class, &self.places[..]) {
            ("removed", _) => format!("<del>{}</del>", text(name)),
            (_, [only]) => linked(&only.link, name, ""),
            _ => text(name).into_owned(),
        };
        let lines = format!(r#"<span class="lines">{}</span>"#, self.lines(name));
        let marks: String = self
            .marks()
            .iter()
            .map(|mark| format!(r#" <span class="mark">{mark}</span>"#))
            .collect();
        format!(r#"<li class="{class}"><span class="file">{shown}</span> {lines}{marks}</li>"#)
    }

    /// How many lines the file called `name` has in each place.
    fn lines(&self, name: &str) -> String {
        match &self.places[..] {
            [only] if only.lines == 1 => "1 line".into(),
            [only] => format!("{} lines", only.lines),
            several => {
                let counts = several.iter().map(|it| {
                    let label = format!("{} lines of {name} on {}", it.lines, it.machine);
                    linked(&it.link, &it.lines.to_string(), &label)
                });
                format!("{} lines", counts.collect::<Vec<_>>().join(" and "))
            }
        }
    }

    /// What happened to it in all places.
    fn class(&self) -> &'static str {
        let kinds = self.places.iter().map(|place| place.change.map(|(kind, _)| kind));
        let kinds: Vec<Option<Kind>> = kinds.collect();
        match kinds[..] {
            _ if kinds.iter().all(Option::is_none) => "same",
            [Some(Kind::New), ..] if is_all(&kinds, Kind::New) => "new",
            [Some(Kind::Removed), ..] if is_all(&kinds, Kind::Removed) => "removed",
            _ => "changed",
        }
    }

    /// What is said of it.
    fn marks(&self) -> Vec<String> {
        let said = match self.class() {
            "same" => None,
            "changed" => {
                let counts: Vec<String> = self.places.iter().map(Place::counts).collect();
                Some(format!("changed: {}", counts.join(" and ")))
            }
            word => Some(word.to_string()),
        };
        let machine = self.machine.as_deref().map(|it| format!("{} only", display_name(it)));
        said.into_iter().chain(machine).collect()
    }
}

fn is_all(kinds: &[Option<Kind>], kind: Kind) -> bool {
    kinds.iter().all(|other| *other == Some(kind))
}

/// `words`, as a link if there is something to link to; `label` says more, if it has to be said.
fn linked(link: &str, words: &str, label: &str) -> String {
    let words = text(words);
    let label = match label {
        "" => String::new(),
        label => format!(r#" aria-label="{}""#, attribute(label)),
    };
    match link {
        "" => words.into_owned(),
        link => format!(r#"<a href="{}"{label}>{words}</a>"#, attribute(link)),
    }
}

impl Place {
    /// How many lines come and go.
    fn counts(&self) -> String {
        match self.change {
            None => "nothing".into(),
            Some((Kind::New, _)) => "new".into(),
            Some((Kind::Removed, _)) => "removed".into(),
            Some((Kind::Changed, Lines { inserted, deleted })) => {
                let inserted = format!(r#"<span class="inserted">+{inserted}</span>"#);
                format!(r#"{inserted} <span class="deleted">−{deleted}</span>"#)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use scraper::{Html, Selector};

    use super::*;

    fn change(name: &str, kind: Kind, old: &str, new: &str) -> Change {
        Change { name: name.into(), kind, old: old.into(), new: new.into() }
    }

    fn html(is_first: bool) -> String {
        let mut changes = vec![
            change("src/arch/aarch64/boot.s", Kind::Changed, "1\n2\n", "1\n3\n4\n"),
            change("src/arch/x86_64/boot.s", Kind::Changed, "1\n", "1\n2\n"),
            change("src/arch/x86_64/gdt.rs", Kind::New, "", "1\n"),
            change("src/new.rs", Kind::New, "", "1\n"),
            change("src/old.rs", Kind::Removed, "1\n", ""),
        ];
        changes.retain(|change| !is_first || change.kind != Kind::Removed);
        let files = [
            ("Cargo.toml", 30),
            ("src/arch/aarch64/boot.s", 3),
            ("src/arch/aarch64/cpu.rs", 9),
            ("src/arch/x86_64/boot.s", 2),
            ("src/arch/x86_64/cpu.rs", 8),
            ("src/arch/x86_64/gdt.rs", 1),
            ("src/new.rs", 1),
        ];
        let files = files.map(|(name, lines)| (name.to_string(), lines)).into();
        let tree = Tree {
            files,
            changes: &changes,
            is_first,
            link: &|name| format!("diffs/02-b.html#{name}"),
        };
        tree.html("02-b", &["aarch64", "x86_64"])
    }

    /// The text of each element that `selector` means.
    fn texts(html: &str, selector: &str) -> Vec<String> {
        let selector = Selector::parse(selector).expect("a selector");
        let page = Html::parse_fragment(html);
        page.select(&selector).map(|found| found.text().collect()).collect()
    }

    #[test]
    fn files_are_marked_and_the_machines_share_a_line() {
        let html = html(false);
        let expected = [
            "Cargo.toml 30 lines",
            "new.rs 1 line new",
            "old.rs 0 lines removed",
            "boot.s 3 and 2 lines changed: +2 −1 and +1 −0",
            "cpu.rs 9 and 8 lines",
            "gdt.rs 1 line new x86_64 only",
        ];
        assert_eq!(texts(&html, "li[class]"), expected);
        assert_eq!(texts(&html, ".folder"), ["src/", "arch/", "{aarch64,x86_64}/"]);
        assert_eq!(texts(&html, "li.same .file"), ["Cargo.toml", "cpu.rs"]);
        assert_eq!(texts(&html, "li.changed .file"), ["boot.s"]);
    }

    #[test]
    fn what_changes_leads_to_the_change() {
        let html = html(false);
        let links = ["new.rs", "3", "2", "gdt.rs"];
        assert_eq!(texts(&html, "a"), links);
        let link = "href=\"diffs/02-b.html#src/arch/x86_64/boot.s\" \
                    aria-label=\"2 lines of boot.s on x86_64\"";
        assert!(html.contains(link), "{html}");
        assert!(!html.contains('\n'));
    }

    #[test]
    fn in_the_first_chapter_nothing_is_marked_and_all_is_linked() {
        let html = html(true);
        assert_eq!(texts(&html, ".mark"), ["x86_64 only"]);
        assert_eq!(texts(&html, "a").len(), 4);
    }
}
