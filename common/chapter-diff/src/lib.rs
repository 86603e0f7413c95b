//! What changes from one chapter to the next: files, lines, hunks, and what they cost.
//!
//! The difference between two chapters is what is taught, so several tools look at it: the command
//! that shows it, the checks that keep it small, the book that explains it. They must not disagree
//! about what it is, and therefore share this.

mod budget;
mod compare;
pub mod folder;
mod hunk;

use std::fmt;
use std::io;
use std::path::PathBuf;

pub use budget::{Item, Spent, spent};
pub use compare::{Change, Kind, Lines, chapters, is_manifest, read, with_name_of};
pub use hunk::{Hunk, Row, RowKind, hunks};

/// A file or folder that cannot be read.
#[derive(Debug)]
pub struct Unreadable {
    /// Which one.
    pub path: PathBuf,
    /// Why.
    pub error: io::Error,
}

/// The result of whatever reads files.
pub type Result<T> = std::result::Result<T, Unreadable>;

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "cannot read {}: {}", self.path.display(), self.error)
    }
}

impl std::error::Error for Unreadable {}
