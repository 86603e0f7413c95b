//! `{{#mechanical}}`: a change that needs no explanation, and why it needs none.
//!
//! Most changes are the lesson. A few only follow from it: a constant that is spelled differently,
//! a type that got another name. They are listed, so that a reader knows that they were seen.

use html_escape::encode_text;

use crate::Result;
use crate::book::Book;
use crate::coverage::Coverage;
use crate::page::Page;
use crate::show::{diff, hunk};

/// The arguments without the reason, as `{{#diff}}` has them, and the reason.
fn parts(arguments: &[String]) -> (&[String], &str) {
    let (reason, place) = arguments.split_last().expect("there are three arguments or more");
    (place, reason)
}

/// What a page with this directive names.
pub fn covers(arguments: &[String], book: &Book) -> Result<Coverage> {
    diff::covers(parts(arguments).0, book)
}

/// A line of a list: the places, with links, and the reason.
pub fn expand(arguments: &[String], book: &Book, page: &Page) -> Result<String> {
    let (place, reason) = parts(arguments);
    let chapter = book.chapter(&place[0])?;
    let text = place.get(2).map(String::as_str);
    let mut links = Vec::new();
    for named in book.named(&place[1]) {
        for found in book.hunks(chapter, &named.file, text)? {
            let folder = &book.chapters[chapter].folder;
            let address = format!("{}diffs/{folder}.html", page.to_root());
            let id = hunk::id(&book.chapters[chapter], &named.file, &found);
            let shown = named.file.strip_prefix("src/").unwrap_or(&named.file);
            let line = found.line();
            links.push(format!("<a href=\"{address}#{id}\"><code>{shown}</code>, line {line}</a>"));
        }
    }
    Ok(format!(
        "<p class=\"mechanical\"><span class=\"mechanical-label\">Follows from the rest:</span> \
         {}. {}</p>",
        links.join(", "),
        encode_text(reason)
    ))
}
