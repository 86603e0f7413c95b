//! Links between Markdown files lead somewhere.
//!
//! Only links within the repository are followed: a check that asks the network says something
//! about the network. Listings and `code` hold no links. The book's pages also lead to pages that
//! are made when it is built, so their links are looked at then, in what was built.

use std::path::{Path, PathBuf};

use super::finding::{Finding, Verdict, verdict};
use super::scope::Scope;
use chapter_diff::folder;

/// The folder of the book's pages.
const BOOK: &str = "book/src/";

/// Each relative link in a Markdown file names a file or folder, and its `#part` a heading in it.
pub fn links(scope: Scope) -> Verdict {
    let files = scope.files()?;
    let pages = files.iter().filter(|(name, _)| name.ends_with(".md"));
    let pages = pages.filter(|(name, _)| !name.starts_with(BOOK));
    let pages = pages.filter_map(|(name, bytes)| Some((name, folder::text(bytes)?)));
    verdict(pages.flat_map(|(name, text)| page(&scope.workspace.root, name, text)).collect())
}

fn page(root: &Path, name: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in prose(text) {
        for target in targets(&line).filter(|target| is_relative(target)) {
            if let Err(what) = follow(root, name, target) {
                let advice = "correct the link, or add what it names";
                findings.push(Finding::new(name, what, advice).at(number));
            }
        }
    }
    findings
}

/// Whether `target` is meant to be in this repository.
fn is_relative(target: &str) -> bool {
    let scheme = target.split(['/', '#', '?']).next().unwrap_or_default();
    !target.is_empty() && !scheme.contains(':') && !target.starts_with("//")
}

/// Checks that `target`, in the page `name`, exists.
fn follow(root: &Path, name: &str, target: &str) -> Result<(), String> {
    let (path, part) = target.split_once('#').unwrap_or((target, ""));
    let here = root.join(name);
    let file = match path.strip_prefix('/') {
        _ if path.is_empty() => here,
        Some(path) => root.join(path),
        None => here.parent().map_or_else(PathBuf::new, |folder| folder.join(path)),
    };
    if !file.exists() {
        return Err(format!("the link to `{target}` leads nowhere"));
    }
    if part.is_empty() || file.extension().is_none_or(|ending| ending != "md") {
        return Ok(());
    }
    let text = std::fs::read_to_string(&file).unwrap_or_default();
    let has_part = headings(&text).iter().any(|heading| heading == part);
    if has_part { Ok(()) } else { Err(format!("the link to `{target}` names no heading there")) }
}

/// The names by which a link can address the headings of a page.
fn headings(text: &str) -> Vec<String> {
    let lines = prose(text).into_iter().map(|(_, line)| line);
    let titles = lines.filter_map(|line| line.strip_prefix('#').map(slug));
    titles.collect()
}

/// A heading as GitHub and mdBook write it in an address.
fn slug(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// The lines of `text` that are no listings, with their numbers, and without `code`.
fn prose(text: &str) -> Vec<(usize, String)> {
    let mut lines = Vec::new();
    let mut is_listing = false;
    for (index, line) in text.lines().enumerate() {
        let is_fence = line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
        if !is_fence && !is_listing {
            // A heading keeps its code, which is a part of its name.
            let line = if line.starts_with('#') { line.into() } else { without_code(line) };
            lines.push((index + 1, line));
        }
        is_listing ^= is_fence;
    }
    lines
}

fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join("``")
}

/// What the links of a line point to: `[text](target)`, `[name]: target`, `src="target"`,
/// `href="target"`.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    let inline = line.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
    let attributes = ["src=\"", "href=\""].into_iter();
    let tags = attributes.flat_map(move |mark| line.split(mark).skip(1));
    let tags = tags.filter_map(|rest| rest.split('"').next());
    let definition = line.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let definition = definition.and_then(|(_, rest)| rest.strip_prefix(": "));
    let definition = definition.and_then(|rest| rest.split_whitespace().next());
    inline.chain(tags).chain(definition).map(|target| target.trim_matches(['<', '>']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::sandbox::Sandbox;

    fn check(page: &str) -> Vec<Finding> {
        check_at("doc/src/a.md", page)
    }

    fn check_at(place: &str, page: &str) -> Vec<Finding> {
        let sandbox = Sandbox::new(&[
            ("chapters/01-one/README.md", "# Boot: the *first* `kmain`\n"),
            (place, page),
        ]);
        let workspace = sandbox.workspace();
        links(Scope { workspace: &workspace, chapter: None }).err().unwrap_or_default()
    }

    #[test]
    fn links_that_lead_somewhere_are_right() {
        for page in [
            "[one](../../chapters/01-one/README.md)",
            "[one](/chapters/01-one)",
            "[one](../../chapters/01-one/README.md#boot-the-first-kmain \"title\")",
            "![one](a.md) [two](<a.md>)",
            "[here](#there)\n\n## There",
            "[one]: a.md",
            "[one][two]: it is\n\n[two]: a.md",
            "[web](https://example.org/x) [mail](mailto:a@example.org)",
            "`[code](none.md)` and `a`[0](a.md)",
            "```\n[listing](none.md)\n```",
        ] {
            assert_eq!(check(page), [], "{page}");
        }
    }

    #[test]
    fn links_that_lead_nowhere_are_found_at_their_line() {
        for page in [
            "\n[one](none.md)",
            "\n[one](a.md) and ![two](none.png)",
            "\n[one](../../chapters/01-one/README.md#none)",
            "\n[one](#none)",
            "\n[one]: none.md",
            "\n<img alt=\"x\" src=\"none.png\">",
        ] {
            let findings = check(page);
            assert_eq!(findings.len(), 1, "{page}");
            assert_eq!(findings[0].file, "doc/src/a.md");
            assert_eq!(findings[0].line, Some(2));
        }
    }

    #[test]
    fn pages_of_the_book_are_looked_at_when_they_are_built() {
        assert_eq!(check_at("book/src/a.md", "[made](diffs/01-one.md)"), []);
        assert_eq!(check_at("book/a.md", "[made](diffs/01-one.md)").len(), 1);
    }
}
