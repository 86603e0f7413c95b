//! Texts that a program passes by their address.

use super::interface::{Memory, TextError};

/// Reads the text at the address `start` of `memory` into `buffer`, which must have room for its
/// zero, too. The result is the text without the zero.
pub fn read_text<'a>(
    memory: &impl Memory,
    start: u64,
    buffer: &'a mut [u8],
) -> Result<&'a [u8], TextError> {
    let _ = memory;
    todo!("read the text at {start:#x} into {} bytes", buffer.len())
}
