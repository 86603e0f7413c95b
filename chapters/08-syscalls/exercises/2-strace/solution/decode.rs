//! The memory of a program as text: bytes, a text, a list of texts.
//!
//! The program says where they are, and may say anything. So nothing is believed before it was
//! read, and no more is read than will be shown, but for the one byte or word that says whether
//! there is more.

use core::fmt::Write;

use super::Line;
use super::given::{MOST_BYTES, MOST_OF_PATH, MOST_TEXTS, Memory, address, word};

/// Shows `bytes` between quotation marks, as C has them. With `is_cut` there are dots behind.
pub fn quote(line: &mut Line, bytes: &[u8], is_cut: bool) {
    line.put("\"");
    for (index, byte) in bytes.iter().enumerate() {
        let is_before_digit = bytes.get(index + 1).is_some_and(u8::is_ascii_digit);
        escape(line, *byte, is_before_digit);
    }
    line.put(if is_cut { "\"..." } else { "\"" });
}

/// Shows `byte` as it is written in C. The digits of one that has no sign of its own are as few as
/// they can be, unless a digit follows.
fn escape(line: &mut Line, byte: u8, is_before_digit: bool) {
    // A line never fails: what does not fit in is left out.
    let _ = match byte {
        b'"' => line.write_str("\\\""),
        b'\\' => line.write_str("\\\\"),
        b'\n' => line.write_str("\\n"),
        b'\r' => line.write_str("\\r"),
        b'\t' => line.write_str("\\t"),
        0x0b => line.write_str("\\v"),
        0x0c => line.write_str("\\f"),
        b' '..=b'~' => line.write_char(char::from(byte)),
        _ if is_before_digit => write!(line, "\\{byte:03o}"),
        _ => write!(line, "\\{byte:o}"),
    };
}

/// Shows the `count` bytes at `place`, or the first [`MOST_BYTES`] of them. If what would be shown
/// is not there, nothing is shown, and the answer is no.
pub fn bytes(line: &mut Line, memory: Memory, place: u64, count: u64) -> bool {
    let mut bytes = [0; MOST_BYTES];
    let shown = usize::try_from(count).map_or(MOST_BYTES, |count| count.min(MOST_BYTES));
    let bytes = &mut bytes[..shown];
    if place == 0 || shown > 0 && !memory(place, bytes) {
        return false;
    }
    quote(line, bytes, count > MOST_BYTES as u64);
    true
}

/// Shows the text at `place`, up to its zero, or its first `most` bytes, which are no more than
/// [`MOST_OF_PATH`]. If what says so is not all there, nothing is shown, and the answer is no.
pub fn text(line: &mut Line, memory: Memory, place: u64, most: usize) -> bool {
    let mut bytes = [0; MOST_OF_PATH + 1];
    for index in 0..=most {
        // The byte behind the zero may be on a page that is not there.
        if !memory(place.saturating_add(index as u64), &mut bytes[index..=index]) {
            return false;
        }
        if bytes[index] == 0 {
            quote(line, &bytes[..index], false);
            return true;
        }
    }
    quote(line, &bytes[..most], true);
    true
}

/// Shows the texts whose addresses are at `place`, up to a null, or the first [`MOST_TEXTS`] of
/// them. If the first address is not there, nothing is shown, and the answer is no.
pub fn texts(line: &mut Line, memory: Memory, place: u64) -> bool {
    let address_of = |index: usize| word(memory, place.saturating_add(index as u64 * 8));
    if address_of(0).is_none() {
        return false;
    }
    line.put("[");
    for index in 0..=MOST_TEXTS {
        let found = address_of(index);
        if found == Some(0) {
            break;
        }
        line.put(if index > 0 { ", " } else { "" });
        match found.filter(|_| index < MOST_TEXTS) {
            Some(place) if text(line, memory, place, MOST_BYTES) => {}
            Some(place) => address(line, place),
            None => {
                line.put("...");
                break;
            }
        }
    }
    line.put("]");
    true
}
