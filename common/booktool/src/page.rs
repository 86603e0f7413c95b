//! A page of the book, and how its directives become what a reader sees.
//!
//! That takes two passes. The first asks each directive what it is going to show; the second has
//! them show it. One of them shows what all others leave out, wherever on the page they stand.

use crate::Result;
use crate::bob;
use crate::book::Book;
use crate::catalogue::{self, Entry, Place};
use crate::coverage::Coverage;
use crate::directive::{self, Directive, Fault};
use crate::show::lens;
use crate::site::shelf::Shelf;

/// A page.
pub struct Page {
    /// Its path from the book's source folder, such as `03-paging.md`.
    pub path: String,
    /// What its directives show or name, but for those that show the rest.
    pub shown: Coverage,
    /// What all of them show or name.
    pub explained: Coverage,
    text: String,
    directives: Vec<(Directive, &'static Entry)>,
}

/// A fault and the page that has it, in the form that editors understand.
fn located(path: &str, fault: &Fault) -> String {
    format!("book/src/{path}:{}: {}", fault.line, fault.message)
}

impl Page {
    /// Reads a page and asks what it shows; the error is a message for each fault.
    pub fn read(book: &Book, path: &str, text: &str) -> std::result::Result<Self, Vec<String>> {
        let found = directive::scan(text).map_err(|fault| vec![located(path, &fault)])?;
        let mut page = Self {
            path: path.into(),
            shown: Coverage::default(),
            explained: Coverage::default(),
            text: text.into(),
            directives: Vec::new(),
        };
        let lenses = lens::faults(&found.iter().collect::<Vec<_>>(), book);
        let diagrams = bob::faults(text);
        let mut faults: Vec<String> =
            lenses.iter().chain(&diagrams).map(|fault| located(path, fault)).collect();
        for directive in found {
            match page.admit(book, &directive) {
                Ok(entry) => page.directives.push((directive, entry)),
                Err(message) => faults.push(page.located(&directive, message)),
            }
        }
        if faults.is_empty() { Ok(page) } else { Err(faults) }
    }

    /// Finds what `directive` is, and adds what it shows.
    fn admit(&mut self, book: &Book, directive: &Directive) -> Result<&'static Entry> {
        let entry = catalogue::find(&directive.name)?;
        if directive.is_block != (entry.place == Place::Block) {
            let place = if directive.is_block { "in a sentence" } else { "on a line of its own" };
            return Err(format!("it must stand {place}"));
        }
        let count = directive.arguments.len();
        if !entry.arguments.contains(&count) {
            return Err(format!("it has {count} arguments; {}", entry.usage));
        }
        if let Some(covers) = entry.covers {
            let covered = covers(&directive.arguments, book)?;
            if entry.name != catalogue::REST {
                self.shown.extend(covered.clone());
            }
            self.explained.extend(covered);
        }
        Ok(entry)
    }

    /// The page with everything in its place, but for code, which is put on `shelf`; the error is a
    /// message for each fault.
    pub fn expand(&self, book: &Book, shelf: &Shelf) -> std::result::Result<String, Vec<String>> {
        let mut text = String::with_capacity(self.text.len());
        let mut faults = Vec::new();
        let mut from = 0;
        for (directive, entry) in &self.directives {
            text += &directive::unescaped(&self.text[from..directive.range.start]);
            from = directive.range.end;
            match (entry.expand)(&directive.arguments, book, self) {
                Ok(shown) if shown.trim().is_empty() => {
                    faults.push(self.located(directive, "it shows nothing".into()));
                }
                Ok(shown) if entry.is_code => text += &format!("\n{}\n", shelf.put(shown)),
                Ok(shown) if directive.is_block => text += &format!("\n{}\n", shown.trim_end()),
                Ok(shown) => text += &shown,
                Err(message) => faults.push(self.located(directive, message)),
            }
        }
        text += &directive::unescaped(&self.text[from..]);
        if faults.is_empty() { Ok(bob::drawn(&text)) } else { Err(faults) }
    }

    fn located(&self, directive: &Directive, message: String) -> String {
        let name = &directive.name;
        let fault = Fault { line: directive.line, message: format!("{{{{#{name}}}}}: {message}") };
        located(&self.path, &fault)
    }

    /// Where the root of the book is, seen from this page: `""`, or `../` as often as needed.
    pub fn to_root(&self) -> String {
        "../".repeat(self.path.matches('/').count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::tests::book;

    fn expanded(text: &str) -> std::result::Result<String, Vec<String>> {
        let book = book();
        Page::read(&book, "04-heap.md", text)?.expand(&book, &Shelf::default())
    }

    fn message(text: &str) -> String {
        expanded(text).expect_err("it is wrong").join("\n")
    }

    #[test]
    fn what_is_no_directive_stays() {
        let text = "# Title\n\nText with \\{{#tree 03}} in it.\n";
        assert_eq!(expanded(text), Ok(text.replace('\\', "")));
    }

    #[test]
    fn an_unknown_directive_is_an_error_with_its_place() {
        let message = message("# Title\n\n{{#dif 04 src/main.rs}}\n");
        assert!(message.starts_with("book/src/04-heap.md:3: {{#dif}}: "), "{message}");
        assert!(message.contains("diff"), "{message}");
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let message = message("{{#diff 99 src/main.rs}}\n{{#diff 04 src/none.rs}}\n");
        assert_eq!(message.lines().count(), 2, "{message}");
    }

    #[test]
    fn the_number_of_arguments_is_checked() {
        let message = message("{{#diff 04}}\n");
        assert!(message.contains("1 arguments; {{#diff CHAPTER FILE"), "{message}");
    }

    #[test]
    fn a_block_stands_alone_and_an_inline_one_does_not() {
        assert!(message("See {{#diff 04 src/main.rs}}.").contains("line of its own"));
        assert!(message("{{#hunk 04 src/main.rs extern}}\n").contains("in a sentence"));
    }
}
