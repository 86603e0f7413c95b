//! `{{#terms}}` and `{{#glossary}}`: what the vendors call things.
//!
//! The two machines do the same under other names, and each manual knows only its own. So every
//! concept stands in `terms.toml` once, with a sentence, the chapter that needs it first, and the
//! name that each machine gives it. A name that is marked as code must occur in that machine's
//! files of that chapter: a term that the reader will not meet there helps nobody, and one that is
//! misspelt is found.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::table::{Cell, Table, inline};
use crate::Result;
use crate::book::{Book, Chapter};
use crate::html::lens::display_name;
use crate::html::{attribute, text};
use crate::page::Page;

/// The list, from the root of the repository.
const FILE: &str = "book/src/terms.toml";

/// The page with all of them, from the root of the book.
const GLOSSARY: &str = "glossary.html";

/// What stands where a machine has no such thing.
const NONE: &str = r#"<span class="none">none</span>"#;

/// The list of terms.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    #[serde(rename = "term")]
    terms: Vec<Term>,
}

/// A concept. All texts are Markdown.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Term {
    /// What it is called when no machine is meant.
    concept: String,
    /// What it is, in a sentence.
    sentence: String,
    /// The chapter that needs it first.
    chapter: String,
    /// What ARM64 calls it, if it has it.
    aarch64: Option<String>,
    /// What x86_64 calls it, if it has it.
    x86_64: Option<String>,
}

impl Term {
    fn name(&self, arch: &str) -> Option<&str> {
        match arch {
            "aarch64" => self.aarch64.as_deref(),
            "x86_64" => self.x86_64.as_deref(),
            _ => None,
        }
    }

    /// What a link names it by.
    fn id(&self) -> String {
        format!("term-{}", self.key())
    }

    /// What it is sorted by.
    fn key(&self) -> String {
        let plain = self.concept.to_lowercase();
        let words = plain.split(|character: char| !character.is_ascii_alphanumeric());
        words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
    }
}

/// The terms of one chapter as a table.
pub fn expand(arguments: &[String], book: &Book, page: &Page) -> Result<String> {
    let chapter = &book.chapters[book.chapter(&arguments[0])?];
    let terms: Vec<Term> =
        read(book)?.into_iter().filter(|term| term.chapter == chapter.number).collect();
    if terms.is_empty() {
        return Err(format!("{FILE} has no term of chapter {}", chapter.number));
    }
    let glossary = format!("{}{GLOSSARY}", page.to_root());
    Ok(table(&chapter.number, &terms, &book.machines().collect::<Vec<_>>(), &glossary))
}

