//! Tries out `read`, `write`, their relatives, and `lseek`: what is where, and what is refused.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::format;
use alloc::vec;
use core::ffi::CStr;

use linux_raw_sys::general::{self, O_APPEND, O_CREAT, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY};
use linux_raw_sys::general::{SEEK_CUR, SEEK_END, SEEK_SET};
use user::Start;
use user::raw::{self, Answer, lseek, pread64, read, write};
use user::report::{self, KERNEL, NOWHERE, answer, value};
use user::scratch::{Scratch, contents, make, rest, shown};

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    let scratch = Scratch::enter("try-read-write");
    reading();
    writing();
    seeking();
    holes();
    appending();
    at_places();
    in_pieces();
    wrong_pieces();
    wrong_descriptors();
    wrong_addresses();
    large();
    scratch.leave();
    0
}

/// Opens `path`, or makes it.
///
/// # Panics
///
/// When that is not possible: then there is nothing to read or write.
fn open(path: &CStr, flags: u32) -> usize {
    raw::open(path, flags).expect("it can be opened")
}

/// A new file with `contents`, to be read and written.
fn fresh(contents: &[u8]) -> usize {
    make(c"fresh", contents);
    open(c"fresh", O_RDWR)
}

fn close(file: usize) {
    report::outcome("close", raw::close(file));
}

/// Asks with addresses of what only this file looks at.
fn ask(number: u32, arguments: &[usize]) -> Answer {
    // SAFETY: the kernel reads and writes only what the arguments name, which is a buffer that is
    // lent for it, or an address where nothing is.
    unsafe { report::ask_silently(number, arguments) }
}

fn reading() {
    let file = fresh(b"0123456789");
    let mut bytes = [b'-'; 8];
    answer("read: no bytes", read(file, &mut []));
    answer("read: some", read(file, &mut bytes[..4]));
    value("read: these", shown(&bytes));
    answer("read: more", read(file, &mut bytes));
    value("read: these", shown(&bytes));
    answer("read: at the end", read(file, &mut bytes));
    answer("read: again", read(file, &mut bytes));
    answer("read: no bytes at the end", read(file, &mut []));
    value("read: the buffer is as before", shown(&bytes));
    close(file);
}

fn writing() {
    let file = fresh(b"0123456789");
    answer("write: over the beginning", write(file, b"abc"));
    answer("write: no bytes", write(file, b""));
    value("write: reading goes on there", rest(file));
    answer("write: at the end", write(file, b"xyz"));
    answer("write: more", write(file, b"!\n\0"));
    value("write: in all", contents(c"fresh"));
    close(file);
    let file = open(c"fresh", O_WRONLY | O_TRUNC);
    value("write: cut", contents(c"fresh"));
    answer("write: anew", write(file, b"new"));
    value("write: in all", contents(c"fresh"));
    let other = open(c"fresh", O_RDWR);
    answer("write: by another", write(other, b"NEWER"));
    answer("write: the first goes on where it was", write(file, b"-"));
    value("write: in all", contents(c"fresh"));
    close(other);
    close(file);
}

fn seeking() {
    let file = fresh(b"0123456789");
    for (what, offset, whence) in [
        ("to the start", 0, SEEK_SET),
        ("to 4", 4, SEEK_SET),
        ("3 on", 3, SEEK_CUR),
        ("2 back", -2, SEEK_CUR),
        ("to where it is", 0, SEEK_CUR),
        ("to the end", 0, SEEK_END),
        ("3 before the end", -3, SEEK_END),
        ("5 behind the end", 5, SEEK_END),
        ("before the start", -1, SEEK_SET),
        ("before the start, from where it is", -16, SEEK_CUR),
        ("before the start, from the end", -11, SEEK_END),
        ("to where it is, still", 0, SEEK_CUR),
        ("in a way that there is not", 0, 9),
        ("far on", 1 << 40, SEEK_SET),
        ("beyond all numbers", i64::MAX, SEEK_CUR),
        ("back from there", -(1 << 40), SEEK_CUR),
    ] {
        answer(format!("lseek: {what}"), lseek(file, offset, whence));
    }
    answer("lseek: to 6", lseek(file, 6, SEEK_SET));
    value("lseek: what is there", rest(file));
    answer("lseek: behind the end", lseek(file, 20, SEEK_SET));
    value("lseek: what is there", rest(file));
    answer("lseek: makes no file longer", lseek(file, 0, SEEK_END));
    close(file);
}

