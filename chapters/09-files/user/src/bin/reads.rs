//! Reads until the input ends, and ends with the number of lines: shows that a program waits for
//! what is typed, and whatever comes while it waits.

#![no_std]
#![no_main]

use user::{Start, input, println};

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    let mut lines = 0;
    let mut bytes = [0; 100];
    loop {
        match input::read(0, &mut bytes) {
            Ok(0) => return lines,
            Ok(count) => {
                let newlines = bytes[..count].iter().filter(|byte| **byte == b'\n');
                lines += newlines.count() as i32;
            }
            Err(error) => {
                println!("reads: {error}");
                return 101;
            }
        }
    }
}
