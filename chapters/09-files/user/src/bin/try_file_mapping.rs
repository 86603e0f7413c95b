//! Tries out `mmap` of files, private ones: what is there, what is not, and who sees what is
//! written.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec::Vec;
use core::ffi::CStr;

use linux_raw_sys::general::{
    self, MAP_FIXED, MAP_PRIVATE, O_RDONLY, O_RDWR, O_WRONLY, PROT_EXEC, PROT_NONE, PROT_READ,
    PROT_WRITE,
};
use user::Start;
use user::memory::PAGE;
use user::raw::{self, Answer, close};
use user::report::{self, NOWHERE, answer, child, outcome, truth, value};
use user::scratch::{Scratch, contents, make, shown};

/// A whole page of the file, and some bytes more.
const LENGTH: usize = PAGE + 100;

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    let scratch = Scratch::enter("try-file-mapping");
    let pattern: Vec<u8> = (0..LENGTH).map(|index| (index % 251) as u8).collect();
    make(c"file", &pattern);
    make(c"small", b"small");
    reading(&pattern);
    writing();
    rights();
    parts(&pattern);
    copies();
    behind_the_end();
    wrong();
    scratch.leave();
    0
}

/// Maps `bytes` bytes of the file behind `file`, privately.
fn map(file: usize, bytes: usize, access: u32, offset: usize) -> Answer {
    let arguments = [0, bytes, access as usize, MAP_PRIVATE as usize, file, offset];
    // SAFETY: the kernel puts the pages to where nothing is.
    unsafe { report::ask_silently(general::__NR_mmap, &arguments) }
}

fn unmap(start: usize, bytes: usize) {
    // SAFETY: only this file uses the pages, and it is done with them.
    outcome("munmap", unsafe { report::ask_silently(general::__NR_munmap, &[start, bytes]) });
}

/// The byte at `address`, which is in a mapping; or else this process dies of it.
fn get(address: usize) -> u8 {
    // SAFETY: if there is a page, its bytes are numbers; if not, the processor refuses.
    unsafe { (address as *const u8).read_volatile() }
}

fn put(address: usize, byte: u8) {
    // SAFETY: as for `get`: nobody but this file uses the pages.
    unsafe { (address as *mut u8).write_volatile(byte) };
}

fn bytes(start: usize, length: usize) -> Vec<u8> {
    (start..start + length).map(get).collect()
}

/// Opens `path`.
///
/// # Panics
///
/// When that is not possible: then there is nothing to map.
fn open(path: &CStr, flags: u32) -> usize {
    raw::open(path, flags).expect("it is there")
}

fn reading(pattern: &[u8]) {
    let file = open(c"file", O_RDONLY);
    let start = map(file, LENGTH, PROT_READ, 0);
    outcome("mmap: a file", start);
    outcome("close: the descriptor", close(file));
    let Ok(start) = start else { return };
    truth("mmap: at a multiple of a page", start.is_multiple_of(PAGE));
    truth("mmap: the contents are there", bytes(start, LENGTH) == pattern);
    let tail = bytes(start + LENGTH, PAGE - 100);
    truth("mmap: zeroes behind the end of the file", tail.iter().all(|byte| *byte == 0));
    unmap(start, LENGTH);
    child("munmap: then nothing is there", || i32::from(get(start)));
    let file = open(c"small", O_RDONLY);
    if let Ok(start) = map(file, 1, PROT_READ, 0) {
        value("mmap: one byte is the whole page", shown(&bytes(start, 8)));
        outcome("unlinkat: the file's name", raw::unlink(c"small"));
        outcome("close", close(file));
        value("mmap: the contents stay", shown(&bytes(start, 8)));
        unmap(start, 1);
    }
    make(c"small", b"small");
}

fn writing() {
    let file = open(c"small", O_RDONLY);
    let Ok(start) = map(file, PAGE, PROT_READ | PROT_WRITE, 0) else {
        return value("mmap: to be written, of a file opened to read", "failed");
    };
    put(start, b'S');
    put(start + 5, b'!');
    value("mmap: what was written is there", shown(&bytes(start, 7)));
    value("open: the file is as before", contents(c"small"));
    let other = map(file, PAGE, PROT_READ, 0);
    if let Ok(other) = other {
        value("mmap: another mapping does not see it", shown(&bytes(other, 7)));
        unmap(other, PAGE);
    }
    // SAFETY: the kernel reads a page that is mapped.
    let put_out = open(c"copy", O_RDWR | general::O_CREAT);
    // SAFETY: the kernel reads bytes that are there.
    let written = unsafe { report::ask_silently(general::__NR_write, &[put_out, start, 6]) };
    answer("write: from the mapping", written);
    value("open: these", contents(c"copy"));
    outcome("close", close(put_out).and(close(file)));
    unmap(start, PAGE);
}

