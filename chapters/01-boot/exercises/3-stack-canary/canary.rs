//! A canary: words at the end of a stack that nobody has a reason to change.

use core::ops::Range;

use super::memory::{BYTES, Memory, Overflow};

/// Puts a canary of [`BYTES`] bytes at the end of `stack`. Whoever does not know `secret`, which is
/// not zero, cannot tell what is in it.
pub fn place(memory: &mut dyn Memory, stack: &Range<usize>, secret: u64) {
    let _ = memory;
    todo!("put {BYTES} bytes that only {secret:#x} makes at the end of {stack:#x?}")
}

/// Checks that the canary at the end of `stack` is still what [`place`] made of the same `secret`.
pub fn check(memory: &dyn Memory, stack: &Range<usize>, secret: u64) -> Result<(), Overflow> {
    let _ = memory;
    todo!("find the lowest word at the end of {stack:#x?} that {secret:#x} has not made")
}
