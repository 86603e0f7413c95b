//! Tries out `openat`: which paths and flags open what, and with which errors.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::format;
use core::ffi::CStr;

use linux_raw_sys::general::{self, O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW};
use linux_raw_sys::general::{
    O_APPEND, O_CLOEXEC, O_NONBLOCK, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY,
};
use user::raw::{self, Answer, HERE, here};
use user::report::{KERNEL, NOWHERE};
use user::scratch::{Scratch, contents, make, rest, text};
use user::{Start, report};

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    let scratch = Scratch::enter("try-open");
    make(c"file", b"hello");
    report::outcome("open: a folder to try things in", raw::mkdir(c"folder"));
    make(c"folder/inner", b"inner");
    for (target, path) in [
        (c"file", c"to-file"),
        (c"folder", c"to-folder"),
        (c"nothing", c"to-nothing"),
        (c"circle", c"circle"),
    ] {
        report::outcome("open: a link to try things with", raw::symlink(target, path));
    }
    paths();
    long_paths();
    links();
    creating();
    ways();
    flags_kept();
    folders();
    removed();
    scratch.leave();
    0
}

/// Opens and closes again.
fn once(at: raw::At, flags: u32) -> Answer {
    let descriptor = raw::openat(at, flags, 0o666)?;
    raw::close(descriptor)
}

fn try_paths(flags: u32, what: &str, paths: &[&CStr]) {
    for path in paths {
        let path_shown = path.to_string_lossy();
        report::outcome(format!("open: {what} {path_shown:?}"), once(here(path), flags));
    }
}

fn paths() {
    try_paths(
        O_RDONLY,
        "to read",
        &[
            c"file",
            c"folder",
            c"folder/",
            c"folder//inner",
            c"./folder/../file",
            c"..",
            c".",
            c"/",
            c"//",
            c"/..",
            c"/.",
            c"to-file",
            c"to-folder/inner",
            c"to-folder/",
            c"folder/./inner",
            c"folder/inner",
        ],
    );
    try_paths(
        O_RDONLY,
        "to read",
        &[
            c"",
            c"nothing",
            c"nothing/",
            c"nothing/inner",
            c"folder/nothing",
            c"file/",
            c"file/.",
            c"file/..",
            c"file/inner",
            c"to-nothing",
            c"to-nothing/",
            c"to-file/",
            c"circle",
            c"circle/inner",
            c"folder/nothing/../inner",
            c"...",
            c"File",
        ],
    );
}

fn long_paths() {
    let name = |length: usize| text(&"n".repeat(length));
    report::outcome("open: to make a name of 255 bytes", once(here(&name(255)), O_CREAT | O_RDWR));
    report::outcome("open: a name of 255 bytes", once(here(&name(255)), O_RDONLY));
    report::outcome("open: a name of 256 bytes", once(here(&name(256)), O_RDONLY));
    report::outcome("open: to make a name of 256 bytes", once(here(&name(256)), O_CREAT | O_RDWR));
    for length in [1000, 4095, 4096] {
        let path = text(&format!(".{}file", "/".repeat(length - 5)));
        report::outcome(format!("open: a path of {length} bytes"), once(here(&path), O_RDONLY));
    }
    for (what, address) in [("nowhere", NOWHERE), ("in the kernel", KERNEL), ("null", 0)] {
        // SAFETY: the kernel finds no path there.
        let found = unsafe {
            report::ask_silently(general::__NR_openat, &[HERE, address, O_RDONLY as usize])
        };
        report::outcome(format!("open: a path that is {what}"), found);
    }
}

fn links() {
    try_paths(
        O_RDONLY | O_NOFOLLOW,
        "no link",
        &[
            c"file",
            c"folder",
            c"to-file",
            c"to-folder",
            c"to-nothing",
            c"to-folder/inner",
            c"to-folder/",
            c"circle",
        ],
    );
    try_paths(
        O_RDONLY | O_DIRECTORY,
        "a folder",
        &[c"folder", c"file", c"to-folder", c"to-file", c"nothing", c"."],
    );
}

fn creating() {
    try_paths(
        O_CREAT | O_EXCL | O_RDWR,
        "to make anew",
        &[
            c"new",
            c"new",
            c"file",
            c"folder",
            c"to-nothing",
            c"to-file",
            c"circle",
            c"nothing/new",
            c"file/new",
            c".",
            c"folder/.",
            c"",
            c"folder/new",
        ],
    );
    try_paths(
        O_CREAT | O_RDWR,
        "to make",
        &[
            c"new",
            c"newer",
            c"folder/newer",
            c"folder",
            c"nothing/new",
            c"fresh/",
            c"to-folder/more",
        ],
    );
    report::outcome("open: what a link to nothing names", once(here(c"nothing"), O_RDONLY));
    report::outcome("open: to make it", once(here(c"to-nothing"), O_CREAT | O_RDWR));
    report::outcome("open: then it is there", once(here(c"nothing"), O_RDONLY));
    for mode in [0o666, 0o777, 0o600, 0o400, 0] {
        let file = raw::openat(here(c"mode"), O_CREAT | O_EXCL | O_WRONLY, mode);
        report::outcome(format!("open: to make with mode {mode:o}"), file);
        let written = file.and_then(|file| raw::write(file, b"xyz"));
        report::answer("open: which does not matter to who made it", written);
        let mode = raw::stat(c"mode").map_or(0, |stat| stat.st_mode);
        report::value("open: the mode is", format!("{mode:o}"));
        report::outcome("open: it goes", file.and_then(raw::close).and(raw::unlink(c"mode")));
    }
}

