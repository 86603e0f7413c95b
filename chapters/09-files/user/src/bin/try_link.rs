//! Tries out links: `symlinkat` and `readlinkat`, which are about texts, and `linkat`, which is
//! about names.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::format;
use alloc::string::String;
use core::ffi::CStr;

use linux_raw_sys::general::{
    self, AT_EMPTY_PATH, AT_SYMLINK_FOLLOW, O_CREAT, O_EXCL, O_RDONLY, O_RDWR,
};
use user::raw::{self, HERE, here, linkat, readlinkat, symlink, symlinkat};
use user::report::{self, KERNEL, NOWHERE, answer, outcome, value};
use user::scratch::{Scratch, contents, make, shown, text};
use user::{Start, raw::Answer};

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    let scratch = Scratch::enter("try-link");
    make(c"file", b"hello");
    outcome("mkdirat: a folder to try things in", raw::mkdir(c"folder"));
    make(c"folder/inner", b"inner");
    texts();
    short_buffers();
    no_links();
    refused();
    following(&scratch);
    chains();
    names();
    refused_names();
    gone();
    below_descriptors();
    wrong_addresses();
    scratch.leave();
    0
}

/// The text of the link at `at`, for people.
fn read_at(at: raw::At) -> String {
    let mut bytes = [0; 300];
    match readlinkat(at, &mut bytes) {
        Ok(count) => shown(&bytes[..count]),
        Err(error) => error.name().into(),
    }
}

fn read(path: &CStr) -> String {
    read_at(here(path))
}

fn texts() {
    for target in [c"file", c"nothing", c"/", c"./..//.", c"folder/", c"two words", c"\xff\x01"] {
        let shown = target.to_bytes().escape_ascii();
        outcome(format!("symlinkat: to {shown}"), symlink(target, c"link"));
        value("readlinkat", read(c"link"));
        outcome("unlinkat", raw::unlink(c"link"));
    }
    let long = text(&"long/".repeat(50));
    outcome("symlinkat: to 250 bytes", symlink(&long, c"link"));
    let mut bytes = [0; 300];
    answer("readlinkat: 250 bytes", readlinkat(here(c"link"), &mut bytes));
    report::truth("readlinkat: these", bytes[..250] == *long.to_bytes());
    outcome("unlinkat", raw::unlink(c"link"));
}

fn short_buffers() {
    outcome("symlinkat: link", symlink(c"file", c"link"));
    for length in [1, 3, 4, 5] {
        let mut bytes = [b'-'; 6];
        answer(format!("readlinkat: {length} bytes"), {
            readlinkat(here(c"link"), &mut bytes[..length])
        });
        value("readlinkat: these", shown(&bytes));
    }
    answer("readlinkat: no bytes", readlinkat(here(c"link"), &mut []));
}

fn no_links() {
    for path in [c"file", c"folder", c".", c"/", c"nothing", c"", c"file/x", c"link/", c"folder/"] {
        value(format!("readlinkat: {:?}", path.to_string_lossy()), read(path));
    }
    let (file, folder) = (raw::open(c"file", O_RDONLY), raw::open(c"folder", O_RDONLY));
    let (Ok(file), Ok(folder)) = (file, folder) else { return };
    outcome("symlinkat: in the folder", symlinkat(c"inner", (folder, c"to-inner")));
    value("readlinkat: in the folder", read_at((folder, c"to-inner")));
    value("open: by it", contents(c"folder/to-inner"));
    value("readlinkat: in a file", read_at((file, c"to-inner")));
    value("readlinkat: in no descriptor", read_at((77, c"to-inner")));
    outcome("symlinkat: in a file", symlinkat(c"inner", (file, c"x")));
    outcome("symlinkat: in no descriptor", symlinkat(c"inner", (77, c"x")));
    outcome("close", raw::close(file).and(raw::close(folder)));
}

fn refused() {
    for path in [
        c"link",
        c"file",
        c"folder",
        c"nothing/x",
        c"file/x",
        c"",
        c".",
        c"..",
        c"/",
        c"new/",
        c"folder/",
    ] {
        let name = path.to_string_lossy();
        outcome(format!("symlinkat: at {name:?}"), symlink(c"file", path));
    }
    outcome("symlinkat: to no text", symlink(c"", c"new"));
    let name = |length: usize| text(&"n".repeat(length));
    outcome("symlinkat: a name of 256 bytes", symlink(c"file", &name(256)));
    outcome("symlinkat: a name of 255 bytes", symlink(c"file", &name(255)));
    outcome("unlinkat", raw::unlink(&name(255)));
    outcome("symlinkat: to 4096 bytes", symlink(&name(4096), c"new"));
}

