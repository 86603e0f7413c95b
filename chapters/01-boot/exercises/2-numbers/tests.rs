//! What the kernel expects of numbers as text.

use core::fmt;

use ktest::expect;

use super::numbers::{Fill, Style, write_signed, write_unsigned};

/// More characters than any test here asks for.
const MOST: usize = 96;

/// What was written, to be compared and shown.
#[derive(PartialEq)]
struct Text {
    bytes: [u8; MOST],
    length: usize,
}

impl Text {
    fn new(write: impl FnOnce(&mut dyn FnMut(u8))) -> Self {
        let mut text = Self { bytes: [0; MOST], length: 0 };
        write(&mut |byte| {
            let place = text.bytes.get_mut(text.length);
            *place.expect("no number here has so many characters") = byte;
            text.length += 1;
        });
        text
    }

    fn of(text: &str) -> Self {
        Self::new(|put| text.bytes().for_each(put))
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "\"{}\"", self.bytes[..self.length].escape_ascii())
    }
}

/// A style without a width.
const fn base(base: u64) -> Style {
    Style { base, width: 0, fill: Fill::Blanks }
}

#[track_caller]
fn check(value: u64, style: Style, text: &str) {
    let seen = Text::new(|put| write_unsigned(value, style, put));
    expect((value, style), seen, Text::of(text));
}

#[track_caller]
fn check_signed(value: i64, style: Style, text: &str) {
    let seen = Text::new(|put| write_signed(value, style, put));
    expect((value, style), seen, Text::of(text));
}

ktest::test! {
    /// A number is written from its highest digit to its lowest.
    fn digits_come_in_order() {
        check(1234, base(10), "1234");
        check(0o777, base(8), "777");
        check(7, base(10), "7");
    }

    /// Digits above 9 are the letters from `a` to `z`.
    fn letters_follow_nine() {
        check(0xdead_beef, base(16), "deadbeef");
        check(35, base(36), "z");
        check(10 * 36 + 9, base(36), "a9");
    }

    /// Zero has one digit.
    fn zero_is_a_digit() {
        check(0, base(10), "0");
        check(0, base(2), "0");
        check_signed(0, Style { base: 16, width: 3, fill: Fill::Blanks }, "  0");
    }

    /// The largest number is written in the base in which it is longest.
    fn longest_number_has_room() {
        let ones = [b'1'; 64];
        check(u64::MAX, base(2), str::from_utf8(&ones).expect("ones are text"));
        check(u64::MAX, base(10), "18446744073709551615");
    }

    /// What is too short is filled up from the left, and what is too long is not cut.
    fn width_is_the_least() {
        check(42, Style { base: 10, width: 5, fill: Fill::Blanks }, "   42");
        check(42, Style { base: 10, width: 5, fill: Fill::Zeros }, "00042");
        check(12345, Style { base: 10, width: 3, fill: Fill::Zeros }, "12345");
        let long = "                                                                  110";
        check(6, Style { base: 2, width: 69, fill: Fill::Blanks }, long);
    }

    /// A negative number has its sign in front, and the sign is part of the width.
    fn sign_is_part_of_the_width() {
        check_signed(-7, base(10), "-7");
        check_signed(-5, Style { base: 2, width: 6, fill: Fill::Blanks }, "  -101");
        check_signed(7, Style { base: 10, width: 3, fill: Fill::Zeros }, "007");
    }

    /// Zeros stand between the sign and the digits.
    fn zeros_follow_the_sign() {
        check_signed(-7, Style { base: 10, width: 5, fill: Fill::Zeros }, "-0007");
    }

    /// The lowest number, which has no positive twin, is written like others.
    fn lowest_number_is_written() {
        check_signed(i64::MIN, base(10), "-9223372036854775808");
        check_signed(i64::MIN, base(16), "-8000000000000000");
    }
}
