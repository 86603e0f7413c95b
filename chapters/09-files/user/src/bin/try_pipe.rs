//! Tries out pipes: what goes through them, when they are full or empty, and when nobody is at the
//! other end.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::format;
use alloc::vec;

use linux_raw_sys::general::{
    self, F_GETFD, F_GETFL, F_SETFL, O_CLOEXEC, O_NONBLOCK, POLLIN, POLLOUT, SEEK_CUR,
};
use linux_raw_sys::ioctl::FIONREAD;
use user::Start;
use user::raw::{self, Answer, Watched, close, fcntl, pipe2, ppoll, read, write};
use user::report::{self, KERNEL, NOWHERE, answer, ended, outcome, start_child, truth, value};
use user::scratch::{Scratch, rest, shown};
use user::signal::{Action, Signal, set_action};
use user::time;

/// What is sent to whoever writes to a pipe that nobody reads.
const PIPE: Signal = Signal(general::SIGPIPE);

/// Bytes that a pipe takes when they come in whole pages.
const CAPACITY: usize = 65_536;

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    let scratch = Scratch::enter("try-pipe");
    making();
    through();
    ends();
    without_readers();
    without_waiting();
    in_one_piece();
    waiting();
    states();
    refused();
    scratch.leave();
    0
}

/// A new pipe.
///
/// # Panics
///
/// When there is none: nothing can be tried out then.
fn new(flags: u32) -> [usize; 2] {
    pipe2(flags).expect("there is a pipe")
}

fn close_both(ends: [usize; 2]) {
    outcome("close: both ends", close(ends[0]).and(close(ends[1])));
}

fn making() {
    let ends = new(0);
    value("pipe2: the descriptors", format!("{} {}", ends[0], ends[1]));
    for (what, end) in [("to read", ends[0]), ("to write", ends[1])] {
        answer(format!("fcntl: F_GETFL, {what}"), fcntl(end, F_GETFL, 0));
        answer(format!("fcntl: F_GETFD, {what}"), fcntl(end, F_GETFD, 0));
    }
    close_both(ends);
    let ends = new(O_CLOEXEC | O_NONBLOCK);
    for (what, end) in [("to read", ends[0]), ("to write", ends[1])] {
        answer(format!("fcntl: F_GETFL with O_NONBLOCK, {what}"), fcntl(end, F_GETFL, 0));
        answer(format!("fcntl: F_GETFD with O_CLOEXEC, {what}"), fcntl(end, F_GETFD, 0));
    }
    close_both(ends);
    outcome("pipe2: a flag that is none", pipe2(general::O_APPEND));
    for (what, address) in [("nowhere", NOWHERE), ("the kernel", KERNEL), ("null", 0)] {
        // SAFETY: nothing is where the kernel is to write to.
        let found = unsafe { report::ask_silently(general::__NR_pipe2, &[address, 0]) };
        outcome(format!("pipe2: to {what}"), found);
    }
    let ends = new(0);
    value("pipe2: nothing was left open", format!("{} {}", ends[0], ends[1]));
    close_both(ends);
}

fn through() {
    let [reader, writer] = new(0);
    let mut bytes = [b'-'; 8];
    answer("write: five bytes", write(writer, b"hello"));
    answer("write: three more", write(writer, b"you"));
    answer("write: no bytes", write(writer, b""));
    answer("read: no bytes", read(reader, &mut []));
    answer("read: four", read(reader, &mut bytes[..4]));
    value("read: these", shown(&bytes));
    answer("read: all that there is", read(reader, &mut bytes));
    value("read: these", shown(&bytes));
    report::child("fork: a copy writes", || {
        answer("write: by the copy", write(writer, b"child"));
        0
    });
    answer("read: what the copy wrote", read(reader, &mut bytes));
    value("read: these", shown(&bytes));
    close_both([reader, writer]);
}