fn ways() {
    let mut bytes = [0; 8];
    for (what, flags) in [("read", O_RDONLY), ("write", O_WRONLY), ("read and write", O_RDWR)] {
        make(c"way", b"1234567");
        let Ok(file) = raw::open(c"way", flags) else { continue };
        report::answer(format!("open: to {what}, read"), raw::read(file, &mut bytes));
        report::answer(format!("open: to {what}, write"), raw::write(file, b"ab"));
        report::outcome(format!("open: to {what}, close"), raw::close(file));
        report::value(format!("open: to {what}, then there is"), contents(c"way"));
    }
    for (what, flags) in [("read", O_RDONLY), ("write", O_WRONLY), ("read and write", O_RDWR)] {
        make(c"way", b"1234567");
        report::outcome(format!("open: to {what}, O_TRUNC"), once(here(c"way"), flags | O_TRUNC));
        report::value(format!("open: to {what}, O_TRUNC, then there is"), contents(c"way"));
    }
    try_paths(O_WRONLY, "to write", &[c"folder", c"folder/", c".", c"to-file", c"nothing/x"]);
    try_paths(O_RDWR, "to read and write", &[c"folder", c"to-folder"]);
    try_paths(O_RDONLY | O_TRUNC, "to cut", &[c"folder"]);
    try_paths(O_RDONLY | 1 << 30, "with a flag that is none", &[c"file"]);
}

fn flags_kept() {
    let shown = general::O_ACCMODE | O_APPEND | O_NONBLOCK;
    for (what, flags) in [
        ("O_RDONLY", O_RDONLY),
        ("O_WRONLY", O_WRONLY),
        ("O_RDWR", O_RDWR),
        ("O_WRONLY and O_APPEND", O_WRONLY | O_APPEND),
        ("O_RDWR and O_NONBLOCK", O_RDWR | O_NONBLOCK),
        ("O_RDWR and O_CREAT and O_TRUNC", O_RDWR | O_CREAT | O_TRUNC),
    ] {
        let file = raw::open(c"kept", flags | O_CREAT);
        let found = file.and_then(|file| raw::fcntl(file, general::F_GETFL, 0));
        let found = found.map(|found| found & shown as usize);
        report::answer(format!("open: F_GETFL after {what}"), found);
        report::outcome("open: close", file.and_then(raw::close));
    }
    for (what, flags) in [("O_RDONLY", O_RDONLY), ("O_CLOEXEC", O_CLOEXEC)] {
        let file = raw::open(c"file", flags);
        let found = file.and_then(|file| raw::fcntl(file, general::F_GETFD, 0));
        report::answer(format!("open: F_GETFD after {what}"), found);
        report::outcome("open: close", file.and_then(raw::close));
    }
    let both = [raw::open(c"file", O_RDONLY), raw::open(c"file", O_RDONLY)];
    report::answer("open: the lowest descriptor", both[0]);
    report::answer("open: the next", both[1]);
    let mut bytes = [0; 2];
    report::answer("open: read by one", both[0].and_then(|file| raw::read(file, &mut bytes)));
    report::value("open: the other has its own place", both[1].map_or_else(|_| "".into(), rest));
    for file in both.into_iter().flatten() {
        report::outcome("open: close", raw::close(file));
    }
    report::answer("open: a descriptor comes again", raw::open(c"file", O_RDONLY));
    report::outcome("open: close", raw::close(3));
    report::outcome("open: close again", raw::close(3));
    report::outcome("open: close a descriptor that cannot be", raw::close(usize::MAX));
}

fn folders() {
    let (Ok(folder), Ok(file)) = (raw::open(c"folder", O_RDONLY), raw::open(c"file", O_RDONLY))
    else {
        return;
    };
    let absolute = c"/tmp";
    for (what, at) in [
        ("in a folder", (folder, c"inner")),
        ("in a folder, not there", (folder, c"file")),
        ("in a folder, one up", (folder, c"../file")),
        ("in a folder, no path", (folder, c"")),
        ("in a file", (file, c"inner")),
        ("in a file, one up", (file, c"../file")),
        ("in a file, from the root", (file, absolute)),
        ("in no descriptor", (77, c"inner")),
        ("in no descriptor, from the root", (77, absolute)),
        ("in the descriptor -1", (usize::MAX, c"inner")),
    ] {
        report::outcome(format!("openat: {what}"), once(at, O_RDONLY));
    }
    let made = once((folder, c"made"), O_CREAT | O_EXCL | O_WRONLY);
    report::outcome("openat: to make in a folder", made);
    report::outcome("openat: it is there", once(here(c"folder/made"), O_RDONLY));
    report::outcome("open: close", raw::close(folder));
    report::outcome("openat: in a folder that was closed", once((folder, c"inner"), O_RDONLY));
    report::outcome("open: close", raw::close(file));
}

fn removed() {
    make(c"doomed", b"still here");
    let file = raw::open(c"doomed", O_RDWR);
    report::outcome("open: a file's name is taken away", raw::unlink(c"doomed"));
    report::outcome("open: then it is not found", once(here(c"doomed"), O_RDONLY));
    report::value("open: but can be read", file.map_or_else(|_| "".into(), rest));
    let links = file.and_then(raw::fstat).map(|stat| stat.st_nlink as usize);
    report::answer("open: and has no name", links);
    report::answer("open: and written", file.and_then(|file| raw::write(file, b"!")));
    make(c"doomed", b"another");
    report::value("open: another of its name is another", contents(c"doomed"));
    report::outcome("open: close", file.and_then(raw::close));
}
