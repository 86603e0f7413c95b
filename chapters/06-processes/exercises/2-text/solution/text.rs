//! Texts that a program passes by their address.
//!
//! Where a text ends is not known before it has been read, and what lies behind it may not be
//! there. But if one byte of a page can be read, all of it can. So it is read by as much as is left
//! of a page at a time.

use super::interface::{Memory, NotThere, PAGE, TextError, USER_END};

/// Reads the text at the address `start` of `memory` into `buffer`, which must have room for its
/// zero, too. The result is the text without the zero.
pub fn read_text<'a>(
    memory: &impl Memory,
    start: u64,
    buffer: &'a mut [u8],
) -> Result<&'a [u8], TextError> {
    let mut done = 0;
    while done < buffer.len() {
        let from = start.checked_add(done as u64).filter(|from| *from < USER_END);
        let from = from.ok_or(TextError::BadAddress)?;
        let count = (PAGE - from % PAGE).min((buffer.len() - done) as u64) as usize;
        let part = &mut buffer[done..done + count];
        memory.copy(from, part).map_err(|NotThere| TextError::BadAddress)?;
        if let Some(length) = part.iter().position(|byte| *byte == 0) {
            return Ok(&buffer[..done + length]);
        }
        done += count;
    }
    Err(TextError::TooLong)
}
