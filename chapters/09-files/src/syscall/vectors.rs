//! Memory in several pieces, as `readv` and `writev` have it: Linux's `struct iovec`.
//!
//! Linux, `man 2 readv`.

use alloc::vec::Vec;

use linux_raw_sys::errno::{EINVAL, ENOMEM};
use linux_raw_sys::general::UIO_MAXIOV;

use super::{Errno, words};
use crate::process::user::UserSlice;

/// Bytes of a `struct iovec`: an address and a length, eight each.
const IOVEC: usize = 16;

/// The most that is read or written in one call: Linux's MAX_RW_COUNT.
pub const MOST: usize = 0x7fff_f000;

/// The piece of `bytes` from `start` on, cut where one call has enough.
pub fn piece(start: u64, bytes: u64) -> Result<UserSlice, Errno> {
    let whole = UserSlice::new(start, bytes as usize)?;
    Ok(if whole.len() > MOST { UserSlice::new(start, MOST)? } else { whole })
}

/// The pieces that `count` structures from `start` on name, cut where one call has enough. All of
/// them are checked before anything is done with the first; their lengths before where they are.
pub fn pieces(start: u64, count: u64) -> Result<Vec<UserSlice>, Errno> {
    // The upper half of the count means nothing on Linux.
    let count = count as u32;
    if count > UIO_MAXIOV {
        return Err(Errno(EINVAL));
    }
    if count == 0 {
        return Ok(Vec::new());
    }
    let structures = UserSlice::new(start, count as usize * IOVEC)?;
    let mut named = Vec::new();
    named.try_reserve_exact(count as usize).map_err(|_| Errno(ENOMEM))?;
    for offset in (0..structures.len()).step_by(IOVEC) {
        let [start, length] = words::read_words(start + offset as u64)?;
        if length > i64::MAX as u64 {
            return Err(Errno(EINVAL));
        }
        named.push((start, length));
    }
    cut(&named)
}

/// The pieces that are named by a start and a length each.
fn cut(named: &[(u64, u64)]) -> Result<Vec<UserSlice>, Errno> {
    let mut pieces = Vec::new();
    pieces.try_reserve_exact(named.len()).map_err(|_| Errno(ENOMEM))?;
    let mut room = MOST;
    for (start, length) in named.iter().copied() {
        let whole = UserSlice::new(start, length as usize)?;
        let bytes = whole.len().min(room);
        pieces.push(UserSlice::new(start, bytes)?);
        room -= bytes;
    }
    Ok(pieces)
}
