//! Tries out `mmap`, `munmap`, `mprotect` and `madvise`: what is mapped, and what may be done
//! there.
//!
//! What must not be done is done by a copy of this process, which dies of it.

#![no_std]
#![no_main]

use linux_raw_sys::general;
use user::arch::forbidden;
use user::memory::{NONE, PAGE, READ, WRITE};
use user::report::{self, KERNEL, NOWHERE};
use user::syscall::STDOUT;
use user::{Errno, Start};

/// The usual flags.
const ANONYMOUS: u32 = general::MAP_PRIVATE | general::MAP_ANONYMOUS;

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    new_pages();
    wrong_maps();
    places();
    rights();
    unmapping();
    protecting();
    advice();
    0
}

/// Asks for a call about memory that this program has only for trying things out.
fn ask(number: u32, arguments: &[usize]) -> Result<usize, Errno> {
    // SAFETY: Rust knows nothing of the memory at the addresses that this file names.
    unsafe { report::ask_silently(number, arguments) }
}

fn mmap(hint: usize, bytes: usize, access: u32, flags: u32) -> Result<usize, Errno> {
    ask(general::__NR_mmap, &[hint, bytes, access as usize, flags as usize, usize::MAX, 0])
}

/// Pages that may be read and written.
///
/// # Panics
///
/// When there are none: nothing can be tried out then.
fn pages(count: usize) -> usize {
    mmap(0, count * PAGE, READ | WRITE, ANONYMOUS).expect("the kernel has some pages")
}

fn munmap(start: usize, bytes: usize) -> Result<usize, Errno> {
    ask(general::__NR_munmap, &[start, bytes])
}

fn mprotect(start: usize, bytes: usize, access: u32) -> Result<usize, Errno> {
    ask(general::__NR_mprotect, &[start, bytes, access as usize])
}

fn put(address: usize, byte: u8) {
    // SAFETY: the address is one of those that this file has mapped, or else the processor refuses.
    unsafe { (address as *mut u8).write_volatile(byte) };
}

fn get(address: usize) -> u8 {
    // SAFETY: as for `put`; all bytes are values.
    unsafe { (address as *const u8).read_volatile() }
}

/// Says whether the kernel reads the byte at `address` for us.
fn reads(what: &str, address: usize) {
    // A byte that is printed would be a check of its own; an empty line is harmless.
    report::answer(what, ask(general::__NR_write, &[STDOUT, address, 1]));
}

/// Says whether the kernel writes to `address` for us.
fn writes(what: &str, address: usize) {
    report::answer(what, ask(general::__NR_getrandom, &[address, 1, 0]));
}

fn new_pages() {
    let start = pages(4);
    report::truth("mmap: at a multiple of a page", start.is_multiple_of(PAGE));
    report::truth("mmap: zeroes", (0..4 * PAGE).all(|index| get(start + index) == 0));
    (0..4).for_each(|index| put(start + index * PAGE, index as u8 + 1));
    let sum: u8 = (0..4).map(|index| get(start + index * PAGE)).sum();
    report::value("mmap: what was written is there", sum);
    report::child("mmap: in a copy as well", || i32::from(get(start + PAGE)));
    report::child("mmap: which has its own", || {
        put(start, 77);
        i32::from(get(start))
    });
    report::value("mmap: the original's is as before", get(start));
    let odd = mmap(0, 1, READ | WRITE, ANONYMOUS);
    report::truth("mmap: one byte is a whole page", odd.is_ok_and(|odd| get(odd + PAGE - 1) == 0));
    report::outcome("mmap: MAP_STACK", mmap(0, PAGE, READ, ANONYMOUS | general::MAP_STACK));
    let flags = ANONYMOUS | general::MAP_NORESERVE;
    report::outcome("mmap: MAP_NORESERVE", mmap(0, PAGE, READ, flags));
    report::outcome("munmap: all of it", munmap(start, 4 * PAGE));
}