/// Makes the link `path` anew, which leads to `target`.
fn set(target: &CStr, path: &CStr) {
    // Mostly there is none.
    let _ = raw::unlink(path);
    let target_shown = target.to_string_lossy();
    outcome(format!("symlinkat: {} to {target_shown}", path.to_string_lossy()), {
        symlink(target, path)
    });
}

fn following(scratch: &Scratch) {
    set(c"folder", c"link");
    value("open: link/inner", contents(c"link/inner"));
    value("open: link/../file", contents(c"link/../file"));
    set(c"../file", c"folder/up");
    value("open: folder/up", contents(c"folder/up"));
    value("open: link/up", contents(c"link/up"));
    set(c"link/./../link/inner", c"winding");
    value("open: winding", contents(c"winding"));
    set(c"file/", c"slash");
    value("open: slash, to a file with a slash", contents(c"slash"));
    set(c"file/..", c"dots");
    value("open: dots, to a file with dots", contents(c"dots"));
    set(c".", c"dot");
    value("open: dot/dot/dot/file", contents(c"dot/dot/dot/file"));
    // Its text has this run's own name of the folder, so it is not told.
    outcome("symlinkat: from the root", symlink(&scratch.join("folder"), c"absolute"));
    value("open: absolute/inner", contents(c"absolute/inner"));
    outcome("symlinkat: from the root, to nothing", symlink(&scratch.join("new"), c"future"));
    value("open: future", contents(c"future"));
    let made = raw::open(c"future", O_CREAT | O_RDWR).and_then(raw::close);
    outcome("open: to make it", made);
    value("open: then it is there", contents(c"new"));
    let made = raw::open(c"future", O_CREAT | O_EXCL | O_RDWR).and_then(raw::close);
    outcome("open: to make it anew", made);
    outcome("unlinkat: the link", raw::unlink(c"future"));
    value("open: what it named stays", contents(c"new"));
    set(c"nothing/deep", c"link");
    let made = raw::open(c"link", O_CREAT | O_RDWR).and_then(raw::close);
    outcome("open: to make what cannot be", made);
}

fn chains() {
    outcome("symlinkat: link-1 to file", symlink(c"file", c"link-1"));
    for index in 2..=41 {
        let (target, path) = (format!("link-{}", index - 1), format!("link-{index}"));
        let made = symlink(&text(&target), &text(&path));
        if made.is_err() {
            outcome(format!("symlinkat: {path}"), made);
        }
    }
    for index in [1, 2, 8, 39, 40, 41] {
        let path = text(&format!("link-{index}"));
        value(format!("open: through {index} links"), contents(&path));
        outcome("stat: the same", raw::stat(&path));
    }
    set(c".", c"dot");
    for count in [39, 40, 41] {
        let path = text(&format!("{}file", "dot/".repeat(count)));
        value(format!("open: through {count} links in a path"), contents(&path));
    }
    set(c"pong", c"ping");
    set(c"ping", c"pong");
    value("open: in a circle of two", contents(c"ping"));
    value("readlinkat: one of them", read(c"ping"));
    set(c"self/x", c"self");
    value("open: in a path of itself", contents(c"self"));
}

/// Gives `from` also the name `to`.
fn link(from: &CStr, to: &CStr) -> Answer {
    linkat(here(from), here(to), 0)
}

fn names() {
    outcome("linkat: a second name", link(c"file", c"second"));
    value("open: by it", contents(c"second"));
    make(c"second", b"written by the second");
    value("open: by the first", contents(c"file"));
    outcome("unlinkat: the first", raw::unlink(c"file"));
    value("open: by the second", contents(c"second"));
    outcome("linkat: the first again, elsewhere", link(c"second", c"folder/first"));
    value("open: by it", contents(c"folder/first"));
    outcome("renameat2: to the first place", raw::rename(c"folder/first", c"file"));
    set(c"file", c"link");
    outcome("linkat: a link itself", link(c"link", c"link-too"));
    value("readlinkat: the second name of the link", read(c"link-too"));
    let followed = linkat(here(c"link"), here(c"third"), AT_SYMLINK_FOLLOW);
    outcome("linkat: AT_SYMLINK_FOLLOW", followed);
    value("readlinkat: that is no link", read(c"third"));
    let count = raw::stat(c"third").map(|stat| stat.st_nlink as usize);
    answer("stat: names", count);
}

