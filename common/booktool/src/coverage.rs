//! Which lines of the chapters a page puts before its reader.
//!
//! Every line has a side: a line that goes stands in the file before, a line that comes or stays
//! stands in the file after. What a page shows or names is collected here, and the gate asks for
//! what is missing.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use chapter_diff::{Hunk, Row, RowKind};

/// Which of two neighbouring chapters' files a line stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The file as it was.
    Before,
    /// The file as it is.
    After,
}

/// The lines that are shown, by chapter, file and side.
#[derive(Clone, Debug, Default)]
pub struct Coverage(BTreeMap<(usize, String, Side), BTreeSet<usize>>);

impl Coverage {
    /// Adds lines of a file as it is.
    pub fn add(&mut self, chapter: usize, file: &str, lines: RangeInclusive<usize>) {
        self.set(chapter, file, Side::After).extend(lines);
    }

    /// Adds the lines that a hunk changes, and those around them.
    pub fn add_hunk(&mut self, chapter: usize, file: &str, hunk: &Hunk) {
        for row in &hunk.rows {
            let (side, line) = place(row);
            self.set(chapter, file, side).insert(line);
        }
    }

    /// Adds all that `other` has.
    pub fn extend(&mut self, other: Self) {
        for (key, lines) in other.0 {
            self.0.entry(key).or_default().extend(lines);
        }
    }

    /// Whether a line is shown.
    pub fn has(&self, chapter: usize, file: &str, side: Side, line: usize) -> bool {
        let lines = self.0.get(&(chapter, file.to_string(), side));
        lines.is_some_and(|lines| lines.contains(&line))
    }

    fn set(&mut self, chapter: usize, file: &str, side: Side) -> &mut BTreeSet<usize> {
        self.0.entry((chapter, file.to_string(), side)).or_default()
    }
}

/// Where a row of a hunk stands.
pub fn place(row: &Row) -> (Side, usize) {
    let (side, line) = match row.kind {
        RowKind::Deleted => (Side::Before, row.old),
        RowKind::Context | RowKind::Inserted => (Side::After, row.new),
    };
    (side, line.expect("a row stands on the side that its kind says"))
}