/// All terms, in the order of the alphabet.
pub fn expand_glossary(_arguments: &[String], book: &Book, page: &Page) -> Result<String> {
    let mut terms = read(book)?;
    terms.sort_by_key(Term::key);
    let machines: Vec<&str> = book.machines().collect();
    let link = |term: &Term| -> Result<String> {
        let index = book.chapter(&term.chapter)?;
        let (folder, title) = (&book.chapters[index].folder, &book.config.chapters[index].title);
        let page = format!("{}{folder}.html", page.to_root());
        Ok(format!(r#"<a href="{}">{}</a>"#, attribute(&page), text(title)))
    };
    let entries: Result<String> =
        terms.iter().map(|term| Ok(entry(term, &machines, &link(term)?))).collect();
    Ok(format!(r#"<dl class="glossary">{}</dl>"#, entries?))
}

/// The list, in which every name was looked for.
fn read(book: &Book) -> Result<Vec<Term>> {
    let text = std::fs::read_to_string(book.root.join(FILE))
        .map_err(|error| format!("cannot read {FILE}: {error}"))?;
    let terms = parse(&text)?;
    let machines: Vec<&str> = book.machines().collect();
    for term in &terms {
        let index = book
            .chapter(&term.chapter)
            .map_err(|message| format!("{FILE}: `{}`: {message}", term.concept))?;
        for arch in &machines {
            look_for(term, arch, &machines, &book.chapters[index])?;
        }
    }
    Ok(terms)
}

fn parse(text: &str) -> Result<Vec<Term>> {
    let list: List = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
        format!("{FILE}:{line}: {}", error.message())
    })?;
    let mut keys = BTreeSet::new();
    for term in &list.terms {
        if !keys.insert(term.key()) {
            return Err(format!("{FILE}: `{}` is there twice", term.concept));
        }
        if term.aarch64.is_none() && term.x86_64.is_none() {
            return Err(format!("{FILE}: `{}` has no name on any machine", term.concept));
        }
        if !term.sentence.ends_with('.') {
            return Err(format!("{FILE}: what is said of `{}` is no sentence", term.concept));
        }
    }
    Ok(list.terms)
}

/// Looks for each piece of code in what `arch` calls a term, in the files of `chapter` that are not
/// another machine's.
fn look_for(term: &Term, arch: &str, machines: &[&str], chapter: &Chapter) -> Result<()> {
    let is_other = |file: &str| {
        let others = machines.iter().filter(|other| **other != arch);
        others.into_iter().any(|other| file.starts_with(&format!("src/arch/{other}/")))
    };
    let own = chapter.files.iter().filter(|(file, _)| file.starts_with("src/") && !is_other(file));
    let texts: Vec<String> = own.map(|(_, text)| text.to_lowercase()).collect();
    let pieces = term.name(arch).unwrap_or_default().split('`').skip(1).step_by(2);
    for piece in pieces {
        if !texts.iter().any(|text| has_word(text, &piece.to_lowercase())) {
            return Err(format!(
                "{FILE}: `{}`: `{piece}` occurs in no file of chapter {} that is for {arch}",
                term.concept, chapter.number
            ));
        }
    }
    Ok(())
}

/// Whether `words` is in `text` and not part of a longer word.
fn has_word(text: &str, words: &str) -> bool {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    text.match_indices(words).any(|(start, _)| {
        let behind = &text[start + words.len()..];
        !text[..start].ends_with(is_part) && !behind.starts_with(is_part)
    })
}

fn table(number: &str, terms: &[Term], machines: &[&str], glossary: &str) -> String {
    let names = machines.iter().map(|arch| display_name(arch));
    let columns: Vec<&str> = std::iter::once("concept").chain(names).collect();
    let label = format!("terms of chapter {number} on both machines");
    let mut table = Table::new(&label, "What the manuals call it.", &columns);
    for term in terms {
        let name = |arch: &&str| Cell::Words(term.name(arch).map_or(NONE.into(), inline));
        let cells: Vec<Cell> = machines.iter().map(name).collect();
        let link = attribute(&format!("{glossary}#{}", term.id())).into_owned();
        let concept = inline(&term.concept);
        table.row(&format!(r#"<a href="{link}">{concept}</a>"#), &cells);
    }
    table.html()
}

/// A term with what is said of it, a link to its chapter, and its name on each machine.
fn entry(term: &Term, machines: &[&str], link: &str) -> String {
    let named = machines.iter().filter_map(|arch| {
        Some(format!("<dd>{}: {}</dd>", text(display_name(arch)), inline(term.name(arch)?)))
    });
    let names = named.collect::<String>();
    let (id, concept, sentence) = (term.id(), inline(&term.concept), inline(&term.sentence));
    format!(r#"<dt id="{id}">{concept}</dt><dd>{sentence} ({link})</dd>{names}"#)
}

#[cfg(test)]
mod tests {
    use super::super::table::tests::rows;
    use super::*;
    use crate::book::tests::book;

    const LIST: &str = r#"
        [[term]]
        concept = "privilege level"
        sentence = "How much `code` may do."
        chapter = "01"
        aarch64 = "exception level, `CurrentEL`"
        x86_64 = "ring, low bits of `CS`"

        [[term]]
        concept = "Magic number"
        sentence = "It says what begins."
        chapter = "01"
        aarch64 = "`MAGIC`"
    "#;

    fn terms() -> Vec<Term> {
        parse(LIST).expect("it is right")
    }

    fn chapter(files: &[(&str, &str)]) -> Chapter {
        let files = files.iter().map(|(name, text)| (name.to_string(), text.to_string())).collect();
        Chapter {
            number: "01".into(),
            folder: "01-a".into(),
            files,
            changes: vec![],
            exercises: Default::default(),
        }
    }

    #[test]
    fn each_machine_has_its_name_or_none() {
        let expected = [
            ["privilege level", "exception level, CurrentEL", "ring, low bits of CS"],
            ["Magic number", "MAGIC", "none"],
        ];
        let html = table("01", &terms(), &["aarch64", "x86_64"], "../g.html");
        assert_eq!(rows(&html), expected);
        assert!(html.contains("<a href=\"../g.html#term-magic-number\">Magic number</a>"));
    }

    #[test]
    fn glossary_says_what_it_is_and_where() {
        let entry = entry(&terms()[1], &["aarch64", "x86_64"], "<a>Boot</a>");
        let expected = "<dt id=\"term-magic-number\">Magic number</dt><dd>It says what begins. \
                        (<a>Boot</a>)</dd><dd>ARM64: <code>MAGIC</code></dd>";
        assert_eq!(entry, expected);
    }

    #[test]
    fn names_are_looked_for_in_the_files_of_their_machine() {
        let machines = ["aarch64", "x86_64"];
        let look = |term: &Term, arch, files: &[(&str, &str)]| {
            look_for(term, arch, &machines, &chapter(files)).err()
        };
        let term = &terms()[0];
        let own = [("src/arch/x86_64/cpu.rs", "let x = cs;")];
        assert_eq!(look(term, "x86_64", &own), None);
        assert_eq!(look(term, "x86_64", &[("src/main.rs", "CS")]), None);
        for other in
            [("src/arch/aarch64/cpu.rs", "CS"), ("src/main.rs", "CSS"), ("README.md", "CS")]
        {
            let message = look(term, "x86_64", &[other]).expect("it is not there");
            let expected = "book/src/terms.toml: `privilege level`: `CS` occurs in no file of \
                            chapter 01 that is for x86_64";
            assert_eq!(message, expected);
        }
        assert_eq!(look(&terms()[1], "x86_64", &[]), None);
    }

    #[test]
    fn what_is_wrong_with_the_list_is_told() {
        let message = |from: &str, to: &str| parse(&LIST.replacen(from, to, 1)).expect_err("wrong");
        assert!(message("sentence", "sentense").starts_with("book/src/terms.toml:"));
        assert!(message("Magic number", "privilege  Level").ends_with("is there twice"));
        assert!(message("        aarch64 = \"`MAGIC`\"", "").ends_with("on any machine"));
        assert!(message("what begins.", "what").ends_with("is no sentence"));
    }

    #[test]
    fn the_book_s_own_list_is_right() {
        let book = book();
        let terms = read(&book).unwrap_or_else(|message| panic!("{message}"));
        assert!((30..=200).contains(&terms.len()), "{} terms", terms.len());
        let page = Page::read(&book, "a/glossary.md", "").expect("it is empty");
        let glossary = expand_glossary(&[], &book, &page).expect("it is right");
        assert_eq!(glossary.matches("<dt ").count(), terms.len());
        assert!(glossary.contains("href=\"../01-boot.html\"") && !glossary.contains('\n'));
        for number in ["01", "02", "03", "04", "05", "06", "07"] {
            let html = expand(&[number.to_string()], &book, &page).expect("it has terms");
            assert!(!rows(&html).is_empty());
        }
    }
}
