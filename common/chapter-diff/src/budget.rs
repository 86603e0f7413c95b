//! How much of the kernel one chapter may change.
//!
//! The difference between two chapters is what a reader learns from, so it must be small enough to
//! be read in one sitting. Programs are told apart and have no limit: each is read by itself, and
//! whoever follows the kernel may leave out any of them.

use build_support::{Allowance, Amount};

use crate::compare::{Change, Kind, Lines};

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
    /// Lines of the programs that the kernel runs, in new files and in older ones.
    pub program_lines: Lines,
}

/// An amount that may not exceed a limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What is counted, as `build-config.toml` calls it.
    pub amount: Amount,
    /// What is counted, as it is told to a reader.
    pub name: &'static str,
    /// How many there are.
    pub spent: usize,
    /// How many a chapter may have.
    pub usual_limit: usize,
    /// What this chapter is granted instead.
    pub allowance: Option<Allowance>,
}

impl Item {
    /// How many this chapter may have.
    pub fn limit(&self) -> usize {
        self.allowance.as_ref().map_or(self.usual_limit, |allowance| allowance.limit)
    }

    /// Whether there are more than there may be.
    pub fn is_exceeded(&self) -> bool {
        self.spent > self.limit()
    }

    /// Whether an allowance is granted that is not needed.
    pub fn is_allowance_in_vain(&self) -> bool {
        self.allowance.is_some() && self.spent <= self.usual_limit
    }
}

/// What `changes` take of the budget.
///
/// Only what lies below `src/` counts. There every line does: code, comments, blank lines, and the
/// tests that a file brings along, since all of it is to be read. What lies below `user/src/` is
/// counted apart.
pub fn spent(changes: &[Change]) -> Spent {
    let mut spent = Spent::default();
    for change in changes.iter().filter(|change| change.name.starts_with("user/src/")) {
        spent.program_lines += change.lines();
    }
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
    /// Each amount with its limit, in a chapter that is granted `allowances`.
    pub fn items(&self, allowances: &[Allowance]) -> [Item; 4] {
        let item = |amount, name, spent, usual_limit| {
            let allowance = allowances.iter().find(|allowance| allowance.what == amount).cloned();
            Item { amount, name, spent, usual_limit, allowance }
        };
        let Lines { inserted, deleted } = self.older_lines;
        let limits = OLDER_LINES;
        [
            item(Amount::OlderFiles, "older files touched", self.older_files, OLDER_FILES),
            item(Amount::InsertedLines, "lines inserted in them", inserted, limits.inserted),
            item(Amount::DeletedLines, "lines deleted in them", deleted, limits.deleted),
            item(Amount::NewLines, "lines in new files", self.new_lines, NEW_LINES),
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
            change("user/src/lib.rs", Kind::Changed, "1\n", "2\n"),
            change("user/src/bin/a.rs", Kind::New, "", "1\n2\n"),
            change("user/Cargo.toml", Kind::New, "", "1\n"),
        ];
        let older_lines = Lines { inserted: 2, deleted: 2 };
        let program_lines = Lines { inserted: 3, deleted: 1 };
        let expected = Spent { older_files: 2, older_lines, new_lines: 3, program_lines };
        assert_eq!(spent(&changes), expected);
    }

    fn exceeded(spent: &Spent, allowances: &[Allowance]) -> Vec<Amount> {
        let items = spent.items(allowances);
        items.iter().filter(|item| item.is_exceeded()).map(|item| item.amount).collect()
    }

    fn allowance(what: Amount, limit: usize) -> Allowance {
        Allowance { what, limit, reason: "because".into() }
    }

    #[test]
    fn every_line_counts() {
        let text = "//! Header.\n\nfn f() {}\n#[cfg(feature = \"ktest\")]\nmod tests {}\n";
        assert_eq!(spent(&[change("src/a.rs", Kind::New, "", text)]).new_lines, 5);
    }

    #[test]
    fn limits_are_kept_up_to_the_last_line() {
        let full =
            Spent { older_files: 8, older_lines: OLDER_LINES, new_lines: 900, ..Spent::default() };
        assert_eq!(exceeded(&full, &[]), []);
        let older_lines = Lines { inserted: 61, deleted: 21 };
        let over = Spent { older_files: 9, older_lines, new_lines: 901, ..Spent::default() };
        let all =
            [Amount::OlderFiles, Amount::InsertedLines, Amount::DeletedLines, Amount::NewLines];
        assert_eq!(exceeded(&over, &[]), all);
        for amount in all {
            let others: Vec<Amount> = all.into_iter().filter(|other| *other != amount).collect();
            assert_eq!(exceeded(&over, &[allowance(amount, 901)]), others);
        }
    }

    #[test]
    fn allowance_is_in_vain_when_the_usual_limit_is_enough() {
        let is_in_vain = |new_lines, allowances: &[Allowance]| {
            let items = Spent { new_lines, ..Spent::default() }.items(allowances);
            items.iter().any(Item::is_allowance_in_vain)
        };
        let allowances = [allowance(Amount::NewLines, 1000)];
        assert!(is_in_vain(900, &allowances));
        assert!(!is_in_vain(901, &allowances));
        assert!(!is_in_vain(900, &[]));
    }
}
