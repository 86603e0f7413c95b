//! `head` and `tail`: the first and the last lines of files, ten or as many as `-n` says.

use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::ffi::CStr;

use user::syscall::Errno;

use crate::options::Letters;
use crate::output::Output;
use crate::reader::{INPUT, Reader, or_input};
use crate::report::{complain, fail};
use crate::{FAILED, Words};

/// So many lines, unless somebody says otherwise.
const USUAL: usize = 10;

/// Prints the lines of a file that are wanted.
type Print = fn(&mut Reader, usize, &mut Output) -> Result<(), Errno>;

pub fn head(words: Words) -> u8 {
    run(&Letters { tool: "head", flags: "", valued: "n" }, words, print_first)
}

pub fn tail(words: Words) -> u8 {
    run(&Letters { tool: "tail", flags: "", valued: "n" }, words, print_last)
}

fn run(letters: &Letters, words: Words, print: Print) -> u8 {
    let (old, words) = old_count(words);
    let options = match letters.parse(words) {
        Ok(options) => options,
        Err(status) => return status,
    };
    let count = match options.value(b'n').or(old).map(number) {
        None => USUAL,
        Some(Some(count)) => count,
        Some(None) => {
            complain(letters.tool, b"-n", "this option needs a number of lines");
            return FAILED;
        }
    };
    let mut output = Output::new(letters.tool);
    let files = or_input(&options.operands);
    let mut status = 0;
    let mut is_first = true;
    for path in &files {
        let outcome = Reader::open(path).and_then(|mut reader| {
            if files.len() > 1 {
                output.write(if is_first { b"" } else { b"\n" });
                is_first = false;
                output.line(&[b"==> ", name(path), b" <=="].concat());
            }
            print(&mut reader, count, &mut output)
        });
        if let Err(error) = outcome {
            output.flush();
            fail(letters.tool, path.to_bytes(), error);
            status = FAILED;
        }
    }
    status
}

/// The count in the old way to say it, `-5`, and the other words.
fn old_count(words: Words) -> (Option<&'static [u8]>, Words) {
    match words.split_first().map(|(first, rest)| (first.to_bytes(), rest)) {
        Some(([b'-', digits @ ..], rest)) if digits.first().is_some_and(u8::is_ascii_digit) => {
            (Some(digits), rest)
        }
        _ => (None, words),
    }
}

fn name(path: &CStr) -> &[u8] {
    if path == INPUT { b"standard input" } else { path.to_bytes() }
}

fn number(digits: &[u8]) -> Option<usize> {
    str::from_utf8(digits).ok()?.parse().ok()
}

fn print_first(reader: &mut Reader, count: usize, output: &mut Output) -> Result<(), Errno> {
    let mut left = count;
    while left > 0 {
        let piece = reader.piece()?;
        if piece.is_empty() {
            return Ok(());
        }
        for line in piece.split_inclusive(|byte| *byte == b'\n').take(left) {
            output.write(line);
            left -= usize::from(line.ends_with(b"\n"));
        }
    }
    Ok(())
}

fn print_last(reader: &mut Reader, count: usize, output: &mut Output) -> Result<(), Errno> {
    let mut lines = VecDeque::new();
    let mut is_open = false;
    loop {
        let piece = reader.piece()?;
        if piece.is_empty() {
            break;
        }
        for part in piece.split_inclusive(|byte| *byte == b'\n') {
            match lines.back_mut().filter(|_| is_open) {
                Some(last) => Vec::extend(last, part),
                None => lines.push_back(Vec::from(part)),
            }
            is_open = !part.ends_with(b"\n");
            if lines.len() > count {
                lines.pop_front();
            }
        }
    }
    lines.iter().for_each(|line| output.write(line));
    Ok(())
}
