//! A file's change, cut into hunks: lines that changed, and a few around them to see where.
//!
//! Lines are numbered as a reader counts them, from 1, in the file before and in the file after.
//! Where a line replaces another one, the words that differ are marked, as byte ranges of the line.

use std::ops::Range;

use similar::{ChangeTag, InlineChange, TextDiff};

use crate::compare::Change;

/// What happened to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// It is there before and after.
    Context,
    /// It goes.
    Deleted,
    /// It comes.
    Inserted,
}

/// A line of a hunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What happened to it.
    pub kind: RowKind,
    /// Its number in the file before, unless it is inserted.
    pub old: Option<usize>,
    /// Its number in the file after, unless it is deleted.
    pub new: Option<usize>,
    /// The line, without its end.
    pub text: String,
    /// The words that make the difference to the line it replaces, or that replaces it.
    pub emphasis: Vec<Range<usize>>,
}

/// Lines that change together, with context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk {
    /// Its lines, from the first to the last.
    pub rows: Vec<Row>,
}

impl Hunk {
    /// The lines that are not context.
    pub fn changed(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.kind != RowKind::Context)
    }

    /// The number, in the file after, of the first line that changes there; where lines only go,
    /// that of the line in whose place they stood.
    pub fn line(&self) -> usize {
        let before = self.rows.iter().take_while(|row| row.kind == RowKind::Context);
        let last_before = before.filter_map(|row| row.new).last();
        let first = self.rows.iter().find_map(|row| row.new).unwrap_or(1);
        last_before.map_or(first, |line| line + 1)
    }
}

/// The hunks of `change` with `context` lines around them; none for what is no text.
pub fn hunks(change: &Change, context: usize) -> Vec<Hunk> {
    let Some((old, new)) = change.texts() else {
        return Vec::new();
    };
    let lines = TextDiff::from_lines(old, new);
    let mut hunks = Vec::new();
    for ops in lines.grouped_ops(context) {
        let changes = ops.iter().flat_map(|op| lines.iter_inline_changes(op));
        hunks.push(Hunk { rows: changes.map(row).collect() });
    }
    hunks
}

fn row(change: InlineChange<str>) -> Row {
    let kind = match change.tag() {
        ChangeTag::Equal => RowKind::Context,
        ChangeTag::Delete => RowKind::Deleted,
        ChangeTag::Insert => RowKind::Inserted,
    };
    let mut text = String::new();
    let mut emphasis: Vec<Range<usize>> = Vec::new();
    for (is_emphasised, words) in change.values() {
        let words = words.trim_end_matches(['\r', '\n']);
        let range = text.len()..text.len() + words.len();
        text += words;
        match emphasis.last_mut() {
            _ if !is_emphasised || range.is_empty() => {}
            Some(last) if last.end == range.start => last.end = range.end,
            _ => emphasis.push(range),
        }
    }
    let number = |index: Option<usize>| index.map(|index| index + 1);
    Row { kind, old: number(change.old_index()), new: number(change.new_index()), text, emphasis }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Kind;

    fn change(old: &str, new: &str) -> Change {
        Change { name: "x".into(), kind: Kind::Changed, old: old.into(), new: new.into() }
    }

    #[test]
    fn lines_are_counted_from_one_on_both_sides() {
        let hunks = hunks(&change("a\nb\nc\n", "a\nx\ny\nc\n"), 1);
        let numbers: Vec<_> =
            hunks[0].rows.iter().map(|row| (row.kind, row.old, row.new)).collect();
        let expected = [
            (RowKind::Context, Some(1), Some(1)),
            (RowKind::Deleted, Some(2), None),
            (RowKind::Inserted, None, Some(2)),
            (RowKind::Inserted, None, Some(3)),
            (RowKind::Context, Some(3), Some(4)),
        ];
        assert_eq!(numbers, expected);
        assert_eq!(hunks[0].line(), 2);
        assert_eq!(hunks[0].changed().count(), 3);
    }

    #[test]
    fn far_changes_are_hunks_of_their_own() {
        let old: String = (0..20).map(|line| format!("{line}\n")).collect();
        let new = old.replace("\n3\n", "\nthree\n").replace("\n15\n", "\nfifteen\n");
        let lines: Vec<usize> = hunks(&change(&old, &new), 3).iter().map(Hunk::line).collect();
        assert_eq!(lines, [4, 16]);
    }

    #[test]
    fn a_removal_is_found_where_it_stood() {
        assert_eq!(hunks(&change("a\nb\nc\n", "a\nc\n"), 1)[0].line(), 2);
        assert_eq!(hunks(&change("a\nb\n", "b\n"), 1)[0].line(), 1);
    }

    #[test]
    fn words_that_differ_are_marked() {
        let hunks = hunks(&change("let frame = one + two;\n", "let frame = one + three;\n"), 3);
        let marked: Vec<_> =
            hunks[0].rows.iter().map(|row| &row.text[row.emphasis[0].clone()]).collect();
        assert_eq!(marked, ["two", "three"]);
    }

    #[test]
    fn what_is_no_text_has_no_hunks() {
        let mut change = change("", "a\n");
        change.new = vec![0xff];
        assert_eq!(hunks(&change, 3), []);
    }
}
