//! Tries out `renameat2`: what takes whose name, and what may not.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::format;
use core::ffi::CStr;

use linux_raw_sys::general::{self, O_RDONLY, RENAME_EXCHANGE, RENAME_NOREPLACE};
use user::Start;
use user::raw::{self, HERE, here, rename, renameat2};
use user::report::{self, KERNEL, NOWHERE, outcome, value};
use user::scratch::{Scratch, contents, make, names, text};

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    let scratch = Scratch::enter("try-rename");
    files();
    folders();
    into_itself();
    links();
    open_files();
    without_replacing();
    exchanging();
    below_descriptors();
    wrong_arguments();
    scratch.leave();
    0
}

/// Tries `from` to `to`, and says what there is then.
fn change(from: &CStr, to: &CStr, flags: u32) {
    let kind = match flags {
        0 => "renameat2",
        RENAME_NOREPLACE => "renameat2: RENAME_NOREPLACE",
        RENAME_EXCHANGE => "renameat2: RENAME_EXCHANGE",
        _ => "renameat2: other flags",
    };
    let (one, other) = (from.to_string_lossy(), to.to_string_lossy());
    outcome(format!("{kind}: {one:?} to {other:?}"), renameat2(here(from), here(to), flags));
}

/// Says what is in the folder at `path`.
fn list(path: &CStr) {
    let found = raw::open(path, O_RDONLY).and_then(|folder| {
        let found = names(folder);
        raw::close(folder).and(found)
    });
    let found = found.map_or_else(|error| error.name().into(), |names| names.join(" "));
    value(format!("getdents64: {}", path.to_string_lossy()), found);
}

/// Makes a folder that must be possible.
fn folder(path: &CStr) {
    outcome(format!("mkdirat: {}", path.to_string_lossy()), raw::mkdir(path));
}

fn files() {
    make(c"a", b"contents of a");
    make(c"b", b"contents of b");
    change(c"a", c"c", 0);
    list(c".");
    value("open: c", contents(c"c"));
    change(c"c", c"b", 0);
    list(c".");
    value("open: b", contents(c"b"));
    change(c"b", c"b", 0);
    change(c"b", c"./b", 0);
    value("open: b", contents(c"b"));
    change(c"a", c"d", 0);
    change(c"b", c"nothing/d", 0);
    change(c"b", c"b/d", 0);
    change(c"b", c"", 0);
    change(c"", c"d", 0);
    change(c"b", c"d/", 0);
    change(c"b/", c"d", 0);
    change(c"b/x", c"d", 0);
    list(c".");
    let name = |length: usize| text(&"n".repeat(length));
    outcome("renameat2: to a name of 256 bytes", rename(c"b", &name(256)));
    outcome("renameat2: to a name of 255 bytes", rename(c"b", &name(255)));
    outcome("renameat2: and back", rename(&name(255), c"b"));
}

fn folders() {
    folder(c"one");
    folder(c"two");
    folder(c"full");
    make(c"full/x", b"x");
    make(c"one/in-one", b"1");
    change(c"one", c"three", 0);
    list(c"three");
    change(c"three/", c"one/", 0);
    list(c".");
    change(c"one", c"two", 0);
    list(c"two");
    folder(c"one");
    change(c"one", c"full", 0);
    change(c"full", c"one", 0);
    list(c"one");
    change(c"b", c"one", 0);
    change(c"one", c"b", 0);
    change(c"b", c"one/moved", 0);
    list(c"one");
    change(c"one/moved", c"b", 0);
    change(c"two", c"one/two", 0);
    list(c"one");
    list(c"one/two");
    value("open: up from there", contents(c"one/two/../x"));
    change(c"one/two", c"two", 0);
    list(c".");
}

fn into_itself() {
    change(c"one", c"one/one", 0);
    folder(c"one/below");
    change(c"one", c"one/below/x", 0);
    change(c"one", c"one/below", 0);
    change(c"one/below", c"one", 0);
    change(c"one", c"one", 0);
    change(c".", c"x", 0);
    change(c"one", c".", 0);
    change(c"one", c"..", 0);
    change(c"one/.", c"x", 0);
    change(c"one/..", c"x", 0);
    list(c"one");
    outcome("rmdir", raw::rmdir(c"one/below"));
}

