//! Tables: what changes from chapter to chapter, and what the first one is made of.

use std::collections::BTreeMap;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};

use crate::ui::{BAD, DIM, GOOD, STRONG, styled};
use chapter_diff::folder::{self, Files};
use chapter_diff::{Change, Item, Kind, Lines};

/// What `changes` do to each file, and how many lines that is in all.
pub fn changes(changes: &[Change]) -> String {
    let mut table = table(&["file", "", "inserted", "deleted"]);
    let mut total = Lines::default();
    for change in changes {
        let lines = change.lines();
        total += lines;
        let kind = kind(change.kind);
        if change.texts().is_some() {
            table.add_row([
                &change.name,
                kind,
                &signed('+', lines.inserted),
                &signed('-', lines.deleted),
            ]);
        } else {
            table.add_row([&change.name, kind, "binary", ""]);
        }
    }
    let files = match changes.len() {
        1 => "1 file".into(),
        count => format!("{count} files"),
    };
    table.add_row([&files, "", &signed('+', total.inserted), &signed('-', total.deleted)]);
    finish(&table)
}

/// What the changes take of the budget, in one line, and in one more for each allowance.
pub fn budget(items: &[Item; 4]) -> String {
    let amounts = items.each_ref().map(|item| {
        let style = if item.is_exceeded() { BAD } else { GOOD };
        format!("{} {} of {}", item.name, styled(style, item.spent), item.limit())
    });
    let mut text = format!("{} {}\n", styled(DIM, "below src/:"), amounts.join(" · "));
    for (item, allowance) in items.iter().filter_map(|item| Some((item, item.allowance.as_ref()?)))
    {
        let Item { name, usual_limit, .. } = item;
        let limit = format!("{name}: {} instead of {usual_limit}", allowance.limit);
        text += &format!("{} {limit}: {}\n", styled(DIM, "allowance:"), allowance.reason);
    }
    text
}

/// What the programs take, in one line; nothing if they are as they were.
pub fn programs(lines: Lines) -> String {
    let Lines { inserted, deleted } = lines;
    if lines == Lines::default() {
        return String::new();
    }
    let heading = styled(DIM, "below user/src/:");
    format!("{heading} {inserted} lines inserted · {deleted} lines deleted · no limit\n")
}

/// Lines and bytes of each file, of each language, and of all.
pub fn tree(files: &Files) -> String {
    let mut table = table(&["file", "lines", "bytes"]);
    let mut languages = BTreeMap::<&str, Size>::new();
    let mut total = Size::default();
    for (name, bytes) in files {
        let size = Size::of(bytes);
        table.add_row([name, &size.lines.to_string(), &size.bytes.to_string()]);
        *languages.entry(language(name)).or_default() += size;
        total += size;
    }
    table.add_row(["", "", ""]);
    for (name, size) in languages.into_iter().chain([("all", total)]) {
        let name = format!("{name}, {} files", size.files).replace(", 1 files", ", 1 file");
        table.add_row([&name, &size.lines.to_string(), &size.bytes.to_string()]);
    }
    finish(&table)
}

/// How big files are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Size {
    files: usize,
    lines: usize,
    bytes: usize,
}

impl Size {
    fn of(bytes: &[u8]) -> Self {
        let lines = folder::text(bytes).map_or(0, |text| text.lines().count());
        Self { files: 1, lines, bytes: bytes.len() }
    }
}

impl std::ops::AddAssign for Size {
    fn add_assign(&mut self, other: Self) {
        self.files += other.files;
        self.lines += other.lines;
        self.bytes += other.bytes;
    }
}

fn language(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("rs") => "Rust",
        Some("s") => "assembly",
        Some("ld") => "linker script",
        _ => "other",
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::New => "new",
        Kind::Changed => "changed",
        Kind::Removed => "removed",
    }
}

fn signed(sign: char, count: usize) -> String {
    if count == 0 { String::new() } else { format!("{sign}{count}") }
}

/// An empty table: names to the left, numbers to the right.
fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(NOTHING).set_header(header);
    for (index, column) in table.column_iter_mut().enumerate() {
        let is_number = !["file", ""].contains(&header[index]);
        column.set_padding((0, 2));
        column.set_cell_alignment(if is_number {
            CellAlignment::Right
        } else {
            CellAlignment::Left
        });
    }
    table
}

/// The lines of `table`, the first and the last of them strong.
fn finish(table: &Table) -> String {
    let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_string()).collect();
    let last = lines.len() - 1;
    let styles = lines.iter().enumerate().map(|(index, line)| match index {
        0 => format!("{}\n", styled(STRONG, line)),
        _ if index == last => format!("{}\n", styled(STRONG, line)),
        _ => format!("{line}\n"),
    });
    styles.collect()
}

#[cfg(test)]
mod tests {
    use build_support::{Allowance, Amount};

    use super::*;
    use chapter_diff::Spent;

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn changes_are_listed_and_summed() {
        let change = |name: &str, kind, old: &[u8], new: &[u8]| {
            let (name, old, new) = (name.into(), old.into(), new.into());
            Change { name, kind, old, new }
        };
        let text = plain(&changes(&[
            change("src/a.rs", Kind::Changed, b"1\n2\n", b"1\n3\n4\n"),
            change("src/b.rs", Kind::New, b"", b"1\n"),
            change("logo.png", Kind::Changed, b"\0", b"\0\0"),
        ]));
        let lines: Vec<Vec<&str>> =
            text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[1], ["src/a.rs", "changed", "+2", "-1"]);
        assert_eq!(lines[2], ["src/b.rs", "new", "+1"]);
        assert_eq!(lines[3], ["logo.png", "changed", "binary"]);
        assert_eq!(lines[4], ["3", "files", "+3", "-1"]);
    }

    #[test]
    fn tree_is_summed_by_language() {
        let files = [("src/a.rs", "1\n2\n"), ("src/b.s", "1\n"), ("src/c.rs", "1")];
        let files: Files =
            files.iter().map(|(name, text)| (name.to_string(), text.as_bytes().into())).collect();
        let text = plain(&tree(&files));
        for line in
            ["src/a.rs 2 4", "Rust, 2 files 3 5", "assembly, 1 file 1 2", "all, 3 files 4 7"]
        {
            let found = text
                .lines()
                .any(|found| found.split_whitespace().collect::<Vec<_>>().join(" ") == line);
            assert!(found, "{line} is not in\n{text}");
        }
    }

    #[test]
    fn programs_are_told_if_they_change() {
        assert_eq!(programs(Lines::default()), "");
        let text = plain(&programs(Lines { inserted: 12, deleted: 3 }));
        assert_eq!(text, "below user/src/: 12 lines inserted · 3 lines deleted · no limit\n");
    }

    #[test]
    fn exceeded_budget_is_red() {
        let over = Spent { new_lines: 901, ..Spent::default() };
        assert!(budget(&over.items(&[])).contains(&styled(BAD, 901)));
        assert!(!budget(&Spent::default().items(&[])).contains(&styled(BAD, 0)));
    }

    #[test]
    fn allowance_is_told_with_its_reason() {
        let over = Spent { new_lines: 901, ..Spent::default() };
        let reason = "two formats at once".into();
        let allowance = Allowance { what: Amount::NewLines, limit: 950, reason };
        let text = plain(&budget(&over.items(&[allowance])));
        assert!(text.contains("lines in new files 901 of 950\n"), "{text}");
        let line = "allowance: lines in new files: 950 instead of 900: two formats at once";
        assert_eq!(text.lines().nth(1), Some(line));
        assert_eq!(plain(&budget(&over.items(&[]))).lines().count(), 1);
    }
}
