//! Tries out the requests of `ioctl` that are about a descriptor, and not about a terminal: whether
//! `execve` closes it, and whether it waits.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::format;

use linux_raw_sys::general::{self, F_GETFD, F_GETFL, O_APPEND, O_NONBLOCK, O_PATH, O_RDWR};
use linux_raw_sys::ioctl::{FIOASYNC, FIOCLEX, FIONBIO, FIONCLEX, FIONREAD, TCGETS};
use user::Start;
use user::raw::{self, Answer, close, dup, fcntl, read};
use user::report::{self, KERNEL, NOWHERE, answer, outcome, value};
use user::scratch::{Scratch, make};

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    let scratch = Scratch::enter("try-ioctl");
    make(c"file", b"hello");
    for (what, path, flags) in [
        ("a file", c"file", O_RDWR | O_APPEND),
        ("a folder", c".", general::O_RDONLY),
        ("a device", c"/dev/null", O_RDWR),
        ("what the kernel tells", c"/proc/uptime", general::O_RDONLY),
    ] {
        try_all(what, raw::open(path, flags).expect("it is there"));
    }
    let [reader, writer] = raw::pipe2(0).expect("there are numbers");
    answer("read: a pipe that would wait", waits(reader));
    try_all("the end to read", reader);
    try_all("the end to write", writer);
    copies();
    signals();
    left();
    refused();
    scratch.leave();
    0
}

/// Asks for `request` with `address`.
fn ioctl(descriptor: usize, request: u32, address: usize) -> Answer {
    let arguments = [descriptor, request as usize, address];
    // SAFETY: the kernel reads a number there, or refuses the address.
    unsafe { report::ask_silently(general::__NR_ioctl, &arguments) }
}

/// Asks for `request` with the address of `number`.
fn with(descriptor: usize, request: u32, number: i32) -> Answer {
    ioctl(descriptor, request, &raw const number as usize)
}

/// The flags of what is open, as far as they are the same on both machines.
fn flags(descriptor: usize) -> Answer {
    let shown = general::O_ACCMODE | O_APPEND | O_NONBLOCK;
    fcntl(descriptor, F_GETFL, 0).map(|flags| flags & shown as usize)
}

/// What a read of an empty pipe says that does not wait.
fn waits(reader: usize) -> Answer {
    with(reader, FIONBIO, 1).and_then(|_| read(reader, &mut [0]))
}

fn try_all(what: &str, file: usize) {
    let about = |request: &str| format!("ioctl: {what}, {request}");
    answer(about("FIOCLEX"), ioctl(file, FIOCLEX, NOWHERE));
    answer(about("it is noted"), fcntl(file, F_GETFD, 0));
    answer(about("FIOCLEX again"), ioctl(file, FIOCLEX, 0));
    answer(about("FIONCLEX"), ioctl(file, FIONCLEX, NOWHERE));
    answer(about("it is not noted"), fcntl(file, F_GETFD, 0));
    for number in [1, 0, -1, 0, 256] {
        answer(about(&format!("FIONBIO of {number}")), with(file, FIONBIO, number));
        answer(about("flags"), flags(file));
    }
    for (place, address) in [("null", 0), ("nowhere", NOWHERE), ("the kernel", KERNEL)] {
        answer(about(&format!("FIONBIO at {place}")), ioctl(file, FIONBIO, address));
        answer(about(&format!("FIOASYNC at {place}")), ioctl(file, FIOASYNC, address));
    }
    answer(about("flags"), flags(file));
    outcome("close", close(file));
}

/// The note is the number's, and the flag what is open.
fn copies() {
    let file = raw::open(c"file", O_RDWR).expect("it is there");
    let copy = dup(file).expect("there is room");
    answer("ioctl: FIOCLEX of one of two", ioctl(file, FIOCLEX, 0));
    answer("ioctl: the other has no note", fcntl(copy, F_GETFD, 0));
    answer("ioctl: FIONBIO of one of two", with(file, FIONBIO, 1));
    answer("ioctl: the other has the flag", flags(copy));
    outcome("close", close(file).and(close(copy)));
}

/// Who cannot send signals cannot be asked to; not to is what it does already.
fn signals() {
    for (what, path) in [("a file", c"file"), ("a folder", c"."), ("a device", c"/dev/null")] {
        let Ok(file) = raw::open(path, general::O_RDONLY) else { continue };
        answer(format!("ioctl: {what}, FIOASYNC of 0"), with(file, FIOASYNC, 0));
        answer(format!("ioctl: {what}, FIOASYNC of 1"), with(file, FIOASYNC, 1));
        answer(format!("ioctl: {what}, FIOASYNC of 0 again"), with(file, FIOASYNC, 0));
        outcome("close", close(file));
    }
    let [reader, writer] = raw::pipe2(0).expect("there are numbers");
    answer("ioctl: a pipe, FIOASYNC of 0", with(reader, FIOASYNC, 0));
    outcome("close", close(reader).and(close(writer)));
}

/// How many bytes are between where one is and the end: less than none behind it.
fn left() {
    let file = raw::open(c"file", O_RDWR).expect("it is there");
    let mut count = -1_i32;
    let mut tell = |what: &str, file: usize| {
        count = 77;
        answer(format!("ioctl: {what}, FIONREAD"), ioctl(file, FIONREAD, &raw mut count as usize));
        value("ioctl: it is", count);
    };
    for place in [0, 2, 5, 9] {
        answer("lseek", raw::lseek(file, place, general::SEEK_SET));
        tell("a file", file);
    }
    for (what, path, flags) in [
        ("a folder", c".", general::O_RDONLY),
        ("a device", c"/dev/null", general::O_RDONLY),
        ("what the kernel tells", c"/proc/uptime", general::O_RDONLY),
        ("a file to write", c"file", general::O_WRONLY),
        ("O_PATH", c"file", O_PATH),
    ] {
        let other = raw::open(path, flags).expect("it is there");
        tell(what, other);
        answer("read", read(other, &mut [0; 2]));
        tell(what, other);
        outcome("close", close(other));
    }
    for (place, address) in [("null", 0), ("nowhere", NOWHERE), ("the kernel", KERNEL)] {
        answer(format!("ioctl: a file, FIONREAD to {place}"), ioctl(file, FIONREAD, address));
    }
    outcome("close", close(file));
}

fn refused() {
    let path = raw::open(c"file", O_PATH).expect("it is there");
    for (what, file) in [("nothing", 77), ("O_PATH", path)] {
        for (name, request) in [("FIOCLEX", FIOCLEX), ("FIONCLEX", FIONCLEX), ("TCGETS", TCGETS)] {
            answer(format!("ioctl: {what}, {name}"), ioctl(file, request, 0));
        }
        answer(format!("ioctl: {what}, FIONBIO"), with(file, FIONBIO, 1));
        answer(format!("ioctl: {what}, FIOASYNC"), with(file, FIOASYNC, 0));
    }
    outcome("close", close(path));
}
