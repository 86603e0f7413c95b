//! Numbers as text, in any base and width, without the formatter of the core library.

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

/// Writes `value`; `put` gets one character after the other.
pub fn write_unsigned(value: u64, style: Style, put: &mut dyn FnMut(u8)) {
    let _ = put;
    todo!("write {value} in {style:?}")
}

/// Writes `value`, with a `-` in front if it is negative; `put` gets one character after the other.
pub fn write_signed(value: i64, style: Style, put: &mut dyn FnMut(u8)) {
    let _ = put;
    todo!("write {value}, which may be negative, in {style:?}")
}
