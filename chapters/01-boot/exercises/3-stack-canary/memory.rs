//! Memory as the canary sees it, and what is said of a stack that grew into it.
//!
//! Given, not to be written.

use core::fmt;

/// Bytes of the canary, a multiple of a word's eight.
pub const BYTES: usize = 1024;

/// Memory, word by word. Addresses are multiples of 8.
pub trait Memory {
    /// The word at `address`.
    fn read(&self, address: usize) -> u64;

    /// Stores `word` at `address`.
    fn write(&mut self, address: usize, word: u64);
}

/// A stack has grown into the canary at its end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Overflow {
    /// The address of the lowest word that is not as it was.
    pub lowest: usize,
}

impl fmt::Display for Overflow {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "stack overflow: the canary is overwritten down to {:#x}", self.lowest)
    }
}

impl fmt::Debug for Overflow {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "Overflow {{ lowest: {:#x} }}", self.lowest)
    }
}

impl core::error::Error for Overflow {}
