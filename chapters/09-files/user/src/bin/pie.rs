//! A program that can lie anywhere: shows that addresses in its data are mended.
//!
//! `build.rs` has it linked differently from all others: as if it lay at address 0. The table below
//! has the addresses of functions and of texts, which are right only after the load address was
//! added to each.

#![no_std]
#![no_main]

use core::hint::black_box;

use user::{Start, println};

/// The address that the linker gives the first byte of other programs.
const USUAL: usize = 0x20_0000;

/// Something to do with a number, and its name.
type Work = (&'static str, fn(u32) -> u32);

/// What this program can do.
static TABLE: [Work; 3] =
    [("double", |number| 2 * number), ("square", |number| number * number), ("next", |it| it + 1)];

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    let table = black_box(&TABLE);
    for (name, work) in table {
        println!("pie: the {name} of 7 is {}", work(7));
    }
    let place = table.as_ptr() as usize;
    if place < 2 * USUAL {
        println!("pie: but it lies at {place:#x}, where it was linked");
        return 1;
    }
    0
}
