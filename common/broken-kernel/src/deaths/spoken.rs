//! The deaths of a kernel that prints how it got there, as those with exception handlers do.
//!
//! This one has none: it walks its own frame pointers (see the host tool's `coroner::backtrace`)
//! and prints what they would print, with some rubbish between.

use core::hint::black_box;

use super::machine;
use crate::arch::{self, Status};

/// An address with no code of the kernel, and without any memory.
const NO_CODE: usize = 0x10_0000_0000;

/// As many calls as are printed.
const DEPTH: usize = 8;

/// Panics, as it were, two calls further down.
#[inline(never)]
pub fn tells_its_way() {
    asks_for_trouble(2);
}

/// Calls itself `count` times, then prints and ends.
#[inline(never)]
fn asks_for_trouble(count: usize) {
    if count > 0 {
        asks_for_trouble(black_box(count - 1));
        black_box(count);
        return;
    }
    println!("panic: as it were");
    println!("  backtrace:");
    println!("    in the dark");
    println!("    from {NO_CODE:#x}");
    print_calls();
    println!("  power-off with status {}", Status::Failure as u32);
    arch::power_off(Status::Failure);
}

/// Reports an exception, as it were, in another function; an older one is behind it.
#[inline(never)]
pub fn tells_its_place() {
    println!("  backtrace:");
    println!("    in {:#x}", tells_its_way as *const () as usize);
    println!("trap: as it were");
    tell_exception_at(is_to_blame as *const () as usize);
}

/// Reports an exception, as it were, after a jump to where no code is.
#[inline(never)]
pub fn tells_no_place() {
    tell_exception_at(NO_CODE);
}

/// A function with an address.
#[inline(never)]
fn is_to_blame() {
    black_box(NO_CODE);
}

#[inline(never)]
fn tell_exception_at(place: usize) {
    println!("  backtrace:");
    println!("    in {place:#x}");
    print_calls();
    // Half a line is the last that is heard.
    print!("    from 0x");
    arch::power_off(Status::Failure);
}

/// Prints the calls that led to the caller.
#[inline(always)]
fn print_calls() {
    let mut frame = machine::frame() as *const [usize; 2];
    for _ in 0..DEPTH {
        if frame.is_null() {
            return;
        }
        // SAFETY: kernels are built with frame pointers, which lead from record to record on the
        // boot stack until the zero that the entry began with.
        let [caller, address] = unsafe { frame.read() };
        println!("    from {address:#x}");
        frame = caller as *const [usize; 2];
    }
}
