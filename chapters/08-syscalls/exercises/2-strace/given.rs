//! What the decoder works with: the memory of a program, and how much of it is shown.
//!
//! Given, not to be written.

use core::fmt::Write;

use super::Line;

/// The most bytes that are shown, and the most bytes of a text in a list.
pub const MOST_BYTES: usize = 32;

/// The most bytes of a text that are shown if it stands for itself: a path.
pub const MOST_OF_PATH: usize = 128;

/// The most texts of a list that are shown.
pub const MOST_TEXTS: usize = 16;

/// Copies what is at an address of the program's memory, as many bytes as there is room for. It
/// says whether all of them are there; if not, what is in the buffer means nothing.
pub type Memory<'a> = &'a dyn Fn(u64, &mut [u8]) -> bool;

/// The word of 64 bits at `place`, if it is there.
pub fn word(memory: Memory, place: u64) -> Option<u64> {
    let mut bytes = [0; 8];
    memory(place, &mut bytes).then_some(u64::from_le_bytes(bytes))
}

/// Shows an address that is not looked at, or where there is nothing.
pub fn address(line: &mut Line, value: u64) {
    // A line never fails: what does not fit in is left out.
    let _ = match value {
        0 => line.write_str("NULL"),
        _ => write!(line, "{value:#x}"),
    };
}
