//! Tries out O_PATH: a descriptor that names a file, and can be asked for little else.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::format;
use core::ffi::CStr;

use linux_raw_sys::general::{
    self, AT_EMPTY_PATH, AT_SYMLINK_NOFOLLOW, F_DUPFD, F_GETFD, F_GETFL, F_SETFD, F_SETFL, F_SETLK,
    FD_CLOEXEC, O_APPEND, O_NOFOLLOW, O_PATH, O_RDONLY, O_RDWR, POLLIN, POLLOUT,
};
use user::Start;
use user::raw::{self, Answer, Watched, close, fcntl};
use user::report::{self, answer, outcome, value};
use user::scratch::{Scratch, make};

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    let scratch = Scratch::enter("try-o-path");
    make(c"file", b"hello");
    outcome("mkdirat: a folder to try things in", raw::mkdir(c"folder"));
    outcome("symlinkat: a link", raw::symlink(c"file", c"link"));
    for (what, path, flags) in [
        ("a file", c"file", O_PATH),
        ("a file to be written", c"file", O_PATH | O_RDWR | O_APPEND),
        ("a folder", c"folder", O_PATH),
        ("a link", c"link", O_PATH | O_NOFOLLOW),
        ("a device", c"/dev/null", O_PATH),
    ] {
        try_all(what, path, flags);
    }
    attributes();
    scratch.leave();
    0
}

/// Asks for a call of this file.
fn ask(number: u32, arguments: &[usize]) -> Answer {
    // SAFETY: the kernel reads what is there, and writes to sets that are handed over for that.
    unsafe { report::ask_silently(number, arguments) }
}

fn try_all(what: &str, path: &CStr, flags: u32) {
    let file = raw::open(path, flags).expect("it is there");
    let about = |call: &str| format!("{call}: {what}");
    contents(file, &about);
    settings(file, &about);
    waiting(file, &about);
    answer(about("fchmod"), ask(general::__NR_fchmod, &[file, 0o600]));
    answer(about("fchown"), ask(general::__NR_fchown, &[file, 0, 0]));
    answer(about("fsync"), ask(general::__NR_fsync, &[file]));
    answer(about("fdatasync"), ask(general::__NR_fdatasync, &[file]));
    outcome(about("fstat"), raw::fstat(file));
    let empty = raw::newfstatat((file, c""), AT_EMPTY_PATH);
    answer(
        about("newfstatat"),
        empty.map(|stat| stat.st_size as usize * usize::from(path == c"file")),
    );
    outcome("close", close(file));
}

/// What is in it is not open.
fn contents(file: usize, about: &dyn Fn(&str) -> alloc::string::String) {
    answer(about("read"), raw::read(file, &mut [0]));
    answer(about("write"), raw::write(file, b"x"));
    answer(about("pread64"), raw::pread64(file, &mut [0], 0));
    answer(about("lseek"), raw::lseek(file, 0, 0));
    answer(about("ftruncate"), raw::ftruncate(file, 0));
    answer(about("getdents64"), raw::getdents64(file, &mut [0; 64]));
    let writer = raw::open(c"file", O_RDWR).expect("it is there");
    let sendfile = |to, from| ask(general::__NR_sendfile, &[to, from, 0, 1]);
    answer(about("sendfile: from"), sendfile(writer, file));
    answer(about("sendfile: to"), sendfile(file, writer));
    outcome("close", close(writer));
}

/// The number may be asked about and copied; what it names has no flags to change.
fn settings(file: usize, about: &dyn Fn(&str) -> alloc::string::String) {
    answer(about("fcntl: F_GETFD"), fcntl(file, F_GETFD, 0));
    answer(about("fcntl: F_SETFD"), fcntl(file, F_SETFD, FD_CLOEXEC as usize));
    answer(about("fcntl: F_GETFD"), fcntl(file, F_GETFD, 0));
    let is_path = |flags: usize| usize::from(flags as u32 & O_PATH != 0);
    answer(about("fcntl: F_GETFL has O_PATH"), fcntl(file, F_GETFL, 0).map(is_path));
    answer(about("fcntl: F_SETFL"), fcntl(file, F_SETFL, 0));
    let lock = [0_u64; 4];
    answer(about("fcntl: F_SETLK"), fcntl(file, F_SETLK, lock.as_ptr() as usize));
    let copy = fcntl(file, F_DUPFD, 20);
    answer(about("fcntl: F_DUPFD"), copy);
    outcome("close: the copy", copy.and_then(close));
}

/// Nobody can wait for it. To `poll` it is not open; to `select` it is, and has an answer.
fn waiting(file: usize, about: &dyn Fn(&str) -> alloc::string::String) {
    let events = (POLLIN | POLLOUT) as i16;
    let mut watched = [Watched { fd: file as i32, events, revents: 0 }];
    answer(about("ppoll"), raw::ppoll(&mut watched, Some(0)));
    value(about("ppoll: it is"), format!("{:#x}", watched[0].revents));
    let (mut set, time) = ([1_u64 << file], [0_u64; 2]);
    let arguments = [file + 1, set.as_mut_ptr() as usize, 0, 0, time.as_ptr() as usize, 0];
    answer(about("pselect6"), ask(general::__NR_pselect6, &arguments));
}

/// What may not be asked of the descriptor may be of the file, by its path.
fn attributes() {
    let set_times =
        |file: usize, flags: u32| ask(general::__NR_utimensat, &[file, 0, 0, flags as usize]);
    for (what, flags) in [("O_PATH", O_PATH), ("O_RDONLY", O_RDONLY)] {
        let file = raw::open(c"file", flags).expect("it is there");
        answer(format!("utimensat: {what}"), set_times(file, 0));
        answer(format!("utimensat: {what}, a flag"), set_times(file, AT_SYMLINK_NOFOLLOW));
        let empty = c"".as_ptr() as usize;
        let arguments = [file, empty, 0, 0, AT_EMPTY_PATH as usize];
        answer(format!("fchownat: {what}"), ask(general::__NR_fchownat, &arguments));
        outcome("close", close(file));
    }
    let mode = raw::stat(c"file").map(|stat| stat.st_mode as usize & 0o777);
    answer("stat: the mode is as it was", mode);
}