fn ends() {
    let [reader, writer] = new(0);
    answer("write: some", write(writer, b"last"));
    outcome("close: the end to write", close(writer));
    value("read: the rest", rest(reader));
    answer("read: the end", read(reader, &mut [0]));
    answer("read: again", read(reader, &mut [0]));
    outcome("close: the end to read", close(reader));
    let [reader, writer] = new(O_NONBLOCK);
    let copy = raw::dup(writer);
    outcome("close: one of two ends to write", close(writer));
    answer("read: it is not the end", read(reader, &mut [0]));
    outcome("close: the other", copy.and_then(close));
    answer("read: now it is", read(reader, &mut [0]));
    outcome("close: the end to read", close(reader));
}

fn without_readers() {
    let [reader, writer] = new(0);
    outcome("close: the end to read", close(reader));
    report::child("write: to nobody", || {
        answer("write: goes on", write(writer, b"x"));
        0
    });
    report::child("write: no bytes to nobody", || {
        answer("write: goes on", write(writer, b""));
        0
    });
    report::child("write: to nobody, with SIGPIPE ignored", || {
        outcome("sigaction: SIGPIPE ignored", set_action(PIPE, Action::Ignore));
        answer("write: goes on", write(writer, b"x"));
        0
    });
    outcome("close: the end to write", close(writer));
}

fn without_waiting() {
    let [reader, writer] = new(O_NONBLOCK);
    let mut page = vec![7; 4096];
    answer("read: from an empty pipe", read(reader, &mut page));
    let mut taken = 0;
    while let Ok(count @ 1..) = write(writer, &page) {
        taken += count;
    }
    value("write: whole pages are taken", taken);
    answer("write: then", write(writer, &page));
    answer("write: one byte then", write(writer, b"x"));
    answer("read: half a page", read(reader, &mut page[..2048]));
    answer("write: a page then", write(writer, &page));
    answer("read: the other half", read(reader, &mut page[..2048]));
    answer("write: a page now", write(writer, &page));
    answer("write: another", write(writer, &page));
    let mut all = vec![0; 2 * CAPACITY];
    answer("read: all of it", read(reader, &mut all));
    answer("read: then", read(reader, &mut all));
    answer("write: more than fits", write(writer, &all));
    answer("read: it", read(reader, &mut all));
    answer("fcntl: F_SETFL of the end to read", fcntl(reader, F_SETFL, 0));
    answer("fcntl: F_GETFL of the other", fcntl(writer, F_GETFL, 0));
    close_both([reader, writer]);
}

fn in_one_piece() {
    let [reader, writer] = new(0);
    let mut children = vec![];
    for number in b'a'..=b'd' {
        children.push(start_child(|| {
            let piece = vec![number; 1000];
            (0..10).map(|_| i32::from(write(writer, &piece) != Ok(1000))).sum()
        }));
    }
    outcome("close: the end to write", close(writer));
    let (mut pieces, mut mixed, mut piece) = (0, 0, vec![0; 1000]);
    loop {
        let mut length = 0;
        while let Ok(count @ 1..) = read(reader, &mut piece[length..]) {
            length += count;
        }
        if length == 0 {
            break;
        }
        pieces += 1;
        mixed += usize::from(piece.iter().any(|byte| *byte != piece[0]));
    }
    value("read: pieces of four writers", pieces);
    value("read: those that are mixed", mixed);
    children.into_iter().for_each(|pid| ended("write: a writer", pid));
    outcome("close: the end to read", close(reader));
}

/// Lets others run for a while.
fn pause() {
    for _ in 0..20 {
        time::yield_now();
    }
}

fn waiting() {
    let [reader, writer] = new(0);
    let pid = start_child(|| {
        let mut bytes = [0; 8];
        let count = read(reader, &mut bytes).unwrap_or(0);
        i32::from(bytes[..count] != *b"late")
    });
    pause();
    answer("write: to somebody who waits", write(writer, b"late"));
    ended("read: who waited", pid);
    let pid = start_child(|| {
        outcome("close: the end to read, by the writer", close(reader));
        let large = vec![3; 3 * CAPACITY];
        i32::from(write(writer, &large) != Ok(3 * CAPACITY))
    });
    outcome("close: the end to write", close(writer));
    let (mut total, mut bytes) = (0, vec![0; 10_000]);
    while let Ok(count @ 1..) = read(reader, &mut bytes) {
        total += count;
    }
    value("read: more than fits, in all", total);
    ended("write: who wrote it in one call", pid);
    outcome("close: the end to read", close(reader));
}

