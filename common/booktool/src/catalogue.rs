//! All directives that there are.
//!
//! The list is what a page can ask for, and what an author is told who asks for something else. A
//! directive is a pair of functions: one says which lines of the chapters it puts before the
//! reader, the other one puts them there.

use std::ops::RangeInclusive;

use crate::Result;
use crate::book::Book;
use crate::coverage::Coverage;
use crate::page::Page;
use crate::show::{
    bench, broken, budget, chapters, contract, diff, directives, exercises, file, hunk, item, lens,
};
use crate::show::{figure, mechanical, rest, serial, suites, terms, tree};

/// Where a directive may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On a line of its own.
    Block,
    /// In a sentence.
    Inline,
}

/// Which lines of the chapters a directive puts before the reader.
type Covers = fn(&[String], &Book) -> Result<Coverage>;

/// What takes a directive's place on a page: Markdown, or HTML without a blank line in it.
type Expand = fn(&[String], &Book, &Page) -> Result<String>;

/// A directive that there is.
pub struct Entry {
    /// Its name.
    pub name: &'static str,
    /// How it is written.
    pub usage: &'static str,
    /// What it shows, in half a line.
    pub about: &'static str,
    /// How many arguments it takes.
    pub arguments: RangeInclusive<usize>,
    /// Where it may stand.
    pub place: Place,
    /// What it shows of the chapters; nothing if there is no such function.
    pub covers: Option<Covers>,
    /// What it becomes.
    pub expand: Expand,
    /// Whether that is code, for which nobody searches.
    pub is_code: bool,
}

/// The directive that shows what all others leave out.
pub const REST: &str = "rest";

/// All of them, by name.
pub const ENTRIES: &[Entry] = &[
    Entry::new("bench", "{{#bench GROUP [OPERATION or OPERATION/BY …]}}", 1..=9, bench::expand)
        .showing("what operations cost, as `make bench` has measured it"),
    Entry::new("broken", "{{#broken CHAPTER NAME}}", 2..=2, broken::expand)
        .showing("an experiment: a change, and what is printed then")
        .of_code(),
    Entry::new("budget", "{{#budget CHAPTER}}", 1..=1, budget::expand)
        .showing("how much the chapter changes, and how much it may"),
    Entry::new("chapters", "{{#chapters}}", 0..=0, chapters::expand)
        .showing("a table of the chapters"),
    Entry::new("contract", "{{#contract CHAPTER}}", 1..=1, contract::expand)
        .showing("what the chapter asks of a machine"),
    Entry::new("diff", "{{#diff CHAPTER FILE [\"TEXT\"]}}", 2..=3, diff::expand)
        .showing("what the chapter changes in a file; with a text, the hunk with it")
        .covering(diff::covers)
        .of_code(),
    Entry::new("directives", "{{#directives}}", 0..=0, directives::expand).showing("this table"),
    Entry::new("endlens", "{{#endlens}}", 0..=0, lens::end)
        .showing("ends what is shown by machine"),
    Entry::new("exercises", "{{#exercises CHAPTER}}", 1..=1, exercises::expand)
        .showing("the statements of the chapter's exercises, and of its bugs"),
    Entry::new("figure", "{{#figure KIND CHAPTER}}", 2..=2, figure::expand)
        .showing("a picture made of a recorded run: memory-map, address-space or timeline")
        .of_code(),
    Entry::new("file", "{{#file CHAPTER FILE}}", 2..=2, file::expand)
        .showing("a whole file")
        .covering(file::covers)
        .of_code(),
    Entry::new("glossary", "{{#glossary}}", 0..=0, terms::expand_glossary)
        .showing("all terms, in alphabetical order"),
    Entry::new("hunk", "{{#hunk CHAPTER FILE [\"TEXT\"]}}", 2..=3, hunk::expand)
        .showing("in a sentence: a link to what the chapter changes in a file")
        .covering(hunk::covers)
        .inline(),
    Entry::new("item", "{{#item CHAPTER FILE NAME}}", 3..=3, item::expand)
        .showing("a function, type, test, label or section, by its name")
        .covering(item::covers)
        .of_code(),
    Entry::new("lens", "{{#lens}}", 0..=0, lens::start)
        .showing("begins what is shown by machine: a tab each"),
    Entry::new(
        "mechanical",
        "{{#mechanical CHAPTER FILE [\"TEXT\"] \"REASON\"}}",
        3..=4,
        mechanical::expand,
    )
    .showing("a change that needs no explanation, and why")
    .covering(mechanical::covers),
    Entry::new(REST, "{{#rest CHAPTER FILE}}", 2..=2, rest::expand)
        .showing("what the page does not show of a new file, folded")
        .covering(rest::covers)
        .of_code(),
    Entry::new("serial", "{{#serial CHAPTER [\"FROM\" \"TO\"]}}", 1..=3, serial::expand)
        .showing("what the chapter prints; with two texts, the lines from one to the other")
        .of_code(),
    Entry::new("suites", "{{#suites CHAPTER}}", 1..=1, suites::expand)
        .showing("what suites that others wrote come to, as `make test-suites` has recorded it"),
    Entry::new("terms", "{{#terms CHAPTER}}", 1..=1, terms::expand)
        .showing("the chapter's terms, with their names on both machines"),
    Entry::new("tree", "{{#tree CHAPTER}}", 1..=1, tree::expand)
        .showing("the chapter's files, the new and the changed ones marked"),
    Entry::new("when", "{{#when ARCH}}", 1..=1, lens::when)
        .showing("begins the tab of one machine"),
];

impl Entry {
    const fn new(
        name: &'static str,
        usage: &'static str,
        arguments: RangeInclusive<usize>,
        expand: Expand,
    ) -> Self {
        Self {
            name,
            usage,
            about: "",
            arguments,
            place: Place::Block,
            covers: None,
            expand,
            is_code: false,
        }
    }

    const fn showing(self, about: &'static str) -> Self {
        Self { about, ..self }
    }

    const fn covering(self, covers: Covers) -> Self {
        Self { covers: Some(covers), ..self }
    }

    const fn of_code(self) -> Self {
        Self { is_code: true, ..self }
    }

    const fn inline(self) -> Self {
        Self { place: Place::Inline, ..self }
    }
}

/// The directive called `name`.
pub fn find(name: &str) -> Result<&'static Entry> {
    ENTRIES.iter().find(|entry| entry.name == name).ok_or_else(|| {
        let names: Vec<&str> = ENTRIES.iter().map(|entry| entry.name).collect();
        format!("there is no such directive; there are {}", names.join(", "))
    })
}
