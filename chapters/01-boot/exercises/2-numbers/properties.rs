//! Numbers against the formatter of the standard library where it has the base, and against the
//! meaning of digits where it has not.

use exercise_host::{Property, holds_for, properties};
use ktest::expect;
use numbers::{Fill, Style, write_signed, write_unsigned};
use proptest::prelude::*;

#[forbid(unsafe_code)]
mod numbers;

/// What is tried.
pub const PROPERTIES: &[Property] = properties![
    unsigned_numbers_are_like_format,
    signed_numbers_are_like_format,
    digits_mean_the_number,
    formatter_is_not_asked,
];

/// Words that the file has if it asks the core library to do the work.
const OTHERS: &[&str] = &["core::fmt", "std::fmt", "format_args!", "write!", "from_str_radix"];

/// What was written.
fn text(write: impl FnOnce(&mut dyn FnMut(u8))) -> String {
    let mut bytes = Vec::new();
    write(&mut |byte| bytes.push(byte));
    String::from_utf8_lossy(&bytes).into_owned()
}

fn style(base: impl Strategy<Value = u64>) -> impl Strategy<Value = Style> {
    let fill = prop_oneof![Just(Fill::Blanks), Just(Fill::Zeros)];
    (base, 0..80_usize, fill).prop_map(|(base, width, fill)| Style { base, width, fill })
}

/// A base that the standard library can write.
fn usual_base() -> impl Strategy<Value = u64> {
    prop_oneof![Just(2_u64), Just(8), Just(10), Just(16)]
}

/// Numbers of all lengths: most of those that are drawn evenly are long.
fn value() -> impl Strategy<Value = u64> {
    (any::<u64>(), 0..64_u32).prop_map(|(bits, shift)| bits >> shift)
}

fn unsigned_numbers_are_like_format() {
    holds_for((value(), style(usual_base())), |(value, style)| {
        let width = style.width;
        let expected = match (style.base, style.fill) {
            (2, Fill::Blanks) => format!("{value:width$b}"),
            (2, Fill::Zeros) => format!("{value:0width$b}"),
            (8, Fill::Blanks) => format!("{value:width$o}"),
            (8, Fill::Zeros) => format!("{value:0width$o}"),
            (16, Fill::Blanks) => format!("{value:width$x}"),
            (16, Fill::Zeros) => format!("{value:0width$x}"),
            (_, Fill::Blanks) => format!("{value:width$}"),
            (_, Fill::Zeros) => format!("{value:0width$}"),
        };
        expect((value, style), text(|put| write_unsigned(value, style, put)), expected);
    });
}

fn signed_numbers_are_like_format() {
    holds_for((value(), any::<bool>(), style(Just(10))), |(value, is_negative, style)| {
        let value = if is_negative { value.cast_signed().wrapping_neg() } else { value as i64 };
        let width = style.width;
        let expected = match style.fill {
            Fill::Blanks => format!("{value:width$}"),
            Fill::Zeros => format!("{value:0width$}"),
        };
        expect((value, style), text(|put| write_signed(value, style, put)), expected);
    });
}

fn digits_mean_the_number() {
    holds_for((value(), style(2..=36_u64)), |(value, style)| {
        let written = text(|put| write_unsigned(value, style, put));
        let digits = written.trim_start_matches(' ');
        let read = u64::from_str_radix(digits, style.base as u32).ok();
        expect((value, style, &written), read, Some(value));
        expect(("lower case", style, &written), written.to_lowercase(), written.clone());
        let needed = (1..).find(|digits| match style.base.checked_pow(*digits) {
            None => true,
            Some(limit) => value < limit,
        });
        let length = style.width.max(needed.unwrap_or(1) as usize);
        expect(("characters of", value, style, &written), written.len(), length);
    });
}

fn formatter_is_not_asked() {
    let file = include_str!("numbers.rs");
    let code = file.lines().filter(|line| !line.trim_start().starts_with("//"));
    for line in code {
        let found = OTHERS.iter().find(|word| line.contains(*word));
        expect(("a line of numbers.rs", line.trim()), found, None);
    }
}
