//! Tries out descriptors: second ones for the same file, what they share, and which survive what.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::format;
use core::ffi::CStr;

use linux_raw_sys::general::{
    self, F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_GETFL, F_SETFD, F_SETFL, FD_CLOEXEC, O_APPEND,
    O_CLOEXEC, O_NONBLOCK, O_RDONLY, O_RDWR, SEEK_CUR, SEEK_SET,
};
use user::process::execve;
use user::raw::{self, Answer, close, dup, dup3, fcntl, lseek, read, write};
use user::report::{self, NOWHERE, answer, outcome, value};
use user::scratch::{Scratch, contents, make, shown};
use user::{Start, command};

#[unsafe(no_mangle)]
fn main(start: &Start) -> i32 {
    if start.argument(1) == Some("see") {
        return see();
    }
    let Some(own) = start.arguments().next() else { return 2 };
    let scratch = Scratch::enter("try-dup");
    make(c"file", b"0123456789");
    second();
    at_a_number();
    by_fcntl();
    flags_of_descriptors();
    flags_of_files();
    shared();
    across_fork();
    closed();
    limits();
    across_execve(&scratch, own);
    scratch.leave();
    0
}

/// Opens the file that this program is about.
fn open() -> usize {
    raw::open(c"file", O_RDWR).expect("it is there")
}

fn place(file: usize) -> Answer {
    lseek(file, 0, SEEK_CUR)
}

fn second() {
    let file = open();
    answer("openat: the first that is free", Ok(file));
    let copy = dup(file);
    answer("dup: the next", copy);
    answer("dup: the next", dup(file));
    outcome("close: in the middle", copy.and_then(close));
    answer("dup: the lowest is taken", dup(file));
    answer("dup: no descriptor", dup(77));
    answer("dup: the descriptor -1", dup(usize::MAX));
    (3..6).for_each(|file| outcome("close", close(file)));
    answer("dup: what was closed", dup(file));
}

fn at_a_number() {
    let file = open();
    answer("dup3: to 10", dup3(file, 10, 0));
    answer("write: to 10", write(10, b"ab"));
    answer("dup3: to what is open", dup3(file, 10, 0));
    answer("dup3: to itself", dup3(file, file, 0));
    answer("dup3: O_CLOEXEC", dup3(file, 10, O_CLOEXEC));
    answer("fcntl: F_GETFD of it", fcntl(10, F_GETFD, 0));
    answer("fcntl: F_GETFD of the first", fcntl(file, F_GETFD, 0));
    answer("dup3: without", dup3(file, 10, 0));
    answer("fcntl: F_GETFD of it", fcntl(10, F_GETFD, 0));
    answer("dup3: of a copy with O_CLOEXEC", {
        fcntl(10, F_SETFD, FD_CLOEXEC as usize).and(dup3(10, 11, 0))
    });
    answer("fcntl: F_GETFD of the copy", fcntl(11, F_GETFD, 0));
    answer("dup3: a flag that is none", dup3(file, 12, O_APPEND));
    answer("dup3: no descriptor", dup3(77, 12, 0));
    answer("dup3: to -1", dup3(file, usize::MAX, 0));
    answer("dup3: to beyond all limits", dup3(file, 1 << 30, 0));
    [file, 10, 11].into_iter().for_each(|file| outcome("close", close(file)));
    answer("close: nothing was made", close(12));
    value("open: contents", contents(c"file"));
}

fn by_fcntl() {
    let file = open();
    answer("fcntl: F_DUPFD from 20 on", fcntl(file, F_DUPFD, 20));
    answer("fcntl: F_DUPFD again", fcntl(file, F_DUPFD, 20));
    answer("fcntl: F_DUPFD from 0 on", fcntl(file, F_DUPFD, 0));
    answer("fcntl: F_DUPFD_CLOEXEC from 20 on", fcntl(file, F_DUPFD_CLOEXEC, 20));
    answer("fcntl: F_GETFD of it", fcntl(22, F_GETFD, 0));
    answer("fcntl: F_GETFD of one without", fcntl(21, F_GETFD, 0));
    answer("fcntl: F_DUPFD from -1 on", fcntl(file, F_DUPFD, usize::MAX));
    answer("fcntl: F_DUPFD from beyond all limits on", fcntl(file, F_DUPFD, 1 << 30));
    answer("fcntl: F_DUPFD of no descriptor", fcntl(77, F_DUPFD, 0));
    [file, 4, 20, 21, 22].into_iter().for_each(|file| outcome("close", close(file)));
}

