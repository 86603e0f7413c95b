//! Tries out what is open already, and is opened once more by its name below `/proc`: another
//! description of the same file, with an offset, flags and rights of its own. A pipe has no other
//! name.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::ffi::CString;
use alloc::format;

use linux_raw_sys::general::{
    F_GETFD, F_GETFL, F_SETFL, O_ACCMODE, O_APPEND, O_CLOEXEC, O_CREAT, O_DIRECTORY, O_EXCL,
    O_NOFOLLOW, O_NONBLOCK, O_PATH, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY, POLLIN, POLLOUT, SEEK_CUR,
};
use user::Start;
use user::raw::{self, Answer, Watched, close, fcntl, pipe2, read, write};
use user::report::{self, answer, outcome, truth, value};
use user::scratch::{Scratch, contents, make, shown, text};

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    let scratch = Scratch::enter("try-reopen");
    make(c"file", b"hello");
    files();
    for (what, end) in [("the end to read", 0), ("the end to write", 1)] {
        for (name, flags) in [
            ("O_RDONLY", O_RDONLY),
            ("O_WRONLY", O_WRONLY),
            ("O_RDWR", O_RDWR),
            ("O_RDONLY and O_NONBLOCK", O_RDONLY | O_NONBLOCK),
            ("O_WRONLY and O_NONBLOCK", O_WRONLY | O_NONBLOCK),
            ("O_RDWR, O_TRUNC and O_CREAT", O_RDWR | O_TRUNC | O_CREAT),
            ("O_WRONLY, O_APPEND and O_CLOEXEC", O_WRONLY | O_APPEND | O_CLOEXEC),
        ] {
            pipe(&format!("{what}, {name}"), end, flags);
        }
        refused(what, end);
    }
    without_writers();
    without_readers();
    alone();
    by_child();
    scratch.leave();
    0
}

/// Where `descriptor` is found below `/proc`.
fn path(descriptor: usize) -> CString {
    text(&format!("/proc/self/fd/{descriptor}"))
}

/// Opens what `descriptor` means once more.
fn reopen(descriptor: usize, flags: u32) -> Answer {
    raw::open(&path(descriptor), flags)
}

/// The flags of what is open, as far as they are the same on both machines.
fn flags(descriptor: usize) -> Answer {
    let shown = O_ACCMODE | O_APPEND | O_NONBLOCK;
    fcntl(descriptor, F_GETFL, 0).map(|flags| flags & shown as usize)
}

/// What comes by `descriptor` in one read.
fn piece(what: &str, descriptor: usize) {
    let mut bytes = [0; 16];
    let count = read(descriptor, &mut bytes);
    answer(format!("read: {what}"), count);
    value("read: these", shown(&bytes[..count.unwrap_or(0)]));
}

/// A file that is open once more is read from its beginning.
fn files() {
    let Ok(file) = raw::open(c"file", O_RDONLY | O_APPEND) else { return };
    answer("read: two", read(file, &mut [0; 2]));
    for (what, flags_wanted) in [("O_RDONLY", O_RDONLY), ("O_RDWR", O_RDWR | O_NONBLOCK)] {
        let Ok(other) = reopen(file, flags_wanted) else { continue };
        answer(format!("fcntl: F_GETFL of a file, {what}"), flags(other));
        answer("lseek: the other is at the beginning", raw::lseek(other, 0, SEEK_CUR));
        piece("the other", other);
        answer("write: the other", write(other, b"!"));
        outcome("close: the other", close(other));
    }
    answer("fcntl: F_GETFL is as before", flags(file));
    answer("lseek: and the place", raw::lseek(file, 0, SEEK_CUR));
    value("open: contents", contents(c"file"));
    outcome("close", close(file));
}

/// Says what can be done at `end`.
fn tell(what: &str, end: usize) {
    let mut watched = [Watched { fd: end as i32, events: (POLLIN | POLLOUT) as i16, revents: 0 }];
    let count = raw::ppoll(&mut watched, Some(0));
    answer(format!("ppoll: {what}"), count);
    value("ppoll: it is", format!("{:#x}", watched[0].revents));
}

/// Opens an end of a pipe with `wanted`, and tries to read and to write by it.
fn pipe(what: &str, end: usize, wanted: u32) {
    let Ok(ends) = pipe2(O_NONBLOCK) else { return };
    let [reader, writer] = ends;
    let other = reopen(ends[end], wanted);
    answer(format!("openat: {what}"), other);
    let Ok(other) = other else { return };
    answer("fcntl: F_GETFL", flags(other));
    answer("fcntl: F_GETFD", fcntl(other, F_GETFD, 0));
    answer("fcntl: F_GETFL of the first", flags(ends[end]));
    let numbers = [other, ends[end]].map(|end| raw::fstat(end).map_or(0, |stat| stat.st_ino));
    truth("fstat: it is the same pipe", numbers[0] == numbers[1]);
    tell("empty", other);
    answer("write: to the first", write(writer, b"first"));
    tell("with bytes", other);
    piece("by the other", other);
    answer("write: to the other", write(other, b"other"));
    piece("by the first", reader);
    answer("fcntl: F_SETFL of the other", fcntl(other, F_SETFL, O_NONBLOCK as usize));
    piece("by the other, which is empty", other);
    answer("fcntl: F_SETFL of the other", fcntl(other, F_SETFL, 0));
    answer("fcntl: F_GETFL of the other", flags(other));
    answer("fcntl: F_GETFL of the first", flags(ends[end]));
    outcome("close", close(reader).and(close(writer)).and(close(other)));
}

