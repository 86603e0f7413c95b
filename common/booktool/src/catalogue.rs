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
use crate::show::{diff, file, hunk, lens, mechanical, rest};

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
    shows("diff", "{{#diff CHAPTER FILE [\"TEXT\"]}}", 2..=3, diff::covers, diff::expand),
    other("endlens", "{{#endlens}}", 0..=0, lens::end),
    shows("file", "{{#file CHAPTER FILE}}", 2..=2, file::covers, file::expand),
    Entry {
        place: Place::Inline,
        ..shows("hunk", "{{#hunk CHAPTER FILE [\"TEXT\"]}}", 2..=3, hunk::covers, hunk::expand)
    },
    other("lens", "{{#lens}}", 0..=0, lens::start),
    shows(
        "mechanical",
        "{{#mechanical CHAPTER FILE [\"TEXT\"] \"REASON\"}}",
        3..=4,
        mechanical::covers,
        mechanical::expand,
    ),
    shows(REST, "{{#rest CHAPTER FILE}}", 2..=2, rest::covers, rest::expand),
    other("when", "{{#when ARCH}}", 1..=1, lens::when),
];

const fn shows(
    name: &'static str,
    usage: &'static str,
    arguments: RangeInclusive<usize>,
    covers: Covers,
    expand: Expand,
) -> Entry {
    Entry { name, usage, arguments, place: Place::Block, covers: Some(covers), expand }
}

const fn other(
    name: &'static str,
    usage: &'static str,
    arguments: RangeInclusive<usize>,
    expand: Expand,
) -> Entry {
    Entry { name, usage, arguments, place: Place::Block, covers: None, expand }
}

/// The directive called `name`.
pub fn find(name: &str) -> Result<&'static Entry> {
    ENTRIES.iter().find(|entry| entry.name == name).ok_or_else(|| {
        let names: Vec<&str> = ENTRIES.iter().map(|entry| entry.name).collect();
        format!("there is no such directive; there are {}", names.join(", "))
    })
}