fn refused_names() {
    for (from, to) in [
        (c"file", c"second"),
        (c"file", c"file"),
        (c"file", c"folder"),
        (c"file", c"link"),
        (c"nothing", c"new-name"),
        (c"file", c"nothing/x"),
        (c"file", c"file/x"),
        (c"file/", c"new-name"),
        (c"file", c"new-name/"),
        (c"folder", c"new-name"),
        (c".", c"new-name"),
        (c"", c"new-name"),
        (c"file", c""),
        (c"file", c"."),
    ] {
        let (one, other) = (from.to_string_lossy(), to.to_string_lossy());
        outcome(format!("linkat: {one:?} as {other:?}"), link(from, to));
    }
    let flags = |flags: u32| linkat(here(c"file"), here(c"new-name"), flags);
    outcome("linkat: a flag that is none", flags(1 << 30));
    outcome("linkat: AT_SYMLINK_NOFOLLOW", flags(general::AT_SYMLINK_NOFOLLOW));
    let name = text(&"n".repeat(256));
    outcome("linkat: a name of 256 bytes", link(c"file", &name));
}

/// What has lost its last name stays without, however long it is open.
fn gone() {
    make(c"gone", b"hello");
    let Ok(file) = raw::open(c"gone", O_RDONLY) else { return };
    let path = text(&format!("/proc/self/fd/{file}"));
    let by_link = |to: &CStr| linkat(here(&path), here(to), AT_SYMLINK_FOLLOW);
    outcome("linkat: what is open", by_link(c"gone-too"));
    outcome("unlinkat: one of two names", raw::unlink(c"gone"));
    outcome("linkat: what has one left", by_link(c"gone"));
    outcome("unlinkat: both", raw::unlink(c"gone").and(raw::unlink(c"gone-too")));
    outcome("linkat: what has none", by_link(c"gone"));
    outcome("linkat: to a name that is taken", by_link(c"file"));
    outcome("linkat: AT_EMPTY_PATH", linkat((file, c""), here(c"gone"), AT_EMPTY_PATH));
    value("open: it did not come back", contents(c"gone"));
    let links = raw::fstat(file).map(|stat| stat.st_nlink as usize);
    answer("fstat: names", links);
    outcome("close", raw::close(file));
}

fn below_descriptors() {
    let (file, folder) = (raw::open(c"file", O_RDONLY), raw::open(c"folder", O_RDONLY));
    let (Ok(file), Ok(folder)) = (file, folder) else { return };
    for (what, from, to) in [
        ("into a folder", (HERE, c"file"), (folder, c"in")),
        ("in a folder", (folder, c"in"), (folder, c"in-too")),
        ("out of a folder", (folder, c"inner"), (HERE, c"out")),
        ("from a file", (file, c"x"), (HERE, c"x")),
        ("to a file", (HERE, c"file"), (file, c"x")),
        ("from no descriptor", (77, c"x"), (HERE, c"x")),
        ("to no descriptor", (HERE, c"file"), (77, c"x")),
    ] {
        outcome(format!("linkat: {what}"), linkat(from, to, 0));
    }
    value("open: what came out", contents(c"out"));
    outcome("close", raw::close(file).and(raw::close(folder)));
}

fn wrong_addresses() {
    let path = c"link".as_ptr() as usize;
    // SAFETY: the kernel reads paths where there are any, and writes to where nothing is.
    let ask = |number, arguments: &[usize]| unsafe { report::ask_silently(number, arguments) };
    for (what, address) in [("nowhere", NOWHERE), ("the kernel", KERNEL), ("null", 0)] {
        let read = general::__NR_readlinkat;
        outcome(format!("readlinkat: to {what}"), ask(read, &[HERE, path, address, 10]));
        outcome(
            format!("readlinkat: a path that is {what}"),
            ask(read, &[HERE, address, NOWHERE, 10]),
        );
        let make = general::__NR_symlinkat;
        outcome(format!("symlinkat: to a text that is {what}"), ask(make, &[address, HERE, path]));
        outcome(format!("symlinkat: at a path that is {what}"), ask(make, &[path, HERE, address]));
    }
}
