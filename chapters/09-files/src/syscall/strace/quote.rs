//! Bytes as a text between quotation marks, in which every byte can be seen.

use core::fmt::Write;

use super::line::Line;

/// The most bytes of a text that are shown.
pub const MOST_BYTES: usize = 32;

/// Shows `bytes` between quotation marks. With `is_cut`, dots behind them say that there are more.
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
