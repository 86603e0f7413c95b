//! `{{#diff}}`: what a chapter changes in a file.

use chapter_diff::{Hunk, RowKind};

use super::{for_each_file, path};
use crate::Result;
use crate::book::Book;
use crate::coverage::Coverage;
use crate::html::diff::{self, FileDiff};
use crate::html::highlight::{self, Line};
use crate::item;
use crate::page::Page;

/// What a page with this directive shows.
pub fn covers(arguments: &[String], book: &Book) -> Result<Coverage> {
    let chapter = book.chapter(&arguments[0])?;
    let mut shown = Coverage::default();
    for named in book.named(&arguments[1]) {
        for hunk in hunks(book, chapter, &named.file, arguments.get(2))? {
            shown.add_hunk(chapter, &named.file, &hunk);
        }
    }
    Ok(shown)
}

/// The hunks, as HTML.
pub fn expand(arguments: &[String], book: &Book, _page: &Page) -> Result<String> {
    let chapter = book.chapter(&arguments[0])?;
    for_each_file(book, &arguments[1], |file| {
        let hunks = hunks(book, chapter, file, arguments.get(2))?;
        Ok(file_diff(book, chapter, file, &hunks, |_| String::new())?.html())
    })
}

fn hunks(book: &Book, chapter: usize, file: &str, text: Option<&String>) -> Result<Vec<Hunk>> {
    book.hunks(chapter, file, text.map(String::as_str))
}

/// `hunks` of a chapter's file, coloured; `id` gives a hunk its anchor.
pub fn file_diff(
    book: &Book,
    chapter: usize,
    file: &str,
    hunks: &[Hunk],
    id: impl Fn(&Hunk) -> String,
) -> Result<FileDiff> {
    let change = book.change(chapter, file)?;
    let (old, new) = change.texts().ok_or_else(|| format!("{file} is no text"))?;
    Ok(FileDiff { caption: path(book, chapter, file), hunks: shown(file, [old, new], hunks, id) })
}

/// `hunks` between two texts of `file`, coloured.
pub fn shown(
    file: &str,
    [old, new]: [&str; 2],
    hunks: &[Hunk],
    id: impl Fn(&Hunk) -> String,
) -> Vec<diff::Hunk> {
    let lines = [highlight::lines(file, old), highlight::lines(file, new)];
    let shown = hunks.iter().map(|hunk| diff::Hunk {
        id: id(hunk),
        scope: item::scope(file, new, hunk.line()),
        rows: hunk.rows.iter().map(|row| coloured(row, &lines)).collect(),
    });
    shown.collect()
}

fn coloured(row: &chapter_diff::Row, [old, new]: &[Vec<Line>; 2]) -> diff::Row {
    let (kind, line) = match row.kind {
        RowKind::Context => (diff::RowKind::Context, (new, row.new)),
        RowKind::Deleted => (diff::RowKind::Deleted, (old, row.old)),
        RowKind::Inserted => (diff::RowKind::Inserted, (new, row.new)),
    };
    let (lines, number) = line;
    let number = number.expect("a row is counted on the side that its kind says");
    let line = lines[number - 1].clone();
    diff::Row { kind, old: row.old, new: row.new, line, emphasis: row.emphasis.clone() }
}