fn links() {
    outcome("symlinkat: link", raw::symlink(c"b", c"link"));
    outcome("symlinkat: broken", raw::symlink(c"nothing", c"broken"));
    outcome("symlinkat: to-one", raw::symlink(c"one", c"to-one"));
    change(c"link", c"moved-link", 0);
    value("open: by the link's new name", contents(c"moved-link"));
    value("open: what it names", contents(c"b"));
    change(c"broken", c"still-broken", 0);
    make(c"other", b"other");
    change(c"other", c"still-broken", 0);
    value("open: it is no link any more", contents(c"still-broken"));
    change(c"still-broken", c"to-one/inner", 0);
    list(c"one");
    change(c"to-one", c"two", 0);
    change(c"two", c"to-one", 0);
    change(c"to-one", c"moved-link", 0);
    list(c"moved-link");
    change(c"moved-link", c"b", 0);
    list(c".");
    outcome("unlinkat: b", raw::unlink(c"b"));
    make(c"b", b"contents of b");
    outcome("linkat: b as same", raw::linkat(here(c"b"), here(c"same"), 0));
    change(c"b", c"same", 0);
    list(c".");
    outcome("unlinkat: same", raw::unlink(c"same"));
}

fn open_files() {
    make(c"new", b"new");
    let file = raw::open(c"b", O_RDONLY);
    change(c"new", c"b", 0);
    value("read: the replaced file", file.map_or_else(|_| "".into(), user::scratch::rest));
    let count = file.and_then(raw::fstat).map(|stat| stat.st_nlink as usize);
    report::answer("fstat: names that it has", count);
    value("open: b", contents(c"b"));
    outcome("close", file.and_then(raw::close));
    let inner = raw::open(c"one", O_RDONLY);
    change(c"one", c"elsewhere", 0);
    let inner = inner.and_then(|inner| {
        let found = raw::openat((inner, c"x"), O_RDONLY, 0).and_then(raw::close);
        raw::close(inner).and(found)
    });
    outcome("openat: in a folder with a new name", inner);
    change(c"elsewhere", c"one", 0);
}

fn without_replacing() {
    make(c"first", b"1");
    make(c"second", b"2");
    change(c"first", c"second", RENAME_NOREPLACE);
    change(c"first", c"one", RENAME_NOREPLACE);
    change(c"one", c"two", RENAME_NOREPLACE);
    change(c"first", c"first", RENAME_NOREPLACE);
    change(c"first", c"third", RENAME_NOREPLACE);
    change(c"first", c"fourth", RENAME_NOREPLACE);
    value("open: second", contents(c"second"));
    value("open: third", contents(c"third"));
}

fn exchanging() {
    change(c"second", c"third", RENAME_EXCHANGE);
    value("open: second", contents(c"second"));
    value("open: third", contents(c"third"));
    change(c"second", c"nothing", RENAME_EXCHANGE);
    change(c"nothing", c"second", RENAME_EXCHANGE);
    change(c"second", c"second", RENAME_EXCHANGE);
    change(c"one", c"second", RENAME_EXCHANGE);
    list(c"second");
    value("open: one", contents(c"one"));
    change(c"one", c"second", RENAME_EXCHANGE);
    list(c"one");
    folder(c"one/inner-folder");
    change(c"one", c"one/inner-folder", RENAME_EXCHANGE);
    change(c"one/inner-folder", c"one", RENAME_EXCHANGE);
    change(c"one/inner-folder", c"two", RENAME_EXCHANGE);
    list(c"one");
    list(c"one/inner-folder");
    list(c"two");
}

fn below_descriptors() {
    let (Ok(one), Ok(file)) = (raw::open(c"one", O_RDONLY), raw::open(c"b", O_RDONLY)) else {
        return;
    };
    make(c"one/moving", b"moving");
    for (what, from, to) in [
        ("in one folder", (one, c"moving"), (one, c"moved")),
        ("out of it", (one, c"moved"), (HERE, c"out")),
        ("into it", (HERE, c"out"), (one, c"in")),
        ("from a file", (file, c"in"), (one, c"x")),
        ("to a file", (one, c"in"), (file, c"x")),
        ("from no descriptor", (77, c"in"), (one, c"x")),
        ("to no descriptor", (one, c"in"), (77, c"x")),
    ] {
        outcome(format!("renameat2: {what}"), renameat2(from, to, 0));
    }
    list(c"one");
    outcome("close", raw::close(one).and(raw::close(file)));
}

fn wrong_arguments() {
    let both = RENAME_NOREPLACE | RENAME_EXCHANGE;
    change(c"second", c"fifth", both);
    change(c"second", c"fifth", 1 << 20);
    let path = c"second".as_ptr() as usize;
    for (what, address) in [("nowhere", NOWHERE), ("the kernel", KERNEL), ("null", 0)] {
        let ask = |arguments: [usize; 5]| {
            // SAFETY: the kernel reads a path where there is one.
            unsafe { report::ask_silently(general::__NR_renameat2, &arguments) }
        };
        outcome(format!("renameat2: from {what}"), ask([HERE, address, HERE, path, 0]));
        outcome(format!("renameat2: to {what}"), ask([HERE, path, HERE, address, 0]));
    }
    value("open: second", contents(c"second"));
    list(c".");
}
