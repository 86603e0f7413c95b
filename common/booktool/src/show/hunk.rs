//! `{{#hunk}}`: names a hunk in a sentence, and leads to it on the page of the chapter's whole
//! diff.

use chapter_diff::Hunk;

use crate::Result;
use crate::book::{Book, Chapter};
use crate::coverage::Coverage;
use crate::page::Page;
use crate::show::diff;

/// What a page with this directive names.
pub fn covers(arguments: &[String], book: &Book) -> Result<Coverage> {
    diff::covers(arguments, book)
}

/// A link to the hunk.
pub fn expand(arguments: &[String], book: &Book, page: &Page) -> Result<String> {
    let chapter = book.chapter(&arguments[0])?;
    let file = &arguments[1];
    let text = arguments.get(2).map(String::as_str);
    let hunks = book.hunks(chapter, file, text)?;
    let hunk = hunks.first().ok_or_else(|| format!("{file} has no hunk"))?;
    let (to_root, it) = (page.to_root(), &book.chapters[chapter]);
    let place = if text.is_some() { format!(", line {}", hunk.line()) } else { String::new() };
    let shown = file.strip_prefix("src/").unwrap_or(file);
    Ok(format!("[`{shown}`{place}]({to_root}diffs/{}.md#{})", it.folder, id(it, file, hunk)))
}

/// The anchor of a hunk on the page of a chapter's whole diff.
pub fn id(chapter: &Chapter, file: &str, hunk: &Hunk) -> String {
    format!("{}-{}", file_id(chapter, file), hunk.line())
}

/// The anchor of a file there. The chapter is in it, since all pages are one for a printer.
pub fn file_id(chapter: &Chapter, file: &str) -> String {
    let name = file.replace(|character: char| !character.is_ascii_alphanumeric(), "-");
    format!("in-{}-{name}", chapter.number)
}
