//! What is this machine's own about system calls.
//!
//! Linux has the same calls on all machines, with few exceptions. Here there is one whose arguments
//! are in another order. None is missing: a program sets its thread pointer, TPIDR_EL0, itself.

use crate::arch::CloneArguments;
use crate::syscall::{Descriptor, Kind, flags};

/// The calls that only this machine has.
pub const CALLS: &[Descriptor] = &[];

/// What `clone` takes.
pub const CLONE_ARGUMENTS: &[Kind] =
    &[Kind::CloneFlags(flags::CLONE), Kind::Address, Kind::Address, Kind::Address, Kind::Address];

/// The arguments of `clone`: flags, stack, parent's word, thread pointer, child's word. (Linux,
/// `man 2 clone`.)
pub fn clone_arguments(arguments: [u64; 6]) -> CloneArguments {
    let [flags, stack, parent_tid, thread_pointer, child_tid, _] = arguments;
    CloneArguments { flags, stack, parent_tid, child_tid, thread_pointer }
}

#[cfg(feature = "ktest")]
#[path = "calls_tests.rs"]
mod tests;
