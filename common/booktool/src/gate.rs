//! The gate: every line that a chapter changes is explained by the chapter's page.
//!
//! A book and its code drift apart one unexplained line at a time. So a line of a chapter's diff
//! that its page neither shows nor names is an error, with the line in the message. The page may
//! say that a change needs no explanation, but it has to say it.

use chapter_diff::{Hunk, Row};

use crate::book::{Book, CONTEXT};
use crate::coverage::{Coverage, place};

/// How much of a missing line is quoted.
const QUOTED: usize = 60;

/// What the page of a chapter, which shows and names `shown`, does not explain.
pub fn unexplained(book: &Book, chapter: usize, shown: &Coverage) -> Vec<String> {
    let mut messages = Vec::new();
    for change in &book.chapters[chapter].changes {
        if change.texts().is_none() {
            messages.push(format!("{} is no text, so no page can show it", change.name));
        }
        for hunk in chapter_diff::hunks(change, CONTEXT) {
            let missing = missing(&hunk, chapter, &change.name, shown);
            messages.extend(message(book, chapter, &change.name, &missing));
        }
    }
    messages
}

/// The changed lines of `hunk` that are not covered. Blank lines alone are not worth a word.
fn missing<'a>(hunk: &'a Hunk, chapter: usize, file: &str, shown: &Coverage) -> Vec<&'a Row> {
    let is_shown = |row: &Row| {
        let (side, line) = place(row);
        shown.has(chapter, file, side, line)
    };
    hunk.changed().filter(|row| !row.text.trim().is_empty() && !is_shown(row)).collect()
}

/// One message for the missing lines of a hunk.
fn message(book: &Book, chapter: usize, file: &str, missing: &[&Row]) -> Option<String> {
    let first = missing.first()?;
    let chapter = &book.chapters[chapter];
    let (_, line) = place(first);
    let quoted: String = first.text.trim().chars().take(QUOTED).collect();
    let others = match missing.len() - 1 {
        0 => String::new(),
        1 => " (and 1 more line)".into(),
        count => format!(" (and {count} more lines)"),
    };
    let folder = &chapter.folder;
    Some(format!(
        "book/src/{folder}.md: no word about chapters/{folder}/{file}:{line}: `{quoted}`{others}; \
         show it with {{{{#diff}}}}, {{{{#item}}}} or {{{{#rest}}}}, name it with {{{{#hunk}}}}, \
         or say why it needs no word with {{{{#mechanical}}}}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::tests::book;

    fn of_main(book: &Book, shown: &Coverage) -> Vec<String> {
        let messages = unexplained(book, 3, shown);
        messages.into_iter().filter(|message| message.contains("src/main.rs")).collect()
    }

    #[test]
    fn a_hunk_without_a_word_is_told_with_its_line() {
        let book = book();
        let messages = of_main(&book, &Coverage::default());
        assert!(messages.len() > 1, "{messages:?}");
        assert!(messages[0].contains("`extern crate alloc;`"), "{}", messages[0]);
    }

    #[test]
    fn a_hunk_that_is_shown_is_not_told() {
        let book = book();
        let mut shown = Coverage::default();
        for hunk in book.hunks(3, "src/main.rs", None).expect("it is changed") {
            shown.add_hunk(3, "src/main.rs", &hunk);
        }
        assert_eq!(of_main(&book, &shown), Vec::<String>::new());
    }

    #[test]
    fn a_line_that_goes_must_be_shown_as_such() {
        const BOOT: &str = "src/arch/x86_64/boot.s";
        let book = book();
        let mut shown = Coverage::default();
        shown.add(2, BOOT, 1..=1000);
        let messages = unexplained(&book, 2, &shown);
        let of_boot = messages.iter().filter(|message| message.contains(BOOT)).count();
        assert!(of_boot > 0, "some lines of the file go in this chapter");
    }
}