/// Says what can be done at each end.
fn tell(what: &str, ends: [usize; 2]) {
    for (name, end) in [("to read", ends[0]), ("to write", ends[1])] {
        let events = (POLLIN | POLLOUT) as i16;
        let mut watched = [Watched { fd: end as i32, events, revents: 0 }];
        let count = ppoll(&mut watched, Some(0)).unwrap_or(9);
        value(format!("ppoll: {what}, {name}"), format!("{count} {:#x}", watched[0].revents));
    }
}

/// How many bytes `end` says that there are to read.
fn available(end: usize) -> Answer {
    let mut count = -1_i32;
    let arguments = [end, FIONREAD as usize, &raw mut count as usize];
    // SAFETY: the kernel writes a number to where there is room for it.
    unsafe { report::ask_silently(general::__NR_ioctl, &arguments) }.map(|_| count as usize)
}

fn states() {
    let ends = new(O_NONBLOCK);
    tell("an empty pipe", ends);
    answer("ioctl: FIONREAD of an empty pipe", available(ends[0]));
    answer("write: some", write(ends[1], b"text"));
    tell("some bytes", ends);
    answer("ioctl: FIONREAD", available(ends[0]));
    while let Ok(1..) = write(ends[1], &[0; 4096]) {}
    tell("a full pipe", ends);
    let copy = raw::dup(ends[1]).unwrap_or(77);
    outcome("close: the end to write", close(ends[1]));
    outcome("close: its copy", close(copy));
    let events = POLLIN as i16;
    let mut watched = [Watched { fd: ends[0] as i32, events, revents: 0 }];
    answer("ppoll: without writers", ppoll(&mut watched, Some(0)));
    value("ppoll: it is", format!("{:#x}", watched[0].revents));
    let mut bytes = vec![0; CAPACITY];
    truth("read: all that is left", read(ends[0], &mut bytes).is_ok_and(|count| count > 0));
    watched[0].revents = 0;
    answer("ppoll: without writers, empty", ppoll(&mut watched, Some(0)));
    value("ppoll: it is", format!("{:#x}", watched[0].revents));
    outcome("close", close(ends[0]));
    let ends = new(0);
    outcome("close: the end to read", close(ends[0]));
    let mut watched = [Watched { fd: ends[1] as i32, events: POLLOUT as i16, revents: 0 }];
    answer("ppoll: without readers", ppoll(&mut watched, Some(0)));
    value("ppoll: it is", format!("{:#x}", watched[0].revents));
    outcome("close", close(ends[1]));
}

fn refused() {
    let [reader, writer] = new(0);
    answer("read: from the end to write", read(writer, &mut [0]));
    answer("write: to the end to read", write(reader, b"x"));
    for (what, end) in [("to read", reader), ("to write", writer)] {
        answer(format!("lseek: the end {what}"), raw::lseek(end, 0, SEEK_CUR));
        answer(format!("ftruncate: the end {what}"), raw::ftruncate(end, 0));
        outcome(format!("getdents64: the end {what}"), raw::getdents64(end, &mut [0; 64]));
    }
    answer("pread64: the end to read", raw::pread64(reader, &mut [0], 0));
    outcome("fchdir: to a pipe", raw::fchdir(reader));
    answer("write: some", write(writer, b"text"));
    for (what, address) in [("nowhere", NOWHERE), ("the kernel", KERNEL)] {
        // SAFETY: nothing is at the addresses.
        let ask = |number, end: usize| unsafe { report::ask_silently(number, &[end, address, 4]) };
        answer(format!("read: to {what}"), ask(general::__NR_read, reader));
        answer(format!("write: from {what}"), ask(general::__NR_write, writer));
    }
    answer("ioctl: FIONREAD still counts", available(reader));
    close_both([reader, writer]);
}
