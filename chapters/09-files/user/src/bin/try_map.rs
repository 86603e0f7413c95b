//! Tries out files as memory: what is found there, what may be done with it, and what cannot be.
//!
//! The file is this program itself, which is the same wherever it runs.

#![no_std]
#![no_main]

use core::ffi::CStr;

use linux_raw_sys::general;
use user::memory::{NONE, PAGE, READ, WRITE};
use user::report;
use user::{Errno, Start};

const PRIVATE: u32 = general::MAP_PRIVATE;
const SHARED: u32 = general::MAP_SHARED;

/// This program.
const OWN: &CStr = c"/proc/self/exe";

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    let file = open(OWN, general::O_RDONLY).expect("a program has a file");
    bytes(file);
    private(file);
    closed(file);
    shared(file);
    devices();
    wrong(file);
    0
}

/// Asks for a call that changes only memory which Rust knows nothing of.
fn ask(number: u32, arguments: &[usize]) -> Result<usize, Errno> {
    // SAFETY: Rust knows nothing of the memory that this file maps, and `pread64` writes to an
    // array that is passed to it for that.
    unsafe { report::ask_silently(number, arguments) }
}

fn open(path: &CStr, flags: u32) -> Result<usize, Errno> {
    let here = general::AT_FDCWD as usize;
    ask(general::__NR_openat, &[here, path.as_ptr() as usize, flags as usize, 0])
}

fn map(file: usize, bytes: usize, access: u32, flags: u32, offset: usize) -> Result<usize, Errno> {
    ask(general::__NR_mmap, &[0, bytes, access as usize, flags as usize, file, offset])
}

/// As many bytes of the file as there is room for, from `offset` on.
fn read(file: usize, offset: usize) -> [u8; 64] {
    let mut bytes = [0; 64];
    let place = bytes.as_mut_ptr() as usize;
    let count = ask(general::__NR_pread64, &[file, place, bytes.len(), offset]);
    report::truth("pread64: of the program", count == Ok(bytes.len()));
    bytes
}

fn get(address: usize) -> u8 {
    // SAFETY: the address is one of those that this file has mapped, or else the processor refuses.
    unsafe { (address as *const u8).read_volatile() }
}

fn put(address: usize, byte: u8) {
    // SAFETY: as for `get`; nobody else knows of it.
    unsafe { (address as *mut u8).write_volatile(byte) };
}

/// Whether `bytes` are at `address`.
fn are_there(bytes: &[u8], address: usize) -> bool {
    bytes.iter().enumerate().all(|(index, byte)| get(address + index) == *byte)
}

fn bytes(file: usize) {
    for offset in [0, PAGE] {
        let bytes = read(file, offset);
        let start = map(file, PAGE, READ, PRIVATE, offset).expect("the file is longer");
        report::truth("mmap: of a file: at a multiple of a page", start.is_multiple_of(PAGE));
        report::truth("mmap: of a file: its bytes", are_there(&bytes, start));
    }
}

/// What is written stays the program's own.
fn private(file: usize) {
    let start = map(file, 2 * PAGE, READ | WRITE, PRIVATE, 0).expect("nobody else sees it");
    put(start, 77);
    report::value("mmap: of a file: what was written", get(start));
    report::truth("mmap: of a file: which is as before", read(file, 0)[0] == 0x7f);
    report::child("mmap: of a file: a copy has it", || i32::from(get(start)));
    report::outcome("munmap: of a part", ask(general::__NR_munmap, &[start, PAGE]));
    report::truth("munmap: the rest stays", are_there(&read(file, PAGE), start + PAGE));
}

/// What was mapped so that nobody may touch it has its bytes all the same.
fn closed(file: usize) {
    let start = map(file, PAGE, NONE, PRIVATE, 0).expect("the file is longer");
    let opened = ask(general::__NR_mprotect, &[start, PAGE, READ as usize]);
    report::outcome("mprotect: of a file that was closed", opened);
    report::truth("mprotect: it has its bytes", are_there(b"\x7fELF", start));
}

fn shared(file: usize) {
    let start = map(file, PAGE, READ, SHARED, 0);
    report::outcome("mmap: MAP_SHARED", start);
    let start = start.unwrap_or_default();
    report::truth("mmap: MAP_SHARED: its bytes", are_there(b"\x7fELF", start));
    let written = ask(general::__NR_mprotect, &[start, PAGE, (READ | WRITE) as usize]);
    report::answer("mprotect: to write to what cannot be written", written);
    let written = map(file, PAGE, READ | WRITE, SHARED, 0);
    report::answer("mmap: MAP_SHARED of what cannot be written, to write", written);
}

fn devices() {
    let zero = open(c"/dev/zero", general::O_RDWR).expect("there are zeroes");
    let start = map(zero, PAGE, READ | WRITE, PRIVATE, 0).expect("there are zeroes");
    report::truth("mmap: /dev/zero", (0..PAGE).all(|index| get(start + index) == 0));
    for path in [c"/dev/null", c"/dev/full", c"/dev", c"/proc/self/stat"] {
        let file = open(path, general::O_RDONLY).expect("it is everywhere");
        report::answer(format_args!("mmap: {path:?}"), map(file, PAGE, READ, PRIVATE, 0));
    }
}

fn wrong(file: usize) {
    let written = open(c"/dev/zero", general::O_WRONLY).expect("there are zeroes");
    report::answer("mmap: not open to be read", map(written, PAGE, READ, PRIVATE, 0));
    report::answer("mmap: nor shared", map(written, PAGE, WRITE, SHARED, 0));
    let path = open(OWN, general::O_PATH).expect("a program has a file");
    report::answer("mmap: O_PATH", map(path, PAGE, READ, PRIVATE, 0));
    report::answer("mmap: O_PATH, of no kind", map(path, PAGE, READ, 0, 0));
    report::answer("mmap: no such descriptor", map(1000, PAGE, READ, PRIVATE, 0));
    report::answer("mmap: no such descriptor, no bytes", map(1000, 0, READ, PRIVATE, 0));
    report::answer(
        "mmap: no such descriptor, neither private nor shared",
        map(1000, PAGE, 1, 0, 0),
    );
    report::answer("mmap: neither private nor shared", map(file, PAGE, READ, 0, 0));
    report::answer("mmap: no bytes", map(file, 0, READ, PRIVATE, 0));
    report::answer("mmap: no bytes, not open to be read", map(written, 0, READ, PRIVATE, 0));
    report::answer("mmap: an odd place", map(file, PAGE, READ, PRIVATE, 1));
    let far = 0usize.wrapping_sub(PAGE);
    report::answer("mmap: beyond all places", map(file, 2 * PAGE, READ, PRIVATE, far));
}
