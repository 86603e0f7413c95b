//! `{{#rest}}`: what a page does not show of a file by other directives.
//!
//! Not all of a file needs a paragraph. What has none is folded, item by item, with the first line
//! of its documentation as the title, so that the page still has every line.

use super::{for_each_file, path};
use crate::Result;
use crate::book::Book;
use crate::coverage::{Coverage, Side};
use crate::html::highlight;
use crate::html::listing::Listing;
use crate::item::{self, Part};
use crate::page::Page;

/// What a page with this directive shows: all of what a chapter adds as a file.
pub fn covers(arguments: &[String], book: &Book) -> Result<Coverage> {
    super::file::covers(arguments, book)
}

/// The parts that nothing else on the page shows.
pub fn expand(arguments: &[String], book: &Book, page: &Page) -> Result<String> {
    let chapter = book.chapter(&arguments[0])?;
    for_each_file(book, &arguments[1], |file| {
        let text = book.file(chapter, file)?;
        let parts = missing(item::parts(file, text)?, &page.shown, chapter, file, text);
        if parts.is_empty() {
            return Err(format!("the page shows all of {file} already"));
        }
        let lines = highlight::lines(file, text);
        let caption = path(book, chapter, file);
        let listing = |part: &Part| {
            let (first, end) = (part.lines.start, part.lines.end.min(lines.len() + 1));
            let title =
                if part.summary.is_empty() { String::new() } else { format!(": {}", part.summary) };
            Listing {
                caption: caption.clone(),
                detail: part.name.clone(),
                first_line: first,
                lines: &lines[first - 1..end - 1],
                is_folded: true,
                summary: format!("{}{title}", readable(&part.name)),
            }
            .html()
        };
        let listings: Vec<String> = parts.iter().map(listing).collect();
        Ok(format!("<div class=\"rest\">\n{}\n</div>", listings.join("\n")))
    })
}

/// A part's name as a reader is told it.
fn readable(name: &str) -> &str {
    match name {
        "header" => "The file's header",
        "use" => "What it uses",
        name => name,
    }
}

/// Those of `parts` with a line that is neither blank nor shown.
fn missing(
    parts: Vec<Part>,
    shown: &Coverage,
    chapter: usize,
    file: &str,
    text: &str,
) -> Vec<Part> {
    let lines: Vec<&str> = text.lines().collect();
    let is_missing = |line: usize| {
        let is_blank = lines.get(line - 1).is_none_or(|line| line.trim().is_empty());
        !is_blank && !shown.has(chapter, file, Side::After, line)
    };
    parts.into_iter().filter(|part| part.lines.clone().any(is_missing)).collect()
}
