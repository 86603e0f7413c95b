//! The page with all that a chapter changes, file by file.
//!
//! The chapter's own page shows the diff in the order in which it is understood. This one has it in
//! the order of the files, complete, to look something up; it is kept out of the search, where it
//! would be found for every word.

use chapter_diff::{Change, Hunk, Kind};
use html_escape::encode_text;

use super::shelf::Shelf;
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

/// The page, as Markdown; what changes is put on `shelf`.
pub fn page(book: &Book, chapter: usize, shelf: &Shelf) -> Result<String> {
    let name = &book.config.chapters[chapter].title;
    let title = lowered(&title(chapter));
    let mut files = String::new();
    let mut bodies = String::new();
    for change in &book.chapters[chapter].changes {
        let (id, file) =
            (hunk::file_id(&book.chapters[chapter], &change.name), encode_text(&change.name));
        let mark = mark(chapter, change);
        files += &format!("<li><a href=\"#{id}\"><code>{file}</code></a>{mark}</li>\n");
        let body = body(book, chapter, change)?;
        bodies += &format!("<h2 id=\"{id}\"><code>{file}</code></h2>\n{body}\n");
    }
    let all = shelf.put_unprinted(format!("<ul>\n{files}</ul>\n{bodies}"));
    Ok(format!("# {name}: {title}\n\n{}\n\n{all}\n", beginning(book, chapter)))
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
    let id = |found: &Hunk| hunk::id(&book.chapters[chapter], file, found);
    if change.kind != Kind::New {
        let diff = file_diff(book, chapter, file, &hunks, id)?;
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
    let ids: Vec<String> = hunks.iter().map(id).collect();
    let anchors = ids.iter().map(|id| format!("<div id=\"{id}\">\n{}\n</div>", listing.html()));
    Ok(anchors.collect())
}
