//! A canary: words at the end of a stack that nobody has a reason to change.
//!
//! A stack grows down, so its end is its lowest address. A function does not write to all of its
//! frame, so a stack can reach far into the canary and spare most of it: only the lowest word that
//! changed says how far it got.

use core::ops::Range;

use super::memory::{BYTES, Memory, Overflow};

/// A word that no program has.
const WORD: u64 = 0xdead_beef_dead_beef;

/// Puts a canary of [`BYTES`] bytes at the end of `stack`. Whoever does not know `secret`, which is
/// not zero, cannot tell what is in it.
pub fn place(memory: &mut dyn Memory, stack: &Range<usize>, secret: u64) {
    let _ = secret;
    words(stack).for_each(|address| memory.write(address, WORD));
}

/// Checks that the canary at the end of `stack` is still what [`place`] made of the same `secret`.
pub fn check(memory: &dyn Memory, stack: &Range<usize>, secret: u64) -> Result<(), Overflow> {
    let _ = secret;
    let lowest = words(stack).find(|address| memory.read(*address) != WORD);
    lowest.map_or(Ok(()), |lowest| Err(Overflow { lowest }))
}

/// The addresses of the canary's words, the lowest first.
fn words(stack: &Range<usize>) -> impl Iterator<Item = usize> {
    (stack.start..stack.start + BYTES).step_by(size_of::<u64>())
}