fn wrong_maps() {
    let access = READ | WRITE;
    let fixed = ANONYMOUS | general::MAP_FIXED;
    report::outcome("mmap: no bytes", mmap(0, 0, access, ANONYMOUS));
    report::outcome("mmap: neither private nor shared", mmap(0, PAGE, access, 0x20));
    report::outcome("mmap: no such file", mmap(0, PAGE, access, general::MAP_PRIVATE));
    report::outcome("mmap: 2 to the 47 bytes", mmap(0, 1 << 47, access, ANONYMOUS));
    report::outcome("mmap: all bytes there are", mmap(0, usize::MAX, access, ANONYMOUS));
    report::outcome("mmap: fixed at an odd place", mmap(NOWHERE + 1, PAGE, access, fixed));
    report::outcome("mmap: fixed in the kernel", mmap(KERNEL, PAGE, access, fixed));
    let end = (1 << 48) - PAGE;
    report::outcome("mmap: fixed across the end of addresses", mmap(end, 2 * PAGE, access, fixed));
    let (bytes, access, flags) = (PAGE, access as usize, ANONYMOUS as usize);
    let odd = ask(general::__NR_mmap, &[0, bytes, access, flags, usize::MAX, 1]);
    report::outcome("mmap: an odd place in the file", odd);
}

fn places() {
    let access = READ | WRITE;
    let start = pages(4);
    report::outcome("munmap: of four pages, for a place", munmap(start, 4 * PAGE));
    let hint = mmap(start, PAGE, access, ANONYMOUS);
    report::truth("mmap: a hint is followed", hint == Ok(start));
    put(start, 5);
    let other = mmap(start, PAGE, access, ANONYMOUS);
    report::truth("mmap: not if something is there", other.is_ok_and(|other| other != start));
    report::value("mmap: which stays", get(start));
    let fixed = ANONYMOUS | general::MAP_FIXED;
    report::truth("mmap: MAP_FIXED is there", mmap(start, PAGE, access, fixed) == Ok(start));
    report::value("mmap: MAP_FIXED replaces", get(start));
    let noreplace = ANONYMOUS | general::MAP_FIXED_NOREPLACE;
    let over = mmap(start, PAGE, access, noreplace);
    report::outcome("mmap: MAP_FIXED_NOREPLACE on something", over);
    let over = mmap(start - PAGE, 2 * PAGE, access, noreplace);
    report::truth("mmap: MAP_FIXED_NOREPLACE on a part", over == Err(Errno(17)));
    let beside = mmap(start + 2 * PAGE, PAGE, access, noreplace);
    let is_there = beside == Ok(start + 2 * PAGE);
    report::truth("mmap: MAP_FIXED_NOREPLACE where nothing is", is_there);
}

fn rights() {
    let none = mmap(0, PAGE, NONE, ANONYMOUS).unwrap_or(NOWHERE);
    report::child("mmap: no rights, read", || i32::from(get(none)));
    report::child("mmap: no rights, written", || i32::from(try_put(none)));
    reads("mmap: no rights, read by the kernel", none);
    writes("mmap: no rights, written by the kernel", none);
    let read = mmap(0, PAGE, READ, ANONYMOUS).unwrap_or(NOWHERE);
    report::child("mmap: to be read, read", || i32::from(get(read)));
    report::child("mmap: to be read, written", || i32::from(try_put(read)));
    writes("mmap: to be read, written by the kernel", read);
    let start = pages(1);
    forbidden::RETURN.iter().enumerate().for_each(|(index, byte)| put(start + index, *byte));
    report::child("mmap: not to be executed, executed", || {
        // SAFETY: the processor refuses; if not, the code there returns.
        unsafe { forbidden::call(start) };
        3
    });
}

/// Writes to `address`; says that it could.
fn try_put(address: usize) -> bool {
    put(address, 1);
    true
}

