//! Where the copies are, and how an interrupted one is made to go on elsewhere.
//!
//! Given, not to be written.

use core::ops::Range;

use super::{TrapFrame, copy_begin, copy_fault};

impl TrapFrame {
    /// The instructions that copy from and to programs. Right behind them are those that end a copy
    /// which could not be done.
    pub fn copies() -> Range<u64> {
        &raw const copy_begin as u64..&raw const copy_fault as u64
    }

    /// Lets what was interrupted go on at `place`.
    pub fn go_on_at(&mut self, place: u64) {
        self.rip = place;
    }
}
