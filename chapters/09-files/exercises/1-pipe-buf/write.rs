//! What a write puts into a pipe, and when.

use super::{ATOMIC, FileError, Seen, Writer};

/// How much room there must be before a write of `wanted` bytes puts in any.
pub fn needed(wanted: usize) -> usize {
    todo!("how much room must there be for the first bytes of {wanted}?")
}

/// Writes, and says how many bytes were put in; or the error, if there were none.
pub fn write(writer: &Writer) -> Result<usize, FileError> {
    todo!("put {} bytes into the pipe", writer.wanted())
}
