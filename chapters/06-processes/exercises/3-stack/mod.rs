//! Your layout of the first stack, under the name of the kernel's own.
//!
//! Given, not to be written.
//!
//! ```text
//!  load.rs ── lay_out ──> stack.rs ──> bytes for the stack of the program
//! ```

use crate::memory::address::VirtAddr;

#[forbid(unsafe_code)]
mod stack;
#[allow(dead_code, reason = "unused until the hole is filled")]
mod start;

pub use start::{Start, StartError};

/// Lays out the stack of a program that starts, in `room`, the memory right below `top`.
pub fn lay_out(room: &mut [u8], top: VirtAddr, start: &Start) -> Result<VirtAddr, StartError> {
    stack::lay_out(room, top.0, start).map(VirtAddr)
}
