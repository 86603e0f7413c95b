//! What a program finds on its stack when it starts.

use super::start::{Start, StartError};

/// Lays out the stack of a program that starts, in `room`, which is the memory right below the
/// address `top`. The result is the stack pointer.
pub fn lay_out(room: &mut [u8], top: u64, start: &Start) -> Result<u64, StartError> {
    todo!("lay out what is in {start:?} in {} bytes below {top:#x}", room.len())
}
