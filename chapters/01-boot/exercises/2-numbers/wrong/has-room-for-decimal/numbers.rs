//! Numbers as text, in any base and width, without the formatter of the core library.
//!
//! Dividing by the base gives the digits from the last to the first, so they are kept until all are
//! known. No number has more digits than bits.

/// What a number that is too short is filled up with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// Blanks, in front of everything.
    Blanks,
    /// Zeros, in front of the digits and behind the sign.
    Zeros,
}

/// How a number is written.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// 2 to 36. Digits above 9 are the letters from `a` on.
    pub base: u64,
    /// The least number of characters, the sign included.
    pub width: usize,
    /// What makes up the width.
    pub fill: Fill,
}

/// The most digits that a number has: 2^64 has twenty.
const MOST_DIGITS: usize = 20;

/// Writes `value`; `put` gets one character after the other.
pub fn write_unsigned(value: u64, style: Style, put: &mut dyn FnMut(u8)) {
    write(b"", value, style, put);
}

/// Writes `value`, with a `-` in front if it is negative; `put` gets one character after the other.
pub fn write_signed(value: i64, style: Style, put: &mut dyn FnMut(u8)) {
    let sign: &[u8] = if value < 0 { b"-" } else { b"" };
    write(sign, value.unsigned_abs(), style, put);
}

fn write(sign: &[u8], value: u64, style: Style, put: &mut dyn FnMut(u8)) {
    let mut digits = [0; MOST_DIGITS];
    let first = fill_from_the_end(&mut digits, value, style.base);
    let digits = &digits[first..];
    let padding = style.width.saturating_sub(sign.len() + digits.len());
    if style.fill == Fill::Blanks {
        (0..padding).for_each(|_| put(b' '));
    }
    sign.iter().for_each(|byte| put(*byte));
    if style.fill == Fill::Zeros {
        (0..padding).for_each(|_| put(b'0'));
    }
    digits.iter().for_each(|byte| put(*byte));
}

/// Puts the digits of `value` at the end of `digits`, and returns where they begin.
fn fill_from_the_end(digits: &mut [u8; MOST_DIGITS], mut value: u64, base: u64) -> usize {
    let mut first = MOST_DIGITS;
    loop {
        first -= 1;
        digits[first] = digit(value % base);
        value /= base;
        if value == 0 {
            return first;
        }
    }
}

/// The character of a digit.
fn digit(value: u64) -> u8 {
    match value as u8 {
        value @ 0..=9 => b'0' + value,
        value => b'a' + (value - 10),
    }
}
