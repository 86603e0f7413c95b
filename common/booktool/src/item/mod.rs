//! Items of source files, found by name.
//!
//! A page shows a function by its name and not by line numbers or marks in the kernel: a name stays
//! right when lines are added above it, and a kernel stays free of comments for a tool. Rust is
//! parsed, so a name means what it means to the compiler. Assembly and linker scripts are read line
//! by line, since a label or a section begins a line in our style.
//!
//! Each language makes a tree of [`Node`]s of a file; the rest is the same for all of them. Names
//! are:
//!
//! ```text
//!  Rust      map, Walker::map, impl Pool for Bump, <Access as Display>::fmt, println!, header,
//!            tests::name, bitflags!, const _ flush_page (the unnamed constant that mentions it)
//!  assembly  _start, .bss.boot (a section with all its labels), header
//!  linker    .text, SECTIONS, __text_end, header
//!  any       fn map (the kind and the name), map#2 (the second map), kmain > memory::init (the
//!            paragraph of kmain with these words)
//! ```

mod assembly;
mod linker;
mod macros;
mod parts;
mod rust;
mod search;
mod tree;

#[cfg(test)]
mod tests;

use std::ops::Range;

pub use rust::source;

use crate::Result;
use tree::Node;

/// An item that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its lines, counted from 1, without the one at the end of the range; comments and attributes
    /// above it are part of it.
    pub lines: Range<usize>,
    /// The name that it is told by.
    pub name: String,
    /// The lines that open and close what the item is in, such as `impl Lock {` and `}`: who shows
    /// the item need not show them.
    pub around: Vec<Range<usize>>,
}

/// A piece of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is, such as `Walker::map`.
    pub name: String,
    /// Its lines, counted from 1, without the one at the end of the range.
    pub lines: Range<usize>,
    /// The first line of its documentation; empty if it has none.
    pub summary: String,
}

/// The item `name` in the file `file_name`, which contains `text`.
pub fn find(file_name: &str, text: &str, name: &str) -> Result<Found> {
    let found = search::find(&nodes(file_name, text)?, text, name);
    found.map_err(|message| format!("{file_name} {message}"))
}

/// The whole file in pieces that can be read by themselves, from the first line to the last: each
/// line that is not empty is in one of them. What is long and has items within is cut into those.
pub fn parts(file_name: &str, text: &str) -> Result<Vec<Part>> {
    match language(file_name) {
        Some(_) => Ok(parts::parts(&nodes(file_name, text)?, text)),
        None => Ok(parts::one(file_name, text)),
    }
}

/// What `line` is in, such as `fn Walker::map`; nothing if it is in no item, or in a file without
/// any.
pub fn scope(file_name: &str, text: &str, line: usize) -> String {
    let nodes = nodes(file_name, text).unwrap_or_default();
    tree::innermost(&nodes, line).map(Node::title).unwrap_or_default()
}

/// What makes nodes of a text; an error lacks the file.
type Reader = fn(&str) -> Result<Vec<Node>>;

/// The reader for files with the ending of `file_name`, if there is one.
fn language(file_name: &str) -> Option<Reader> {
    match file_name.rsplit_once('.')?.1 {
        "rs" => Some(rust::nodes),
        "s" => Some(assembly::nodes),
        "ld" => Some(linker::nodes),
        _ => None,
    }
}

fn nodes(file_name: &str, text: &str) -> Result<Vec<Node>> {
    let read = language(file_name)
        .ok_or_else(|| format!("{file_name} has no items: only .rs, .s and .ld files have"))?;
    read(text).map_err(|message| format!("{file_name} {message}"))
}
