//! Dies, in the way that its argument names: shows that a program can harm itself and nobody else.
//!
//! Each way is a thing that a processor refuses to do for a program. If it does it all the same,
//! the program says so, and ends with a status that tells.

#![no_std]
#![no_main]

use core::hint::black_box;

use user::arch::forbidden;
use user::{Start, println};

/// An address in the kernel's half.
const KERNEL: usize = 0xffff_c000_0000_0000;

/// The status of a program that has survived what it must not.
const SURVIVED: i32 = 3;

/// A constant.
static CONSTANT: [u8; 16] = *b"nobody writes me";

/// A way to die.
struct Way {
    name: &'static str,
    what: &'static str,
    run: fn(),
}

const fn way(name: &'static str, what: &'static str, run: fn()) -> Way {
    Way { name, what, run }
}

/// All of them.
static WAYS: [Way; 15] = [
    way("kernel", "reads the kernel's memory", || read(KERNEL)),
    way("kernel-jump", "jumps into the kernel", || call(KERNEL)),
    way("null", "jumps to address 0", || call(0)),
    way("null-read", "reads address 0", || read(0)),
    way("text", "writes its own code", || write(main as *const () as usize)),
    way("rodata", "writes a constant", || write(CONSTANT.as_ptr() as usize)),
    way("stack", "executes its stack", execute_stack),
    way("overflow", "calls itself until its stack is full", overflow),
    way("divide", "divides by zero", divide),
    way("privileged", "does what only the kernel may", forbidden::privileged),
    way("port", "writes to an I/O port", forbidden::port),
    way("undefined", "executes what is no instruction", forbidden::undefined),
    way("breakpoint", "stops for a debugger that is not there", forbidden::breakpoint),
    way("panic", "finds a bug in itself", || panic!("there is a bug in this program")),
    way("nowhere", "jumps to where nothing is mapped", || call(0x1000_0000_0000)),
];

#[unsafe(no_mangle)]
fn main(start: &Start) -> i32 {
    let name = start.argument(1).unwrap_or_default();
    match WAYS.iter().find(|way| way.name == name) {
        None => {
            println!("crash: needs a way to die, one of");
            WAYS.iter().for_each(|way| println!("  {:12} {}", way.name, way.what));
            2
        }
        Some(way) => {
            println!("crash: {}", way.what);
            (way.run)();
            println!("crash: and lives");
            SURVIVED
        }
    }
}

/// Reads the byte at `address`, which is not ours.
fn read(address: usize) {
    // SAFETY: the processor refuses; if not, nothing is made of the byte.
    unsafe { forbidden::read(address) };
}

/// Writes to `address`, which is ours to read only.
fn write(address: usize) {
    // SAFETY: the processor refuses; if not, this program is at its end anyway.
    unsafe { forbidden::write(address) };
}

/// Calls what is at `address`, which is no code of ours.
fn call(address: usize) {
    // SAFETY: the processor refuses; if not, the code on our stack returns, and all else is the
    // failure that this program is there to find.
    unsafe { forbidden::call(address) };
}

/// Puts code onto the stack, and calls it.
fn execute_stack() {
    let code = black_box(forbidden::RETURN);
    call(code.as_ptr() as usize);
}

/// Calls itself, with a frame large enough to get there soon.
fn overflow() {
    black_box(deeper(black_box(0)));
}

#[inline(never)]
fn deeper(depth: u64) -> u64 {
    let frame = black_box([depth; 128]);
    if depth == u64::MAX { 0 } else { deeper(depth + 1) + frame[1] }
}

/// Divides by zero; where that is no exception, it is right to live on.
fn divide() {
    let quotient = forbidden::divide(black_box(7), 0);
    println!("crash: 7 divided by 0 is {quotient}");
    if !forbidden::DIVISION_TRAPS {
        user::exit(0);
    }
}
