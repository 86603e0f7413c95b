//! The memory of a program as text: bytes, a text, a list of texts.

use core::fmt::Write;

use super::Line;
use super::given::{MOST_BYTES, MOST_OF_PATH, MOST_TEXTS, Memory, address, word};

/// Shows `bytes` between quotation marks, as C has them. With `is_cut` there are dots behind.
pub fn quote(line: &mut Line, bytes: &[u8], is_cut: bool) {
    todo!("quote {bytes:?}, is_cut {is_cut}, behind {:?}", line.text())
}

/// Shows the `count` bytes at `place`, or the first [`MOST_BYTES`] of them. If what would be shown
/// is not there, nothing is shown, and the answer is no.
pub fn bytes(line: &mut Line, memory: Memory, place: u64, count: u64) -> bool {
    let first = memory(place, &mut [0]);
    todo!("show {count} bytes at {place:#x}, {first}, behind {:?}", line.text())
}

/// Shows the text at `place`, up to its zero, or its first `most` bytes, which are no more than
/// [`MOST_OF_PATH`]. If what says so is not all there, nothing is shown, and the answer is no.
pub fn text(line: &mut Line, memory: Memory, place: u64, most: usize) -> bool {
    let first = memory(place, &mut [0]);
    todo!("show {most} bytes of the text at {place:#x}, {first}, behind {:?}", line.text())
}

/// Shows the texts whose addresses are at `place`, up to a null, or the first [`MOST_TEXTS`] of
/// them. If the first address is not there, nothing is shown, and the answer is no.
pub fn texts(line: &mut Line, memory: Memory, place: u64) -> bool {
    let first = word(memory, place);
    todo!("show the texts at {place:#x}, the first at {first:?}, behind {:?}", line.text())
}
