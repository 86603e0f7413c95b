//! The stack on which the kernel runs, with a canary at its end.
//!
//! Given, not to be written.
//!
//! ```text
//!  | bss | canary | free       <- sp | in use |
//!        boot_stack().start                   boot_stack().end
//! ```

use core::hint::black_box;

use super::canary;
use super::memory::{BYTES, Memory};
use crate::image::boot_stack;

/// The boot stack, of which only what is free may be touched.
pub struct BootStack;

impl Memory for BootStack {
    fn read(&self, address: usize) -> u64 {
        // SAFETY: identity; all of the stack is memory, and any bits are a word.
        unsafe { free_word(address).read_volatile() }
    }

    fn write(&mut self, address: usize, word: u64) {
        // SAFETY: identity; the word belongs to the stack, and nothing lies in it: it is far below
        // all that is in use, and this function calls nothing that reaches it.
        unsafe { free_word(address).write_volatile(word) };
    }
}

/// The word at `address`, which must be one of the stack's lower half; all who run are above it.
fn free_word(address: usize) -> *mut u64 {
    let stack = boot_stack();
    let free = stack.start..stack.start + stack.len() / 2;
    let is_free = free.contains(&address) && address.is_multiple_of(size_of::<u64>());
    assert!(is_free, "{address:#x} is no word of {free:#x?}, the half of the stack that is free");
    address as *mut u64
}

/// Does `work`, and panics if it needed more of the stack than there is.
pub fn guarded(secret: u64, work: impl FnOnce()) {
    canary::place(&mut BootStack, &boot_stack(), secret);
    work();
    if let Err(overflow) = canary::check(&BootStack, &boot_stack(), secret) {
        panic!("{overflow}");
    }
}

/// Lets the stack grow into the canary, but not through it: nothing else comes to harm.
pub fn overflow() {
    let middle = boot_stack().start + BYTES / 2;
    black_box(call_down_to(middle));
    // Calls leave gaps between what they write, and whether the first word lies in one is nobody's
    // choice.
    BootStack.write(boot_stack().start + BYTES - size_of::<u64>(), 0);
}

/// Calls itself until the stack reaches below `limit`. A call takes far less than half a canary.
#[inline(never)]
fn call_down_to(limit: usize) -> usize {
    let local = black_box(1_usize);
    match (&raw const local).addr() < limit {
        true => local,
        false => call_down_to(limit) + local,
    }
}
