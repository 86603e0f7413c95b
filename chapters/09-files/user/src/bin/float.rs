//! Keeps numbers in the registers for floating point and vectors, through many system calls and
//! through many ticks: shows that they belong to the program, and to no other and not to the
//! kernel.

#![no_std]
#![no_main]

use core::hint::black_box;

use user::arch::FloatRegisters;
use user::{Start, println, syscall};

/// How many system calls the registers must survive.
const CALLS: usize = 60;

/// How often to go round a loop of a few instructions, for some hundred milliseconds.
const ROUNDS: u64 = 100_000_000;

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    let first = FloatRegisters::get();
    if first != FloatRegisters::FIRST {
        println!("float: the registers had somebody's values at the start: {first:x?}");
        return 1;
    }
    let pattern = pattern();
    pattern.set();
    for _ in 0..CALLS {
        let _ = syscall::write(syscall::STDOUT, b".");
    }
    if !is_kept(&pattern, "\nfloat: after system calls") {
        return 1;
    }
    spin();
    if is_kept(&pattern, "float: after a while") { 0 } else { 1 }
}

/// A different value for each register, and a way to round that is not the usual one.
fn pattern() -> FloatRegisters {
    let mut pattern = FloatRegisters::FIRST;
    for (index, vector) in (1..).zip(&mut pattern.vectors) {
        *vector = u128::MAX / 0xff * index;
    }
    FloatRegisters { control: FloatRegisters::TOWARDS_ZERO, ..pattern }
}

/// Whether the registers are what they were; tells it.
fn is_kept(pattern: &FloatRegisters, when: &str) -> bool {
    let found = FloatRegisters::get();
    let is_kept = found == *pattern;
    match is_kept {
        true => println!("{when}: all are as they were"),
        false => println!("{when}: not {pattern:x?} but {found:x?}"),
    }
    is_kept
}

/// Stays away from the kernel.
fn spin() {
    for round in 0..ROUNDS {
        black_box(round);
    }
}
