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
use crate::show::{diff, directives, file, hunk, lens, mechanical, rest};

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
}

/// The directive that shows what all others leave out.
pub const REST: &str = "rest";

/// All of them, by name.
pub const ENTRIES: &[Entry] = &[
    Entry {
        name: "diff",
        usage: "{{#diff CHAPTER FILE [\"TEXT\"]}}",
        about: "what the chapter changes in a file; with a text, the hunk that contains it",
        arguments: 2..=3,
        covers: Some(diff::covers),
        expand: diff::expand,
        ..BLOCK
    },
    Entry {
        name: "directives",
        usage: "{{#directives}}",
        about: "this table",
        expand: directives::expand,
        ..BLOCK
    },
    Entry {
        name: "endlens",
        usage: "{{#endlens}}",
        about: "ends what is shown by machine",
        expand: lens::end,
        ..BLOCK
    },
    Entry {
        name: "file",
        usage: "{{#file CHAPTER FILE}}",
        about: "a whole file",
        arguments: 2..=2,
        covers: Some(file::covers),
        expand: file::expand,
        ..BLOCK
    },
    Entry {
        name: "hunk",
        usage: "{{#hunk CHAPTER FILE [\"TEXT\"]}}",
        about: "a link to what the chapter changes in a file, for use in a sentence",
        arguments: 2..=3,
        place: Place::Inline,
        covers: Some(hunk::covers),
        expand: hunk::expand,
    },
    Entry {
        name: "lens",
        usage: "{{#lens}}",
        about: "begins what is shown by machine: a tab each",
        expand: lens::start,
        ..BLOCK
    },
    Entry {
        name: "mechanical",
        usage: "{{#mechanical CHAPTER FILE [\"TEXT\"] \"REASON\"}}",
        about: "a change that needs no explanation, and why",
        arguments: 3..=4,
        covers: Some(mechanical::covers),
        expand: mechanical::expand,
        ..BLOCK
    },
    Entry {
        name: REST,
        usage: "{{#rest CHAPTER FILE}}",
        about: "what the page does not show of a new file, folded",
        arguments: 2..=2,
        covers: Some(rest::covers),
        expand: rest::expand,
        ..BLOCK
    },
    Entry {
        name: "when",
        usage: "{{#when ARCH}}",
        about: "begins the tab of one machine",
        arguments: 1..=1,
        expand: lens::when,
        ..BLOCK
    },
];

/// What most directives have in common.
const BLOCK: Entry = Entry {
    name: "",
    usage: "",
    about: "",
    arguments: 0..=0,
    place: Place::Block,
    covers: None,
    expand: |_, _, _| Err("it does nothing".into()),
};

/// The directive called `name`.
pub fn find(name: &str) -> Result<&'static Entry> {
    ENTRIES.iter().find(|entry| entry.name == name).ok_or_else(|| {
        let names: Vec<&str> = ENTRIES.iter().map(|entry| entry.name).collect();
        format!("there is no such directive; there are {}", names.join(", "))
    })
}
