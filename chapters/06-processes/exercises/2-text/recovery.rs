//! What becomes of a page fault of the kernel's own.

use super::interface::Fault;

/// Where the kernel goes on after `fault`, if it was a copy from or to a program that met what the
/// program does not have. Any other fault is a bug.
pub fn recover(fault: &Fault) -> Option<u64> {
    todo!("is {fault:x?} the fault of a copy?")
}
