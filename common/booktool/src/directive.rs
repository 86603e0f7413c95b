//! Directives: places in a page's Markdown where something is put that nobody wrote by hand.
//!
//! ```text
//! {{#item 03 src/memory/paging.rs Walker::map}}
//!    name and arguments, separated by blanks; "an argument with blanks" is quoted
//! ```
//!
//! Their syntax is strict. What looks like one and is none is an error: mdBook itself would leave
//! it in the page, and the first to notice would be a reader. A backslash in front, `\{{#`, says
//! that none is meant.

use std::ops::Range;

use crate::Result;

/// How one begins and ends.
const START: &str = "{{#";
const END: &str = "}}";

/// Something to be put into a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// Its name, such as `diff`.
    pub name: String,
    /// What it is told.
    pub arguments: Vec<String>,
    /// The line on which it stands, from 1.
    pub line: usize,
    /// Whether it has the line to itself.
    pub is_block: bool,
    /// The bytes of the page that it takes.
    pub range: Range<usize>,
}

/// What is wrong, and on which line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// All directives of a page, from the first to the last.
pub fn scan(page: &str) -> std::result::Result<Vec<Directive>, Fault> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = page[from..].find(START).map(|start| from + start) {
        from = start + START.len();
        if page[..start].ends_with('\\') {
            continue;
        }
        let line = page[..start].matches('\n').count() + 1;
        let fault = |message: &str| Fault { line, message: message.into() };
        let text = page[from..].lines().next().unwrap_or_default();
        let length = end_of(text).ok_or_else(|| fault("`{{#` has no `}}` on the same line"))?;
        let words = words(&text[..length]).map_err(|message| fault(&message))?;
        let range = start..from + length + END.len();
        from = range.end;
        let mut words = words.into_iter();
        let name = words.next().ok_or_else(|| fault("`{{#}}` has no name"))?;
        let is_block = is_alone(page, &range);
        found.push(Directive { name, arguments: words.collect(), line, is_block, range });
    }
    Ok(found)
}

/// Where `text` has the end of a directive: the first that is not quoted.
fn end_of(text: &str) -> Option<usize> {
    let mut is_quoted = false;
    text.char_indices().find_map(|(index, character)| {
        is_quoted ^= character == '"';
        (!is_quoted && text[index..].starts_with(END) && !text[index + 1..].starts_with(END))
            .then_some(index)
    })
}

/// The words of `text`; quotes hold one together.
fn words(text: &str) -> Result<Vec<String>> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (word, behind) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').ok_or("a quotation mark is not closed")?,
            None => rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len())),
        };
        if !behind.is_empty() && !behind.starts_with(char::is_whitespace) {
            return Err("a blank is missing behind a quotation mark".into());
        }
        words.push(word.into());
        rest = behind.trim_start();
    }
    Ok(words)
}

/// Whether nothing else stands on the line of `range`.
fn is_alone(page: &str, range: &Range<usize>) -> bool {
    let before = page[..range.start].rsplit('\n').next().unwrap_or_default();
    let behind = page[range.end..].split('\n').next().unwrap_or_default();
    before.trim().is_empty() && behind.trim().is_empty()
}

/// `text` without the backslashes that say that no directive is meant.
pub fn unescaped(text: &str) -> String {
    text.replace("\\{{#", START)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(page: &str) -> String {
        scan(page).expect_err("it is wrong").message
    }

    #[test]
    fn names_and_arguments_are_words() {
        let page = "One\n\n{{#diff 03 src/image.rs \"fn contains(\"}}\n";
        let found = scan(page).expect("it is right");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].name, "diff");
        assert_eq!(found[0].arguments, ["03", "src/image.rs", "fn contains("]);
        assert_eq!((found[0].line, found[0].is_block), (3, true));
        assert_eq!(&page[found[0].range.clone()], page.lines().nth(2).expect("three lines"));
    }

    #[test]
    fn one_in_a_sentence_is_no_block() {
        let found = scan("See {{#hunk 03 a.rs x}} and\n{{#tree 03}}.\n").expect("it is right");
        assert_eq!(found.iter().map(|found| found.is_block).collect::<Vec<_>>(), [false, false]);
    }

    #[test]
    fn braces_may_stand_in_arguments() {
        let found = scan("{{#item 03 src/arch/{arch}/boot.s start}}").expect("it is right");
        assert_eq!(found[0].arguments[1], "src/arch/{arch}/boot.s");
        let found = scan("{{#item 03 src/arch/{arch}}}").expect("it is right");
        assert_eq!(found[0].arguments[1], "src/arch/{arch}");
        let found = scan("{{#diff 03 a \"}} x\"}}").expect("it is right");
        assert_eq!(found[0].arguments[2], "}} x");
    }

    #[test]
    fn a_backslash_says_that_none_is_meant() {
        assert_eq!(scan("\\{{#tree 03}}"), Ok(Vec::new()));
        assert_eq!(unescaped("a \\{{#tree 03}}"), "a {{#tree 03}}");
    }

    #[test]
    fn what_is_half_a_directive_is_a_fault() {
        assert!(message("{{#tree 03\n}}").contains("no `}}`"));
        assert!(message("{{#}}").contains("no name"));
        assert!(message("{{#a \"b}}").contains("no `}}`"));
        assert!(message("{{#a \"b\"c}}").contains("blank is missing"));
        assert_eq!(scan("\n\n{{#}}").expect_err("it is wrong").line, 3);
    }
}