fn flags_of_descriptors() {
    let file = open();
    answer("fcntl: F_GETFD", fcntl(file, F_GETFD, 0));
    answer("fcntl: F_SETFD", fcntl(file, F_SETFD, FD_CLOEXEC as usize));
    answer("fcntl: F_GETFD", fcntl(file, F_GETFD, 0));
    answer("fcntl: F_SETFD of nothing", fcntl(file, F_SETFD, 0));
    answer("fcntl: F_GETFD", fcntl(file, F_GETFD, 0));
    answer("fcntl: F_SETFD of another bit", fcntl(file, F_SETFD, 2));
    answer("fcntl: F_GETFD", fcntl(file, F_GETFD, 0));
    answer("fcntl: F_GETFD of no descriptor", fcntl(77, F_GETFD, 0));
    answer("fcntl: F_SETFD of no descriptor", fcntl(77, F_SETFD, 0));
    answer("fcntl: F_GETFL of no descriptor", fcntl(77, F_GETFL, 0));
    answer("fcntl: an operation that is none", fcntl(file, 9999, 0));
    outcome("close", close(file));
}

/// The flags of a file, as far as they are the same on both machines.
fn flags(file: usize) -> Answer {
    let shown = general::O_ACCMODE | O_APPEND | O_NONBLOCK;
    fcntl(file, F_GETFL, 0).map(|flags| flags & shown as usize)
}

fn flags_of_files() {
    let file = open();
    let copy = dup(file).expect("there is room");
    answer("fcntl: F_GETFL", flags(file));
    answer("fcntl: F_SETFL to O_APPEND", fcntl(file, F_SETFL, O_APPEND as usize));
    answer("fcntl: F_GETFL", flags(file));
    answer("fcntl: F_GETFL of the copy", flags(copy));
    answer("fcntl: F_SETFL to O_NONBLOCK", fcntl(copy, F_SETFL, O_NONBLOCK as usize));
    answer("fcntl: F_GETFL of the first", flags(file));
    answer("fcntl: F_SETFL to O_RDONLY", fcntl(file, F_SETFL, O_RDONLY as usize));
    answer("fcntl: F_GETFL still says the way", flags(file));
    let other = open();
    answer("fcntl: F_SETFL to O_APPEND", fcntl(file, F_SETFL, O_APPEND as usize));
    answer("fcntl: F_GETFL of another opening", flags(other));
    [file, copy, other].into_iter().for_each(|file| outcome("close", close(file)));
}

fn shared() {
    make(c"file", b"0123456789");
    let file = open();
    let copy = dup(file).expect("there is room");
    let other = open();
    let mut bytes = [0; 3];
    answer("read: by the first", read(file, &mut bytes));
    answer("read: by the copy", read(copy, &mut bytes));
    value("read: it goes on", shown(&bytes));
    answer("lseek: by the copy", lseek(copy, 1, SEEK_SET));
    answer("lseek: the first is there too", place(file));
    answer("lseek: another opening is not", place(other));
    outcome("close: the first", close(file));
    answer("write: by the copy", write(copy, b"abc"));
    answer("read: by the other", read(other, &mut bytes));
    value("read: what the copy wrote", shown(&bytes));
    outcome("close", close(copy).and(close(other)));
}