fn refused(what: &str, end: usize) {
    let Ok(ends) = pipe2(0) else { return };
    for (name, wanted) in [
        ("O_DIRECTORY", O_DIRECTORY),
        ("O_NOFOLLOW", O_NOFOLLOW),
        ("O_CREAT and O_EXCL", O_CREAT | O_EXCL),
    ] {
        outcome(format!("openat: {what}, {name}"), reopen(ends[end], wanted));
    }
    let named = reopen(ends[end], O_PATH);
    outcome(format!("openat: {what}, O_PATH"), named);
    if let Ok(named) = named {
        answer("read: O_PATH", read(named, &mut [0]));
        answer("write: O_PATH", write(named, b"x"));
        let again = reopen(named, O_RDWR | O_NONBLOCK);
        answer("openat: by O_PATH", again.and_then(flags));
        outcome("close", again.and_then(close).and(close(named)));
    }
    outcome("close", close(ends[0]).and(close(ends[1])));
    outcome(format!("openat: {what}, closed"), reopen(ends[end], O_RDONLY));
}

fn without_writers() {
    let Ok([reader, writer]) = pipe2(O_NONBLOCK) else { return };
    let other = reopen(reader, O_WRONLY).unwrap_or(77);
    outcome("close: the end to write", close(writer));
    tell("one is left to write", reader);
    answer("read: it is not the end", read(reader, &mut [0]));
    outcome("close: the other", close(other));
    tell("none is left", reader);
    answer("read: it is the end", read(reader, &mut [0]));
    let other = reopen(reader, O_WRONLY).unwrap_or(77);
    answer("write: by a new one", write(other, b"back"));
    tell("there is one again", reader);
    piece("by the end to read", reader);
    answer("read: it is not the end", read(reader, &mut [0]));
    outcome("close", close(reader).and(close(other)));
}

fn without_readers() {
    let Ok([reader, writer]) = pipe2(O_NONBLOCK) else { return };
    let other = reopen(writer, O_RDONLY | O_NONBLOCK).unwrap_or(77);
    outcome("close: the end to read", close(reader));
    tell("one is left to read", writer);
    answer("write: to it", write(writer, b"left"));
    piece("by the other", other);
    outcome("close: the other", close(other));
    tell("none is left", writer);
    let other = reopen(writer, O_RDONLY | O_NONBLOCK).unwrap_or(77);
    tell("there is one again", writer);
    answer("write: to it", write(writer, b"back"));
    piece("by it", other);
    outcome("close", close(writer).and(close(other)));
}

/// Who may read and write is both ends.
fn alone() {
    let Ok([reader, writer]) = pipe2(0) else { return };
    let both = reopen(writer, O_RDWR | O_NONBLOCK).unwrap_or(77);
    outcome("close: the others", close(reader).and(close(writer)));
    tell("both", both);
    answer("read: nothing is there", read(both, &mut [0]));
    answer("write: to itself", write(both, b"self"));
    tell("both, with bytes", both);
    piece("by itself", both);
    while let Ok(1..) = write(both, &[0; 4096]) {}
    tell("both, full", both);
    let second = reopen(both, O_WRONLY).unwrap_or(77);
    outcome("close: both", close(both));
    tell("nobody reads", second);
    outcome("close", close(second));
}

/// Who waits is told by an end that was opened later, and by its end.
fn by_child() {
    let Ok([reader, writer]) = pipe2(0) else { return };
    let other = reopen(reader, O_RDWR).unwrap_or(77);
    let pid = report::start_child(|| {
        let outcomes = close(writer).and(close(other));
        let mut bytes = [0; 4];
        let first = read(reader, &mut bytes);
        let end = read(reader, &mut [0]);
        i32::from(outcomes.is_err() || first != Ok(4) || bytes != *b"text" || end != Ok(0))
    });
    (0..20).for_each(|_| user::time::yield_now());
    outcome("close: the ends that were there", close(reader).and(close(writer)));
    answer("write: by the other", write(other, b"text"));
    (0..20).for_each(|_| user::time::yield_now());
    outcome("close: the other", close(other));
    report::ended("read: who waited", pid);
}
