//! How much of the kernel one chapter may change.
//!
//! The difference between two chapters is what a reader learns from, so it must be small enough to
//! be read in one sitting.

use super::compare::{Change, Kind, Lines};

/// Older files that a chapter may touch.
const OLDER_FILES: usize = 8;
/// Lines that it may put into them, and take out of them.
const OLDER_LINES: Lines = Lines { inserted: 60, deleted: 20 };
/// Lines that its own files may have, for both machines together.
const NEW_LINES: usize = 900;

/// What a chapter changes in the kernel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Older files that are touched.
    pub older_files: usize,
    /// Lines in older files.
    pub older_lines: Lines,
    /// Lines in new files.
    pub new_lines: usize,
}

/// An amount that may not exceed a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// What is counted.
    pub name: &'static str,
    /// How many there are.
    pub spent: usize,
    /// How many there may be.
    pub limit: usize,
}

impl Item {
    /// Whether there are more than there may be.
    pub fn is_exceeded(&self) -> bool {
        self.spent > self.limit
    }
}

/// What `changes` take of the budget; only what lies below `src/` counts.
pub fn spent(changes: &[Change]) -> Spent {
    let mut spent = Spent::default();
    for change in changes.iter().filter(|change| change.name.starts_with("src/")) {
        let lines = change.lines();
        if change.kind == Kind::New {
            spent.new_lines += lines.inserted;
        } else {
            spent.older_files += 1;
            spent.older_lines += lines;
        }
    }
    spent
}

impl Spent {
    /// Each amount with its limit.
    pub fn items(&self) -> [Item; 4] {
        let item = |name, spent, limit| Item { name, spent, limit };
        let lines = self.older_lines;
        [
            item("older files touched", self.older_files, OLDER_FILES),
            item("lines inserted in them", lines.inserted, OLDER_LINES.inserted),
            item("lines deleted in them", lines.deleted, OLDER_LINES.deleted),
            item("lines in new files", self.new_lines, NEW_LINES),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(name: &str, kind: Kind, old: &str, new: &str) -> Change {
        Change { name: name.into(), kind, old: old.into(), new: new.into() }
    }

    #[test]
    fn older_and_new_files_are_counted_apart() {
        let changes = [
            change("src/a.rs", Kind::Changed, "1\n2\n", "1\n3\n4\n"),
            change("src/b.rs", Kind::New, "", "1\n2\n3\n"),
            change("src/c.rs", Kind::Removed, "1\n", ""),
            change("Cargo.toml", Kind::Changed, "1\n", "2\n"),
        ];
        let older_lines = Lines { inserted: 2, deleted: 2 };
        assert_eq!(spent(&changes), Spent { older_files: 2, older_lines, new_lines: 3 });
    }

    #[test]
    fn limits_are_kept_up_to_the_last_line() {
        let full = Spent { older_files: 8, older_lines: OLDER_LINES, new_lines: 900 };
        assert!(!full.items().iter().any(Item::is_exceeded));
        let over = Spent { new_lines: 901, ..full };
        let exceeded: Vec<_> =
            over.items().into_iter().filter(Item::is_exceeded).map(|item| item.name).collect();
        assert_eq!(exceeded, ["lines in new files"]);
    }
}
