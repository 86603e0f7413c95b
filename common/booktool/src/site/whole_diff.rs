//! The page with all that a chapter changes, file by file.
//!
//! The chapter's own page shows the diff in the order in which it is understood. This one has it in
//! the order of the files, complete, to look something up; it is kept out of the search, where it
//! would be found for every word.

use chapter_diff::{Change, Kind};

use crate::Result;
use crate::book::{Book, CONTEXT, Chapter};
use crate::html::highlight;
use crate::html::listing::Listing;
use crate::show::diff::file_diff;
use crate::show::{hunk, path as path_of};

/// Where the page is, from the book's source folder.
pub fn path(chapter: &Chapter) -> String {
    format!("diffs/{}.md", chapter.folder)
}

/// What it is called in the list of pages.
pub fn title(chapter: usize) -> String {
    if chapter == 0 { "All of its code".into() } else { "The whole diff".into() }
}

/// The page, as Markdown.
pub fn page(book: &Book, chapter: usize) -> Result<String> {
    let it = &book.chapters[chapter];
    let name = &book.config.chapters[chapter].title;
    let mut text =
        format!("# {name}: {}\n\n{}\n\n", lowered(&title(chapter)), beginning(book, chapter));
    for change in &it.changes {
        text += &format!(
            "- [`{}`](#{}){}\n",
            change.name,
            hunk::file_id(&change.name),
            mark(chapter, change)
        );
    }
    for change in &it.changes {
        let id = hunk::file_id(&change.name);
        text += &format!("\n## `{}` {{#{id}}}\n\n{}\n", change.name, body(book, chapter, change)?);
    }
    Ok(text)
}

fn lowered(title: &str) -> String {
    let mut letters = title.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn beginning(book: &Book, chapter: usize) -> String {
    let folder = &book.chapters[chapter].folder;
    let back = format!("[The chapter](../{folder}.md) explains it.");
    match chapter.checked_sub(1) {
        None => format!("Every file of `chapters/{folder}`, where nothing comes before. {back}"),
        Some(before) => format!(
            "What `make chapter={} diff` shows in a terminal: all that differs between \
             `chapters/{}` and `chapters/{folder}`. {back}",
            chapter + 1,
            book.chapters[before].folder
        ),
    }
}

fn mark(chapter: usize, change: &Change) -> &'static str {
    match change.kind {
        Kind::New if chapter == 0 => "",
        Kind::New => ", new",
        Kind::Changed => ", changed",
        Kind::Removed => ", removed",
    }
}

/// A new file as a listing, any other as a diff.
fn body(book: &Book, chapter: usize, change: &Change) -> Result<String> {
    let file = &change.name;
    let hunks = chapter_diff::hunks(change, CONTEXT);
    if change.kind != Kind::New {
        let diff = file_diff(book, chapter, file, &hunks, |found| hunk::id(file, found))?;
        return Ok(diff.html());
    }
    let lines = highlight::lines(file, book.file(chapter, file)?);
    let listing = Listing {
        caption: path_of(book, chapter, file),
        detail: String::new(),
        first_line: 1,
        lines: &lines,
        is_folded: false,
        summary: String::new(),
    };
    let ids: Vec<String> = hunks.iter().map(|found| hunk::id(file, found)).collect();
    let anchors = ids.iter().map(|id| format!("<div id=\"{id}\">\n{}\n</div>", listing.html()));
    Ok(anchors.collect())
}