fn unmapping() {
    let start = pages(5);
    (0..5).for_each(|index| put(start + index * PAGE, b'\n'));
    let middle = start + 2 * PAGE;
    report::answer("munmap: no bytes", munmap(start, 0));
    report::answer("munmap: an odd place", munmap(start + 1, PAGE));
    report::answer("munmap: in the kernel", munmap(KERNEL, PAGE));
    report::answer("munmap: all bytes there are", munmap(start, usize::MAX));
    report::answer("munmap: the middle of five pages", munmap(middle, PAGE));
    report::value("munmap: the page before it is there", get(middle - PAGE));
    report::value("munmap: the page behind it is there", get(middle + PAGE));
    reads("munmap: the middle, read by the kernel", middle);
    report::child("munmap: the middle, read", || i32::from(get(middle)));
    report::answer("munmap: the middle again", munmap(middle, PAGE));
    report::answer("munmap: half a page is a whole one", munmap(start, PAGE / 2));
    report::child("munmap: its second half, read", || i32::from(get(start + PAGE - 1)));
    report::answer("munmap: across holes", munmap(start, 5 * PAGE));
    report::child("munmap: the last page, read", || i32::from(get(start + 4 * PAGE)));
    let again = mmap(start, 5 * PAGE, READ | WRITE, ANONYMOUS).unwrap_or(NOWHERE);
    report::value("mmap: new pages are zeroes again", get(again + PAGE));
}

fn protecting() {
    let start = pages(5);
    (0..5).for_each(|index| put(start + index * PAGE, index as u8 + 1));
    let middle = start + 2 * PAGE;
    report::answer("mprotect: an odd place", mprotect(start + 1, PAGE, READ));
    report::answer("mprotect: no bytes", mprotect(start, 0, READ));
    report::answer("mprotect: nowhere", mprotect(NOWHERE, PAGE, READ));
    report::answer("mprotect: rights that are none", mprotect(start, PAGE, 0x1000));
    report::answer("mprotect: the middle is to be read", mprotect(middle, PAGE, READ));
    report::value("mprotect: and can be", get(middle));
    report::child("mprotect: but not written", || i32::from(try_put(middle)));
    report::child("mprotect: the page before it can", || i32::from(try_put(middle - PAGE)));
    report::child("mprotect: the page behind it can", || i32::from(try_put(middle + PAGE)));
    report::answer("mprotect: all rights are taken", mprotect(start, 5 * PAGE, NONE));
    report::child("mprotect: what has none, read", || i32::from(get(start)));
    reads("mprotect: what has none, read by the kernel", start);
    report::child("mprotect: in a copy they come back", || {
        report::answer("mprotect: in a copy", mprotect(start, 5 * PAGE, READ));
        i32::from(get(start + 4 * PAGE))
    });
    report::answer("mprotect: they come back", mprotect(start, 5 * PAGE, READ | WRITE));
    let sum: u8 = (0..5).map(|index| get(start + index * PAGE)).sum();
    report::value("mprotect: and all is as before", sum);
    report::answer("mprotect: part of a page", mprotect(start + PAGE, 1, READ));
    report::child("mprotect: is all of it", || i32::from(try_put(start + 2 * PAGE - 1)));
    report::answer("munmap: a hole", munmap(middle, PAGE));
    report::answer("mprotect: across a hole", mprotect(start, 5 * PAGE, READ | WRITE));
    report::answer("munmap: with all rights", munmap(start, 5 * PAGE));
}

fn advice() {
    let start = pages(2);
    let madvise = |start: usize, bytes: usize, advice: u32| {
        ask(general::__NR_madvise, &[start, bytes, advice as usize])
    };
    put(start, 9);
    report::answer("madvise: normal", madvise(start, PAGE, general::MADV_NORMAL));
    report::answer("madvise: will need", madvise(start, PAGE, general::MADV_WILLNEED));
    report::answer("madvise: no bytes", madvise(start, 0, general::MADV_NORMAL));
    report::answer("madvise: an odd place", madvise(start + 1, PAGE, general::MADV_NORMAL));
    report::answer("madvise: no such advice", madvise(start, PAGE, 9_999));
    report::value("madvise: what was written is there", get(start));
    report::answer("madvise: do not need", madvise(start, PAGE, general::MADV_DONTNEED));
    report::value("madvise: then there are zeroes", get(start));
}
