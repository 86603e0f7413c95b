//! Descriptors, with your notes: the kernel takes this file for its own `descriptors.rs`.
//!
//! Given, not to be written. What a table is stands in the chapter's own `table.rs`, which calls
//! lead to it in `calls.rs`; who notes, copies and heeds what `execve` closes, in `cloexec.rs`.
//!
//! ```text
//!  open, pipe2 ── closes_on_exec ──────────────┐
//!  dup, dup3, fcntl ── calls.rs ───────────────┼──> cloexec.rs ──> table.rs
//!  fork, execve ── for_child, before_execve, … ┘
//! ```

use linux_raw_sys::general::{
    F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, FD_CLOEXEC, O_CLOEXEC, O_RDWR,
};

use super::description::{Description, File};
use super::{FileError, open};
use crate::input::terminal;
use crate::memory::shared::Shared;

#[forbid(unsafe_code)]
#[allow(dead_code, unused_imports, reason = "until its holes are filled")]
pub mod cloexec;
#[allow(dead_code, reason = "unused until the holes are filled")]
#[path = "../../src/file/descriptors/table.rs"]
mod table;
#[cfg(feature = "ktest")]
mod tests;

pub use cloexec::closes_on_exec;
pub use table::Descriptors;

/// How many descriptors a process may have, unless it says otherwise; and how many it may ever.
pub const USUAL_LIMIT: u64 = 1024;
/// The most that the limit can be raised to.
pub const HIGHEST_LIMIT: u64 = 4096;

/// What `cloexec.rs` will need once its holes are filled.
const _: [u32; 6] = [F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, FD_CLOEXEC, O_CLOEXEC];

/// A description that a process has, and whether it is for this program only.
#[derive(Clone, Debug)]
pub struct Descriptor {
    /// What it means.
    pub description: Shared<Description>,
    /// Whether `execve` closes it.
    pub closes_on_exec: bool,
}

impl Descriptors {
    /// The table of a process that nobody has made: the console, three times.
    pub fn with_console() -> Result<Self, FileError> {
        let mut table = Self::new();
        let open = |file| Shared::new(Description::new(file, open::console(), O_RDWR));
        let terminal = open(File::Terminal)?;
        let input = if terminal::is_pipe() { open(File::Input)? } else { terminal.clone() };
        for description in [input, terminal.clone(), terminal] {
            table.add(Descriptor { description, closes_on_exec: false }, 0)?;
        }
        Ok(table)
    }

    /// The table of a child.
    pub fn for_child(&self) -> Result<Self, FileError> {
        cloexec::fork(self)
    }

    /// The table of the next program of the same process, before it is certain that there will be
    /// one.
    pub fn before_execve(&mut self) -> Result<Self, FileError> {
        cloexec::begin_execve(self)
    }

    /// Takes away one that is for the old program only, if there is one left.
    pub fn remove_private(&mut self) -> Option<Descriptor> {
        cloexec::end_execve(self)
    }
}