fn holes() {
    let file = fresh(b"start");
    answer("lseek: behind the end", lseek(file, 10, SEEK_SET));
    answer("write: there", write(file, b"end"));
    value("write: zeroes are between", contents(c"fresh"));
    answer("lseek: 10000 bytes on", lseek(file, 10_000, SEEK_CUR));
    answer("write: there", write(file, b"!"));
    answer("lseek: the length", lseek(file, 0, SEEK_END));
    let mut bytes = vec![b'x'; 10_001];
    answer("pread64: the hole", pread64(file, &mut bytes, 13));
    let zeroes = bytes.iter().filter(|byte| **byte == 0).count();
    value("pread64: zeroes in it", zeroes);
    value("pread64: and behind them", shown(&bytes[10_000..]));
    close(file);
}

fn appending() {
    make(c"log", b"one ");
    let file = open(c"log", O_RDWR | O_APPEND);
    answer("append: begins at the start", lseek(file, 0, SEEK_CUR));
    answer("append: but writes at the end", write(file, b"two "));
    answer("append: and is there then", lseek(file, 0, SEEK_CUR));
    answer("append: elsewhere", lseek(file, 1, SEEK_SET));
    let mut bytes = [0; 3];
    answer("append: reads there", read(file, &mut bytes));
    value("append: these", shown(&bytes));
    answer("append: and writes at the end", write(file, b"three "));
    let other = open(c"log", O_WRONLY | O_APPEND);
    answer("append: so does another", write(other, b"four "));
    answer("append: and the first again", write(file, b"five"));
    value("append: in all", contents(c"log"));
    answer("append: F_SETFL takes it away", raw::fcntl(file, general::F_SETFL, 0));
    answer("append: to the start", lseek(file, 0, SEEK_SET));
    answer("append: writes there", write(file, b"ONE"));
    value("append: in all", contents(c"log"));
    close(other);
    close(file);
}

fn at_places() {
    let file = fresh(b"0123456789");
    for offset in [2, 8, 10, 100, -1, i64::MIN, i64::MAX - 4] {
        let mut bytes = [b'-'; 4];
        answer(format!("pread64: at {offset}"), pread64(file, &mut bytes, offset));
        value("pread64: found", shown(&bytes));
    }
    answer("pread64: no bytes", pread64(file, &mut [], 3));
    answer("pread64: moves nothing", lseek(file, 0, SEEK_CUR));
    let pwrite = |bytes: &[u8], offset: i64| {
        let arguments = [file, bytes.as_ptr() as usize, bytes.len(), offset as usize];
        ask(general::__NR_pwrite64, &arguments)
    };
    answer("pwrite64: at 3", pwrite(b"abc", 3));
    answer("pwrite64: behind the end", pwrite(b"end", 12));
    answer("pwrite64: before the start", pwrite(b"x", -1));
    answer("pwrite64: moves nothing", lseek(file, 0, SEEK_CUR));
    value("pwrite64: in all", contents(c"fresh"));
    close(file);
}

/// `struct iovec`: where bytes are, and how many.
type Piece = [usize; 2];

/// Calls `readv` or `writev` with `pieces`.
fn pieces(number: u32, file: usize, pieces: &[Piece]) -> Answer {
    ask(number, &[file, pieces.as_ptr() as usize, pieces.len()])
}

fn in_pieces() {
    let file = fresh(b"");
    let texts: [&[u8]; 4] = [b"one ", b"", b"two ", b"three"];
    let out = texts.map(|text| [text.as_ptr() as usize, text.len()]);
    answer("writev: four pieces", pieces(general::__NR_writev, file, &out));
    answer("writev: none", pieces(general::__NR_writev, file, &[]));
    answer("writev: a piece of nothing", pieces(general::__NR_writev, file, &[[0, 0]]));
    value("writev: in all", contents(c"fresh"));
    answer("lseek: to the start", lseek(file, 0, SEEK_SET));
    let (mut first, mut second) = ([b'-'; 5], [b'-'; 20]);
    let into =
        [[first.as_mut_ptr() as usize, first.len()], [second.as_mut_ptr() as usize, second.len()]];
    answer("readv: two pieces", pieces(general::__NR_readv, file, &into));
    value("readv: the first", shown(&first));
    value("readv: the second", shown(&second));
    answer("readv: at the end", pieces(general::__NR_readv, file, &into));
    answer("readv: none", pieces(general::__NR_readv, file, &[]));
    close(file);
}