fn across_fork() {
    let file = open();
    answer("lseek: to 2", lseek(file, 2, SEEK_SET));
    report::child("fork: a copy reads", || {
        let mut bytes = [0; 4];
        answer("read: by the copy", read(file, &mut bytes));
        value("read: these", shown(&bytes));
        outcome("close: by the copy", close(file));
        answer("openat: another by the copy", raw::open(c"file", O_RDONLY));
        0
    });
    answer("lseek: the original is behind that", place(file));
    answer("fcntl: its descriptor is open", fcntl(file, F_GETFD, 0));
    answer("fcntl: the copy's other is not here", fcntl(file + 1, F_GETFD, 0));
    outcome("close", close(file));
}

fn closed() {
    let file = open();
    outcome("close", close(file));
    for (what, found) in [
        ("read", read(file, &mut [0])),
        ("write", write(file, b"x")),
        ("lseek", place(file)),
        ("fstat", raw::fstat(file).map(|_| 0)),
        ("ftruncate", raw::ftruncate(file, 0)),
        ("close", close(file)),
    ] {
        answer(format!("{what}: of what was closed"), found);
    }
}

fn limits() {
    report::child("prlimit64: few descriptors", || {
        let file = open();
        let limit = [8_usize, 8];
        let arguments = [0, general::RLIMIT_NOFILE as usize, limit.as_ptr() as usize, 0];
        // SAFETY: the kernel reads the limit.
        let set = unsafe { report::ask_silently(general::__NR_prlimit64, &arguments) };
        outcome("prlimit64: eight descriptors", set);
        let mut count = 0;
        while let Ok(copy) = dup(file) {
            count += usize::from(copy < 8);
        }
        value("dup: so many more", count);
        answer("dup: then", dup(file));
        answer("openat: then", raw::open(c"file", O_RDONLY));
        answer("pipe2: then", raw::pipe2(0).map(|_| 0));
        answer("fcntl: F_DUPFD then", fcntl(file, F_DUPFD, 0));
        answer("fcntl: F_DUPFD from 8 on", fcntl(file, F_DUPFD, 8));
        answer("dup3: to 7", dup3(file, 7, 0));
        answer("dup3: to 8", dup3(file, 8, 0));
        outcome("close: one", close(5));
        answer("pipe2: needs two", raw::pipe2(0).map(|_| 0));
        answer("openat: it is free still", raw::open(c"file", O_RDONLY));
        0
    });
}

/// Whether descriptors are there in the program that another became.
fn see() -> i32 {
    answer("execve: a descriptor is there", place(40));
    answer("execve: one with O_CLOEXEC is not", place(41));
    answer("execve: one that lost it is", place(42));
    answer("execve: what it got by F_SETFD counts", place(43));
    answer("execve: a flag of the file stays", flags(40));
    answer("execve: the first is the lowest", dup(40));
    0
}

fn across_execve(scratch: &Scratch, own: &CStr) {
    report::child("execve: descriptors", || {
        let file = open();
        answer("lseek: to 5", lseek(file, 5, SEEK_SET));
        answer("fcntl: F_SETFL", fcntl(file, F_SETFL, O_APPEND as usize));
        answer("dup3: to 40", dup3(file, 40, 0));
        answer("dup3: to 41", dup3(file, 41, O_CLOEXEC));
        answer("dup3: to 42", dup3(41, 42, 0));
        answer("dup3: to 43", dup3(file, 43, 0));
        answer("fcntl: F_SETFD", fcntl(43, F_SETFD, FD_CLOEXEC as usize));
        outcome("close", close(file));
        outcome("fchdir: to where this program began", scratch.back_to_start());
        outcome::<()>("execve", Err(execve(own, &[own, c"see"], &[])));
        command::NOT_RUN.into()
    });
    // SAFETY: the kernel finds nothing there.
    let found = unsafe { report::ask_silently(general::__NR_execve, &[NOWHERE, 0, 0]) };
    answer("execve: a path that is nowhere", found);
    report::child("execve: that fails", || {
        let file = raw::open(c"file", O_RDONLY | O_CLOEXEC).expect("it is there");
        outcome::<()>("execve", Err(execve(c"nothing", &[c"nothing"], &[])));
        answer("lseek: what is to be closed is there", place(file));
        0
    });
}
