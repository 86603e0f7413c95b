//! `{{#item}}`: one item of a file, by its name.

use super::{for_each_file, path};
use crate::Result;
use crate::book::Book;
use crate::coverage::Coverage;
use crate::html::highlight;
use crate::html::listing::Listing;
use crate::item;
use crate::page::Page;

/// What a page with this directive shows: the item, and the lines that open and close what it is
/// in.
pub fn covers(arguments: &[String], book: &Book) -> Result<Coverage> {
    let (chapter, name) = (book.chapter(&arguments[0])?, &arguments[2]);
    let mut shown = Coverage::default();
    for named in book.named(&arguments[1]) {
        let found = item::find(&named.file, book.file(chapter, &named.file)?, name)?;
        for lines in found.around.iter().chain([&found.lines]) {
            shown.add(chapter, &named.file, lines.start..=lines.end - 1);
        }
    }
    Ok(shown)
}

/// The item, as HTML.
pub fn expand(arguments: &[String], book: &Book, _page: &Page) -> Result<String> {
    let (chapter, name) = (book.chapter(&arguments[0])?, &arguments[2]);
    for_each_file(book, &arguments[1], |file| {
        let text = book.file(chapter, file)?;
        let found = item::find(file, text, name)?;
        let lines = highlight::lines(file, text);
        let listing = Listing {
            caption: path(book, chapter, file),
            detail: found.name,
            first_line: found.lines.start,
            lines: &lines[found.lines.start - 1..found.lines.end - 1],
            is_folded: false,
            summary: String::new(),
        };
        Ok(listing.html())
    })
}

#[cfg(test)]
mod tests {
    use crate::book::tests::book;
    use crate::coverage::Side;
    use crate::page::Page;

    use super::*;

    fn shown(words: &[&str]) -> Result<(Coverage, String)> {
        let book = book();
        let page = Page::read(&book, "03-paging.md", "").expect("it is empty");
        let arguments: Vec<String> = words.iter().map(|word| word.to_string()).collect();
        Ok((covers(&arguments, &book)?, expand(&arguments, &book, &page)?))
    }

    #[test]
    fn an_item_is_shown_with_its_file_name_and_number() {
        let (file, name) = ("src/sync.rs", "Lock::new");
        let (coverage, html) = shown(&["01", file, name]).expect("it is there");
        let book = book();
        let text = book.file(0, file).expect("it is there");
        let first = text.lines().position(|line| line.contains("Makes a lock")).expect("its doc");
        assert!(
            html.contains("<span class=\"file\">chapters/01-boot/src/sync.rs</span>"),
            "{html}"
        );
        assert!(html.contains("<span class=\"detail\">Lock::new</span>"), "{html}");
        assert!(html.contains(&format!("counter-reset:line {first}")), "{html}");
        let has = |line| coverage.has(0, file, Side::After, line);
        let opens = text.lines().position(|line| line == "impl<T> Lock<T> {").expect("it opens");
        assert!(has(first + 1) && has(first + 4) && !has(first + 5), "the method");
        assert!(has(opens + 1) && !has(opens), "what it is in");
    }

    #[test]
    fn both_machines_are_shown_in_a_lens() {
        let (coverage, html) =
            shown(&["03", "src/arch/{arch}/boot.s", "at_high_half"]).expect("both have it");
        assert!(html.contains("data-arch=\"aarch64\"") && html.contains("data-arch=\"x86_64\""));
        for file in ["src/arch/aarch64/boot.s", "src/arch/x86_64/boot.s"] {
            let lines = (1..200).filter(|line| coverage.has(2, file, Side::After, *line));
            assert!((5..12).contains(&lines.count()), "{file}");
        }
    }

    #[test]
    fn what_is_not_there_is_an_error() {
        let message = shown(&["03", "src/sync.rs", "Lock::now"]).expect_err("no such method");
        assert!(message.contains("src/sync.rs has no item `Lock::now`"), "{message}");
        let message =
            shown(&["03", "src/arch/{arch}/boot.s", "old_processor"]).expect_err("one has it");
        assert!(message.starts_with("src/arch/aarch64/boot.s has no item"), "{message}");
        assert!(shown(&["03", "src/lock.rs", "Lock"]).is_err());
        assert!(shown(&["3", "src/sync.rs", "Lock"]).is_err());
    }
}