fn wrong_pieces() {
    let file = fresh(b"some text");
    let mut bytes = [0; 4];
    let good: Piece = [bytes.as_mut_ptr() as usize, bytes.len()];
    let readv = |array: &[Piece]| pieces(general::__NR_readv, file, array);
    answer("readv: a piece of less than no bytes", readv(&[[good[0], usize::MAX]]));
    answer("readv: 1024 pieces", readv(&vec![good; 1024]));
    answer("readv: 1025 pieces", readv(&vec![good; 1025]));
    let address = NOWHERE;
    answer("readv: pieces nowhere", ask(general::__NR_readv, &[file, address, 1]));
    answer("readv: less than no pieces", ask(general::__NR_readv, &[file, address, usize::MAX]));
    answer("lseek: to the start", lseek(file, 0, SEEK_SET));
    answer("readv: to nowhere", readv(&[[NOWHERE, 4]]));
    answer("readv: to the kernel", readv(&[[KERNEL, 4]]));
    answer("readv: nothing was read", lseek(file, 0, SEEK_CUR));
    let writev = |array: &[Piece]| pieces(general::__NR_writev, file, array);
    answer("writev: from nowhere", writev(&[[NOWHERE, 4]]));
    answer("writev: nothing was written", lseek(file, 0, SEEK_CUR));
    close(file);
}

fn wrong_descriptors() {
    make(c"file", b"text");
    let mut bytes = [0; 4];
    let reader = open(c"file", O_RDONLY);
    let writer = open(c"file", O_WRONLY);
    let folder = open(c".", O_RDONLY);
    for (what, file) in [("no", 77), ("the largest", usize::MAX)] {
        answer(format!("read: {what} descriptor"), read(file, &mut bytes));
        answer(format!("write: {what} descriptor"), write(file, b"x"));
        answer(format!("pread64: {what} descriptor"), pread64(file, &mut bytes, 0));
        answer(format!("lseek: {what} descriptor"), lseek(file, 0, SEEK_SET));
        answer(format!("readv: {what} descriptor"), pieces(general::__NR_readv, file, &[]));
    }
    answer("read: opened to write", read(writer, &mut bytes));
    answer("read: no bytes, opened to write", read(writer, &mut []));
    answer("pread64: opened to write", pread64(writer, &mut bytes, 0));
    answer("write: opened to read", write(reader, b"x"));
    answer("write: no bytes, opened to read", write(reader, b""));
    answer("read: a folder", read(folder, &mut bytes));
    answer("pread64: a folder", pread64(folder, &mut bytes, 0));
    answer("write: a folder", write(folder, b"x"));
    answer("lseek: a folder", lseek(folder, 0, SEEK_SET));
    let fsync = |file: usize| ask(general::__NR_fsync, &[file]);
    answer("fsync: a file", fsync(writer));
    answer("fsync: no descriptor", fsync(77));
    [reader, writer, folder].into_iter().for_each(close);
}

fn wrong_addresses() {
    let file = fresh(b"some text");
    for (what, address) in [("nowhere", NOWHERE), ("the kernel", KERNEL), ("null", 0)] {
        answer(format!("read: to {what}"), ask(general::__NR_read, &[file, address, 4]));
        answer(format!("write: from {what}"), ask(general::__NR_write, &[file, address, 4]));
        let arguments = [file, address, 4, 0];
        answer(format!("pread64: to {what}"), ask(general::__NR_pread64, &arguments));
    }
    answer("read: no bytes, to nowhere", ask(general::__NR_read, &[file, NOWHERE, 0]));
    answer("write: no bytes, from nowhere", ask(general::__NR_write, &[file, NOWHERE, 0]));
    answer("lseek: all is where it was", lseek(file, 0, SEEK_CUR));
    value("read: and as it was", contents(c"fresh"));
    answer("lseek: to the end", lseek(file, 0, SEEK_END));
    answer("read: to nowhere, at the end", ask(general::__NR_read, &[file, NOWHERE, 4]));
    close(file);
}

fn large() {
    let file = open(c"large", O_RDWR | O_CREAT);
    let pattern: vec::Vec<u8> = (0..300_000_u32).map(|index| (index % 251) as u8).collect();
    answer("write: 300000 bytes", write(file, &pattern));
    answer("lseek: to the start", lseek(file, 0, SEEK_SET));
    let mut bytes = vec![0; 300_001];
    answer("read: 300001 bytes", read(file, &mut bytes));
    report::truth("read: what was written", bytes[..300_000] == pattern);
    answer("pread64: across many pages", pread64(file, &mut bytes[..100_000], 99_999));
    report::truth("pread64: what was written", bytes[..100_000] == pattern[99_999..199_999]);
    answer("write: no more than that", raw::fstat(file).map(|stat| stat.st_size as usize));
    close(file);
}
