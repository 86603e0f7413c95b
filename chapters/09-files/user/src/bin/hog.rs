//! Computes for as long as it may, without ever waiting for anything: what a fair scheduler must
//! keep from having the processor for itself.

#![no_std]
#![no_main]

use user::{Start, println};

/// How much it computes: a second's work or so, in an emulated machine less.
const ROUNDS: u64 = 60_000_000;

#[unsafe(no_mangle)]
fn main(start: &Start) -> i32 {
    let name = start.argument(1).unwrap_or("");
    let mut state: u64 = 1;
    for _ in 0..ROUNDS {
        // A step of a generator by Marsaglia: each needs the one before, so none can be left out.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
    }
    println!("hog {name}: {state:#x}");
    0
}
