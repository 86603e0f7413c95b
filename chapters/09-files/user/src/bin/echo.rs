//! Prints its arguments, with a blank between each two; with `-n`, nothing behind the last.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec::Vec;
use core::ffi::CStr;

use user::Start;
use user::syscall::{STDOUT, write};

#[unsafe(no_mangle)]
fn main(start: &Start) -> i32 {
    let words: Vec<&[u8]> = start.arguments().skip(1).map(CStr::to_bytes).collect();
    let (words, end): (_, &[u8]) = match words.as_slice() {
        [b"-n", words @ ..] => (words, b""),
        words => (words, b"\n"),
    };
    let mut line = words.join(&b' ');
    line.extend(end);
    let mut rest = line.as_slice();
    while !rest.is_empty() {
        match write(STDOUT, rest) {
            Ok(count) => rest = &rest[count..],
            Err(_) => return 1,
        }
    }
    0
}
