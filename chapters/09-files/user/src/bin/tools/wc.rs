//! `wc`: counts lines, words and bytes; `-l`, `-w` and `-c` choose among them.

use alloc::format;
use alloc::vec::Vec;
use core::ffi::CStr;

use user::status::{Kind, fstat};
use user::syscall::Errno;

use crate::options::{Letters, Options};
use crate::output::Output;
use crate::reader::{INPUT, Reader, or_input};
use crate::report::fail;
use crate::{FAILED, Words};

const LETTERS: Letters = Letters { tool: "wc", flags: "lwc", valued: "" };

/// The least width of a number where nobody knows how large it will be.
const USUAL_WIDTH: usize = 7;

/// Lines, words and bytes.
type Counts = [u64; 3];

pub fn run(words: Words) -> u8 {
    let options = match LETTERS.parse(words) {
        Ok(options) => options,
        Err(status) => return status,
    };
    let mut status = 0;
    let (mut rows, mut total) = (Vec::new(), Counts::default());
    let (mut size, mut least) = (0, 1);
    for path in or_input(&options.operands) {
        let outcome = Reader::open(path).and_then(|mut reader| {
            match known_size(&reader) {
                Some(bytes) => size += bytes,
                None => least = USUAL_WIDTH,
            }
            let mut counts = Counts::default();
            let outcome = count(&mut reader, &mut counts);
            total = core::array::from_fn(|index| total[index] + counts[index]);
            rows.push((counts, path));
            outcome
        });
        if let Err(error) = outcome {
            fail(LETTERS.tool, path.to_bytes(), error);
            status = FAILED;
        }
    }
    let is_one = options.operands.len() <= 1;
    let width = if is_one && chosen(&options).len() == 1 { 1 } else { least.max(digits(size)) };
    let mut output = Output::new(LETTERS.tool);
    rows.iter().for_each(|(counts, path)| print(&mut output, &options, width, counts, path));
    if !is_one {
        print(&mut output, &options, width, &total, c"total");
    }
    status
}

/// How many bytes are in the file, as far as it knows itself.
fn known_size(reader: &Reader) -> Option<u64> {
    let status = fstat(reader.descriptor).ok()?;
    (status.kind() == Some(Kind::File)).then_some(status.size)
}

/// Adds what is in the file to `counts`.
fn count(reader: &mut Reader, counts: &mut Counts) -> Result<(), Errno> {
    let [lines, words, bytes] = counts;
    let mut is_in_word = false;
    loop {
        let piece = reader.piece()?;
        if piece.is_empty() {
            return Ok(());
        }
        *bytes += piece.len() as u64;
        for byte in piece {
            *lines += u64::from(*byte == b'\n');
            // What C calls blank: also a vertical tab.
            let is_blank = byte.is_ascii_whitespace() || *byte == 0x0b;
            *words += u64::from(!is_blank && !is_in_word);
            is_in_word = !is_blank;
        }
    }
}

/// Which of the counts are asked for.
fn chosen(options: &Options) -> Vec<usize> {
    let all = [(0, b'l'), (1, b'w'), (2, b'c')];
    let given: Vec<usize> = all
        .into_iter()
        .filter(|(_, letter)| options.has(*letter))
        .map(|(index, _)| index)
        .collect();
    if given.is_empty() { [0, 1, 2].into() } else { given }
}

fn print(output: &mut Output, options: &Options, width: usize, counts: &Counts, path: &CStr) {
    let numbers = chosen(options).into_iter().map(|index| format!("{:width$}", counts[index]));
    let mut line = numbers.collect::<Vec<_>>().join(" ").into_bytes();
    if !(path == INPUT && options.operands.is_empty()) {
        line.push(b' ');
        line.extend(path.to_bytes());
    }
    output.line(&line);
}

fn digits(number: u64) -> usize {
    number.checked_ilog10().map_or(1, |power| power as usize + 1)
}
