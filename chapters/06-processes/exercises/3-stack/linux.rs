//! The stack that Linux laid out for this very program.
//!
//! Given, not to be written.
//!
//! Linux leaves a gap of a random size between the texts and the rest, so that nobody can foresee
//! the stack pointer, and has the pairs of the auxiliary vector in another order. All else must be
//! the same.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;

/// The stack of this program as it was when it started, or nearly so.
#[derive(Clone, Debug)]
pub struct Stack {
    /// The stack pointer.
    pub pointer: u64,
    /// Where it ends.
    pub top: u64,
    /// All between the two.
    pub bytes: Vec<u8>,
}

impl Stack {
    /// Reads it, where this program runs on Linux and may.
    pub fn of_this_program() -> Option<Self> {
        // The name, the second field, may have blanks, and ends with a bracket. (proc(5),
        // "/proc/pid/stat", field 28.)
        let text = fs::read_to_string("/proc/self/stat").ok()?;
        let (_, fields) = text.rsplit_once(") ")?;
        let pointer: u64 = fields.split(' ').nth(28 - 3)?.parse().ok()?;
        let maps = fs::read_to_string("/proc/self/maps").ok()?;
        let line = maps.lines().find(|line| line.ends_with("[stack]"))?;
        let end = line.split_once(' ')?.0.split_once('-')?.1;
        let top = u64::from_str_radix(end, 16).ok()?;
        let mut bytes = vec![0; top.checked_sub(pointer).filter(|_| pointer > 0)? as usize];
        let memory = File::open("/proc/self/mem").ok()?;
        memory.read_exact_at(&mut bytes, pointer).ok()?;
        Some(Self { pointer, top, bytes })
    }
}
