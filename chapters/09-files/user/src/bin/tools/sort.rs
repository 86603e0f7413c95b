//! `sort`: prints the lines of all files in order: of their bytes, or with `-n` of the numbers that
//! they begin with; with `-r` the other way round, with `-u` each only once.

use alloc::vec::Vec;
use core::cmp::Ordering;

use user::syscall::Errno;

use crate::options::Letters;
use crate::output::Output;
use crate::reader::{Reader, or_input};
use crate::report::fail;
use crate::{WRONG_USE, Words};

const LETTERS: Letters = Letters { tool: "sort", flags: "rnu", valued: "" };

pub fn run(words: Words) -> u8 {
    let options = match LETTERS.parse(words) {
        Ok(options) => options,
        Err(status) => return status,
    };
    let mut lines = Vec::new();
    for path in or_input(&options.operands) {
        if let Err(error) = Reader::open(path).and_then(|reader| gather(reader, &mut lines)) {
            fail(LETTERS.tool, path.to_bytes(), error);
            return WRONG_USE;
        }
    }
    let (is_numeric, is_once) = (options.has(b'n'), options.has(b'u'));
    let compare = |one: &Vec<u8>, other: &Vec<u8>| {
        let order = if is_numeric { by_number(one, other) } else { one.cmp(other) };
        // Of lines that are equal and not the same, the bytes decide, unless one has to go.
        let order = if is_once { order } else { order.then_with(|| one.cmp(other)) };
        if options.has(b'r') { order.reverse() } else { order }
    };
    lines.sort_by(compare);
    if is_once {
        lines.dedup_by(|one, other| compare(one, other) == Ordering::Equal);
    }
    let mut output = Output::new(LETTERS.tool);
    lines.iter().for_each(|line| output.line(line));
    0
}

fn gather(mut reader: Reader, lines: &mut Vec<Vec<u8>>) -> Result<(), Errno> {
    let mut line = Vec::new();
    while reader.line(&mut line)? {
        lines.push(line.clone());
    }
    Ok(())
}

fn by_number(one: &[u8], other: &[u8]) -> Ordering {
    let (one, other) = (Number::of(one), Number::of(other));
    match (one.is_negative, other.is_negative) {
        (false, false) => one.compare_size(&other),
        (true, true) => other.compare_size(&one),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
    }
}

/// The number at the start of a line, in digits: it may be larger than any type.
struct Number<'a> {
    is_negative: bool,
    /// Without zeroes at the start,
    whole: &'a [u8],
    /// and at the end.
    fraction: &'a [u8],
}

impl<'a> Number<'a> {
    fn of(line: &'a [u8]) -> Self {
        let line = line.trim_ascii_start();
        let (has_sign, rest) = match line.strip_prefix(b"-") {
            Some(rest) => (true, rest),
            None => (false, line),
        };
        let (whole, rest) = digits(rest);
        let fraction = rest.strip_prefix(b".").map_or(&b""[..], |rest| digits(rest).0);
        let start = whole.iter().take_while(|digit| **digit == b'0').count();
        let end = fraction.iter().rposition(|digit| *digit != b'0').map_or(0, |last| last + 1);
        let (whole, fraction) = (&whole[start..], &fraction[..end]);
        let is_zero = whole.is_empty() && fraction.is_empty();
        Self { is_negative: has_sign && !is_zero, whole, fraction }
    }

    fn compare_size(&self, other: &Self) -> Ordering {
        let by_length = self.whole.len().cmp(&other.whole.len());
        by_length.then(self.whole.cmp(other.whole)).then(self.fraction.cmp(other.fraction))
    }
}

/// The digits with which `text` begins, and the rest.
fn digits(text: &[u8]) -> (&[u8], &[u8]) {
    text.split_at(text.iter().take_while(|byte| byte.is_ascii_digit()).count())
}
