//! `cat`: prints files, one behind the other; with `-n`, the number of each line before it.

use alloc::format;

use user::syscall::Errno;

use crate::options::Letters;
use crate::output::Output;
use crate::reader::{Reader, or_input};
use crate::report::fail;
use crate::{FAILED, Words};

const LETTERS: Letters = Letters { tool: "cat", flags: "nu", valued: "" };

pub fn run(words: Words) -> u8 {
    let options = match LETTERS.parse(words) {
        Ok(options) => options,
        Err(status) => return status,
    };
    let mut output = Output::new(LETTERS.tool);
    let mut number = options.has(b'n').then_some(0);
    let mut is_line_start = true;
    let mut status = 0;
    for path in or_input(&options.operands) {
        let mut print = |bytes: &[u8]| match &mut number {
            None => output.write(bytes),
            Some(number) => print_numbered(&mut output, bytes, number, &mut is_line_start),
        };
        let outcome = Reader::open(path).and_then(|reader| each_piece(reader, &mut print));
        // What comes slowly is shown as it comes.
        output.flush();
        if let Err(error) = outcome {
            fail(LETTERS.tool, path.to_bytes(), error);
            status = FAILED;
        }
    }
    status
}

fn each_piece(mut reader: Reader, print: &mut impl FnMut(&[u8])) -> Result<(), Errno> {
    loop {
        match reader.piece()? {
            [] => return Ok(()),
            bytes => print(bytes),
        }
    }
}

fn print_numbered(output: &mut Output, bytes: &[u8], number: &mut u64, is_line_start: &mut bool) {
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if *is_line_start {
            *number += 1;
            output.write(format!("{number:6}\t").as_bytes());
        }
        output.write(line);
        *is_line_start = line.ends_with(b"\n");
    }
}
