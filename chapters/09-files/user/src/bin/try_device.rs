//! Tries out the devices that every system has: `/dev/null` and `/dev/zero`.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::format;
use core::ffi::CStr;

use linux_raw_sys::general::{
    self, O_APPEND, O_CREAT, O_DIRECTORY, O_EXCL, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY, SEEK_CUR,
    SEEK_END, SEEK_SET,
};
use linux_raw_sys::ioctl::TCGETS;
use user::Start;
use user::raw::{self, Answer, close, lseek, pread64, read, write};
use user::report::{self, NOWHERE, answer, outcome, truth, value};
use user::scratch::{Scratch, shown};

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    let scratch = Scratch::enter("try-device");
    for path in [c"/dev/null", c"/dev/zero"] {
        opening(path);
        using(path);
        places(path);
        refused(path);
    }
    zeroes();
    ordinary();
    scratch.leave();
    0
}

fn opening(path: &CStr) {
    let name = path.to_string_lossy();
    for (what, flags) in [
        ("to read", O_RDONLY),
        ("to write", O_WRONLY),
        ("for both", O_RDWR),
        ("to write, O_TRUNC", O_WRONLY | O_TRUNC),
        ("to write, O_CREAT", O_WRONLY | O_CREAT),
        ("to write, O_APPEND", O_WRONLY | O_APPEND),
        ("to make anew", O_WRONLY | O_CREAT | O_EXCL),
        ("a folder", O_RDONLY | O_DIRECTORY),
    ] {
        outcome(format!("openat: {name}, {what}"), raw::open(path, flags).and_then(close));
    }
    let stat = raw::stat(path);
    let kind = stat.map(|stat| (stat.st_mode & raw::KIND) as usize);
    truth(format!("stat: {name} is a device"), kind == Ok(general::S_IFCHR as usize));
    answer(format!("stat: {name}, size"), stat.map(|stat| stat.st_size as usize));
    let device = stat.map_or(0, |stat| stat.st_rdev);
    value(format!("stat: {name}, numbers"), format!("{}, {}", device >> 8, device & 0xff));
}

fn using(path: &CStr) {
    let name = path.to_string_lossy();
    let (Ok(file), Ok(reader), Ok(writer)) =
        (raw::open(path, O_RDWR), raw::open(path, O_RDONLY), raw::open(path, O_WRONLY))
    else {
        return;
    };
    let mut bytes = [b'-'; 8];
    answer(format!("read: {name}"), read(file, &mut bytes[..4]));
    value("read: then there is", shown(&bytes));
    answer(format!("read: {name}, no bytes"), read(file, &mut []));
    answer(format!("write: {name}"), write(file, b"hello"));
    answer(format!("write: {name}, no bytes"), write(file, b""));
    answer(format!("read: {name}, again"), read(file, &mut bytes));
    answer(format!("pread64: {name}"), pread64(file, &mut bytes, 5));
    answer(format!("read: {name}, opened to write"), read(writer, &mut bytes));
    answer(format!("write: {name}, opened to read"), write(reader, b"x"));
    [file, reader, writer].into_iter().for_each(|file| outcome("close", close(file)));
}

fn places(path: &CStr) {
    let name = path.to_string_lossy();
    let Ok(file) = raw::open(path, O_RDWR) else { return };
    for (what, offset, whence) in [
        ("to the start", 0, SEEK_SET),
        ("to 5", 5, SEEK_SET),
        ("on", 5, SEEK_CUR),
        ("to the end", 0, SEEK_END),
    ] {
        let found = lseek(file, offset, whence);
        // What it answers is a number that nobody uses.
        outcome(format!("lseek: {name}, {what}"), found);
    }
    outcome("close", close(file));
}

fn ioctl(file: usize, request: u32, address: usize) -> Answer {
    // SAFETY: the kernel refuses, or writes to a buffer that is large enough.
    unsafe { report::ask_silently(general::__NR_ioctl, &[file, request as usize, address]) }
}

fn refused(path: &CStr) {
    let name = path.to_string_lossy();
    let Ok(file) = raw::open(path, O_RDWR) else { return };
    let mut settings = [0_u32; 16];
    let address = settings.as_mut_ptr() as usize;
    answer(format!("ioctl: {name}, TCGETS"), ioctl(file, TCGETS, address));
    answer(format!("ioctl: {name}, a request that is none"), ioctl(file, 0x1234, address));
    answer(format!("ftruncate: {name}"), raw::ftruncate(file, 0));
    outcome(format!("getdents64: {name}"), raw::getdents64(file, &mut [0; 64]));
    outcome(format!("fchdir: {name}"), raw::fchdir(file));
    outcome(format!("chdir: {name}"), raw::chdir(path));
    outcome(format!("readlinkat: {name}"), raw::readlinkat(raw::here(path), &mut [0; 8]));
    outcome(format!("mkdirat: {name}"), raw::mkdir(path));
    outcome("close", close(file));
}

fn zeroes() {
    let Ok(file) = raw::open(c"/dev/zero", O_RDONLY) else { return };
    let mut bytes = [1; 5000];
    answer("read: 5000 bytes of /dev/zero", read(file, &mut bytes));
    truth("read: zeroes", bytes == [0; 5000]);
    // SAFETY: nothing is there.
    let found = unsafe { report::ask_silently(general::__NR_read, &[file, NOWHERE, 8]) };
    answer("read: /dev/zero to nowhere", found);
    outcome("close", close(file));
    let Ok(null) = raw::open(c"/dev/null", O_RDWR) else { return };
    // SAFETY: nothing is there.
    let found = unsafe { report::ask_silently(general::__NR_read, &[null, NOWHERE, 8]) };
    answer("read: /dev/null to nowhere", found);
    outcome("close", close(null));
}

fn ordinary() {
    user::scratch::make(c"file", b"hello");
    for (what, path) in [("a file", c"file"), ("a folder", c".")] {
        let Ok(file) = raw::open(path, O_RDONLY) else { continue };
        let mut settings = [0_u32; 16];
        let address = settings.as_mut_ptr() as usize;
        answer(format!("ioctl: {what}, TCGETS"), ioctl(file, TCGETS, address));
        answer(format!("ioctl: {what}, a request that is none"), ioctl(file, 0x1234, address));
        outcome("close", close(file));
    }
    answer("ioctl: no descriptor", ioctl(77, TCGETS, 0));
}