fn rights() {
    let (reader, writer) = (open(c"file", O_RDONLY), open(c"file", O_WRONLY));
    let both = open(c"file", O_RDWR);
    outcome("mmap: opened to write, to be read", map(writer, PAGE, PROT_READ, 0));
    outcome("mmap: opened to write, to be written", map(writer, PAGE, PROT_WRITE, 0));
    outcome("mmap: opened to write, for nothing", map(writer, PAGE, PROT_NONE, 0));
    outcome("mmap: opened for both", map(both, PAGE, PROT_READ | PROT_WRITE, 0));
    outcome("mmap: to be executed", map(reader, PAGE, PROT_READ | PROT_EXEC, 0));
    if let Ok(start) = map(reader, PAGE, PROT_READ, 0) {
        child("mmap: to be read, written", || {
            put(start, 1);
            0
        });
        let access = (PROT_READ | PROT_WRITE) as usize;
        // SAFETY: only this file uses the page.
        let may = unsafe { report::ask_silently(general::__NR_mprotect, &[start, PAGE, access]) };
        outcome("mprotect: to be written", may);
        child("mprotect: then it can be", || {
            put(start, 77);
            i32::from(get(start))
        });
        value("mprotect: by the copy only", get(start));
        unmap(start, PAGE);
    }
    if let Ok(start) = map(reader, PAGE, PROT_NONE, 0) {
        child("mmap: for nothing, read", || i32::from(get(start)));
        unmap(start, PAGE);
    }
    [reader, writer, both].into_iter().for_each(|file| outcome("close", close(file)));
}

fn parts(pattern: &[u8]) {
    let file = open(c"file", O_RDONLY);
    if let Ok(start) = map(file, 100, PROT_READ, PAGE) {
        truth("mmap: from the second page on", bytes(start, 100) == pattern[PAGE..]);
        value("mmap: a zero behind it", get(start + 100));
        unmap(start, 100);
    }
    if let Ok(start) = map(file, LENGTH, PROT_READ, 0) {
        let arguments = [start, PAGE, PROT_READ as usize, (MAP_PRIVATE | MAP_FIXED) as usize];
        let arguments = [&arguments[..], &[file, PAGE]].concat();
        // SAFETY: only this file uses the page that is replaced.
        let fixed = unsafe { report::ask_silently(general::__NR_mmap, &arguments) };
        truth("mmap: MAP_FIXED over its first page", fixed == Ok(start));
        truth("mmap: which is the second of the file now", bytes(start, 100) == pattern[PAGE..]);
        truth("mmap: the second is as before", bytes(start + PAGE, 100) == pattern[PAGE..]);
        unmap(start, PAGE);
        value("munmap: the other page is there", get(start + PAGE + 1));
        unmap(start + PAGE, PAGE);
    }
    outcome("close", close(file));
}

fn copies() {
    let file = open(c"small", O_RDONLY);
    let Ok(start) = map(file, PAGE, PROT_READ | PROT_WRITE, 0) else { return };
    outcome("close", close(file));
    put(start, b'1');
    child("fork: a copy sees what was written", || {
        let seen = i32::from(get(start));
        put(start, b'2');
        put(start + 1, b'2');
        seen
    });
    value("fork: the original does not see the copy's", shown(&bytes(start, 5)));
    unmap(start, PAGE);
}

fn behind_the_end() {
    let file = open(c"small", O_RDONLY);
    if let Ok(start) = map(file, 3 * PAGE, PROT_READ, 0) {
        value("mmap: more pages than there are", shown(&bytes(start, 6)));
        child("mmap: a page behind the end", || i32::from(get(start + PAGE)));
        // SAFETY: the kernel finds no bytes there.
        let out = unsafe { report::ask_silently(general::__NR_write, &[1, start + PAGE, 1]) };
        answer("write: from a page behind the end", out);
        unmap(start, 3 * PAGE);
    }
    make(c"empty", b"");
    let empty = open(c"empty", O_RDONLY);
    let start = map(empty, PAGE, PROT_READ, 0);
    outcome("mmap: an empty file", start);
    if let Ok(start) = start {
        child("mmap: its first byte", || i32::from(get(start)));
        unmap(start, PAGE);
    }
    outcome("close", close(file).and(close(empty)));
}

fn wrong() {
    let (file, folder) = (open(c"file", O_RDONLY), open(c".", O_RDONLY));
    outcome("mmap: no descriptor", map(77, PAGE, PROT_READ, 0));
    outcome("mmap: the descriptor -1", map(usize::MAX, PAGE, PROT_READ, 0));
    outcome("mmap: a folder", map(folder, PAGE, PROT_READ, 0));
    outcome("mmap: no bytes", map(file, 0, PROT_READ, 0));
    outcome("mmap: from within a page", map(file, PAGE, PROT_READ, 100));
    outcome("mmap: more than all addresses", map(file, 1 << 52, PROT_READ, 0));
    outcome("mmap: all bytes that there are", map(file, usize::MAX, PROT_READ, 0));
    let neither = [0, PAGE, PROT_READ as usize, 0, file, 0];
    // SAFETY: the kernel maps nothing.
    let found = unsafe { report::ask_silently(general::__NR_mmap, &neither) };
    outcome("mmap: neither private nor shared", found);
    if let Ok([reader, writer]) = raw::pipe2(0) {
        outcome("mmap: a pipe", map(reader, PAGE, PROT_READ, 0));
        outcome("close", close(reader).and(close(writer)));
    }
    outcome("openat: a path in a mapping that is gone", {
        // SAFETY: the kernel finds no path there.
        unsafe { report::ask_silently(general::__NR_openat, &[raw::HERE, NOWHERE, 0]) }
    });
    outcome("close", close(file).and(close(folder)));
}
