//! `{{#file}}`: a whole file.

use super::{for_each_file, path};
use crate::Result;
use crate::book::Book;
use crate::coverage::Coverage;
use crate::html::highlight;
use crate::html::listing::Listing;
use crate::page::Page;

/// What a page with this directive shows.
pub fn covers(arguments: &[String], book: &Book) -> Result<Coverage> {
    let chapter = book.chapter(&arguments[0])?;
    let mut shown = Coverage::default();
    for named in book.named(&arguments[1]) {
        let lines = book.file(chapter, &named.file)?.lines().count();
        shown.add(chapter, &named.file, 1..=lines);
    }
    Ok(shown)
}

/// The file, as HTML.
pub fn expand(arguments: &[String], book: &Book, _page: &Page) -> Result<String> {
    let chapter = book.chapter(&arguments[0])?;
    for_each_file(book, &arguments[1], |file| {
        let lines = highlight::lines(file, book.file(chapter, file)?);
        let listing = Listing {
            caption: path(book, chapter, file),
            detail: String::new(),
            first_line: 1,
            lines: &lines,
            is_folded: false,
            summary: String::new(),
        };
        Ok(listing.html())
    })
}
