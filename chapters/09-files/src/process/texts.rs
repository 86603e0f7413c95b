//! Texts that a program passes: each ends with a zero byte, wherever that is.

use alloc::vec::Vec;

use super::user::{BadAddress, UserSlice};
use crate::memory::address::{FRAME_SIZE, VirtAddr};

/// Why a text cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextError {
    /// It is not where the program says.
    BadAddress,
    /// It is longer than it may be.
    TooLong,
    /// There is no memory for it.
    NoMemory,
}

impl From<BadAddress> for TextError {
    fn from(_: BadAddress) -> Self {
        Self::BadAddress
    }
}

/// Bytes of the longest text that a program may pass to another, without its zero. (Linux,
/// `include/uapi/linux/binfmts.h`, MAX_ARG_STRLEN.)
const LONGEST: usize = 32 * FRAME_SIZE as usize - 1;

/// How much is read in one go.
const CHUNK: u64 = 128;

/// The text at `start`, without its zero, of at most `limit` bytes.
pub fn read(start: u64, limit: usize) -> Result<Vec<u8>, TextError> {
    let mut text = Vec::new();
    let mut place = start;
    loop {
        // What lies behind the text need not be mapped: nothing is read beyond its page.
        let page_end = VirtAddr(place).align_down(FRAME_SIZE).0.saturating_add(FRAME_SIZE);
        let mut chunk = [0; CHUNK as usize];
        let part = &mut chunk[..CHUNK.min(page_end - place) as usize];
        UserSlice::new(place, part.len())?.read(0, part)?;
        let end = part.iter().position(|byte| *byte == 0);
        let part = &part[..end.unwrap_or(part.len())];
        if text.len() + part.len() > limit {
            return Err(TextError::TooLong);
        }
        text.try_reserve(part.len()).map_err(|_| TextError::NoMemory)?;
        text.extend_from_slice(part);
        if end.is_some() {
            return Ok(text);
        }
        place += part.len() as u64;
    }
}

/// The texts whose addresses stand at `start` and behind, up to a null; none if `start` is null.
/// All of them together may have `limit` bytes, where each address counts as well.
pub fn read_all(start: u64, limit: usize) -> Result<Vec<Vec<u8>>, TextError> {
    let mut texts = Vec::new();
    let mut left = limit;
    let mut place = start;
    while place != 0 {
        let mut address = [0; 8];
        UserSlice::new(place, 8)?.read(0, &mut address)?;
        let address = u64::from_le_bytes(address);
        if address == 0 {
            break;
        }
        let text = read(address, left.min(LONGEST))?;
        left = left.checked_sub(text.len() + 1 + 8).ok_or(TextError::TooLong)?;
        texts.try_reserve(1).map_err(|_| TextError::NoMemory)?;
        texts.push(text);
        place = place.checked_add(8).ok_or(TextError::BadAddress)?;
    }
    Ok(texts)
}
