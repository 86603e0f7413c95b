//! Tries out `brk`: the end of the heap goes up and down, and where it cannot go it stays.
//!
//! This program has no heap of its own: it would be the same one.

#![no_std]
#![no_main]

use linux_raw_sys::general;
use user::memory::{PAGE, brk};
use user::{Start, report};

unsafe extern "C" {
    /// The first byte behind the program's data; the linker knows it.
    static _end: u8;
}

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    let start = set(0);
    report::truth("brk: the heap begins behind the data", start >= &raw const _end as usize);
    report::truth("brk: it is always the same", set(0) == start);
    growing(start);
    shrinking(start);
    report::truth("brk: below the start it stays", set(start - 1) == start);
    report::truth("brk: in the kernel it stays", set(usize::MAX - PAGE) == start);
    report::truth("brk: 2 to the 46 bytes up it stays", set(start + (1 << 46)) == start);
    report::truth("brk: it is where it was", set(0) == start);
    0
}

/// Moves the end of the heap.
fn set(end: usize) -> usize {
    // SAFETY: nobody has anything in the heap.
    unsafe { brk(end) }
}

fn put(address: usize, byte: u8) {
    // SAFETY: it is in the heap, which nobody else uses, or else the processor refuses.
    unsafe { (address as *mut u8).write_volatile(byte) };
}

fn get(address: usize) -> u8 {
    // SAFETY: as for `put`; all bytes are values.
    unsafe { (address as *const u8).read_volatile() }
}

fn growing(start: usize) {
    report::truth("brk: a byte up", set(start + 1) == start + 1);
    report::truth("brk: a page up", set(start + PAGE) == start + PAGE);
    report::truth("brk: 100 pages up", set(start + 100 * PAGE) == start + 100 * PAGE);
    report::truth("brk: zeroes", (0..100 * PAGE).all(|index| get(start + index) == 0));
    (0..100).for_each(|index| put(start + index * PAGE, index as u8));
    let sum: u32 = (0..100).map(|index| u32::from(get(start + index * PAGE))).sum();
    report::value("brk: what was written is there", sum);
    report::child("brk: in a copy as well", || i32::from(get(start + 99 * PAGE)));
    report::child("brk: whose heap is its own", || i32::from(set(start) != start));
    report::value("brk: the original's is as before", get(start + 99 * PAGE));
}

fn shrinking(start: usize) {
    let page = start.next_multiple_of(PAGE);
    report::truth("brk: down", set(page + PAGE) == page + PAGE);
    report::child("brk: what is gone, read", || i32::from(get(page + PAGE)));
    let place = page + 4 * PAGE;
    // SAFETY: nothing is there, and the kernel refuses.
    let refused = unsafe { report::ask_silently(general::__NR_getrandom, &[place, 1]) };
    report::answer("brk: what is gone, written by the kernel", refused);
    report::truth("brk: up again", set(page + 100 * PAGE) == page + 100 * PAGE);
    report::value("brk: what comes again is zero", get(page + 50 * PAGE));
    report::truth("brk: all the way down", set(start) == start);
}
