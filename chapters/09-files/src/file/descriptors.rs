//! Descriptors: the numbers by which a process means descriptions, and which of them the next
//! program has.

mod table;

use linux_raw_sys::general::{O_CLOEXEC, O_RDWR};

use super::description::{Description, File};
use super::{FileError, open};
use crate::input::terminal;
use crate::memory::shared::Shared;
pub use table::Descriptors;

/// How many descriptors a process may have, unless it says otherwise; and how many it may ever.
pub const USUAL_LIMIT: u64 = 1024;
/// The most that the limit can be raised to.
pub const HIGHEST_LIMIT: u64 = 4096;

/// A description that a process has, and whether it is for this program only.
#[derive(Clone, Debug)]
pub struct Descriptor {
    /// What it means.
    pub description: Shared<Description>,
    /// Whether `execve` closes it.
    pub closes_on_exec: bool,
}

/// Whether `flags`, of a call that makes a descriptor, say that `execve` closes it.
pub fn closes_on_exec(flags: u32) -> bool {
    flags & O_CLOEXEC != 0
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

    /// Takes away one that is for the old program only, if there is one left.
    pub fn remove_private(&mut self) -> Option<Descriptor> {
        let is_private = |number: &u64| self.find(*number).is_ok_and(|found| found.closes_on_exec);
        let number = (0..self.len() as u64).find(is_private)?;
        self.remove(number).ok()
    }
}
