//! Numbers in the memory of a program: the fields of the structures that calls take and give.
//!
//! A structure of Linux's is here what it is in memory: so many words of 64 or 32 bits, in the
//! order of its fields. To copy one is to copy those.

use super::Errno;
use crate::process::user::UserSlice;

/// The bytes at `place`.
pub fn read<const BYTES: usize>(place: u64) -> Result<[u8; BYTES], Errno> {
    let mut bytes = [0; BYTES];
    UserSlice::new(place, BYTES)?.read(0, &mut bytes)?;
    Ok(bytes)
}

/// Leaves `bytes` at `place`.
pub fn write(place: u64, bytes: &[u8]) -> Result<(), Errno> {
    UserSlice::new(place, bytes.len())?.write(0, bytes)?;
    Ok(())
}

/// The words of 64 bits at `place`.
pub fn read_words<const COUNT: usize>(place: u64) -> Result<[u64; COUNT], Errno> {
    let mut words = [0; COUNT];
    for (word, place) in words.iter_mut().zip(places(place, 8)) {
        *word = u64::from_le_bytes(read(place)?);
    }
    Ok(words)
}

/// The words of 32 bits at `place`.
pub fn read_halves<const COUNT: usize>(place: u64) -> Result<[u32; COUNT], Errno> {
    let mut halves = [0; COUNT];
    for (half, place) in halves.iter_mut().zip(places(place, 4)) {
        *half = u32::from_le_bytes(read(place)?);
    }
    Ok(halves)
}

/// Leaves `words` of 64 bits at `place`.
pub fn write_words(place: u64, words: &[u64]) -> Result<(), Errno> {
    words
        .iter()
        .zip(places(place, 8))
        .try_for_each(|(word, place)| write(place, &word.to_le_bytes()))
}

/// Leaves `halves`, words of 32 bits, at `place`.
pub fn write_halves(place: u64, halves: &[u32]) -> Result<(), Errno> {
    halves
        .iter()
        .zip(places(place, 4))
        .try_for_each(|(half, place)| write(place, &half.to_le_bytes()))
}

/// Addresses from `first` on, each `bytes` behind the one before it. Past the last address there is
/// nothing that could be copied, so none comes around to 0.
fn places(first: u64, bytes: u64) -> impl Iterator<Item = u64> {
    (0..).map(move |index: u64| first.saturating_add(index.saturating_mul(bytes)))
}

/// Leaves `structure` at `place`, as it is in memory.
pub fn write_structure<T: Structure>(place: u64, structure: &T) -> Result<(), Errno> {
    // SAFETY: a `Structure` is made of numbers without gaps, so each of its bytes is one.
    let bytes = unsafe {
        core::slice::from_raw_parts((&raw const *structure).cast::<u8>(), size_of::<T>())
    };
    write(place, bytes)
}

/// One of Linux's structures.
///
/// # Safety
///
/// It is made of numbers, and there is no gap between them.
pub unsafe trait Structure {}

// SAFETY: all fields are numbers; where the next would not be aligned there is one to fill the gap.
unsafe impl Structure for linux_raw_sys::general::stat {}
// SAFETY: as above.
unsafe impl Structure for linux_raw_sys::general::statfs64 {}
