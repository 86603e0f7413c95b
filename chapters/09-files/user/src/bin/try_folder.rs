//! Tries out folders: what `getdents64` lists, and how they are made and taken away.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ffi::CStr;

use linux_raw_sys::general::{self, AT_REMOVEDIR, O_RDONLY, SEEK_CUR, SEEK_SET};
use user::raw::{self, getdents64, here, lseek, mkdirat, unlinkat};
use user::report::{self, KERNEL, NOWHERE, answer, outcome, truth, value};
use user::scratch::{Entry, Scratch, contents, entries, make, names, text};
use user::{Errno, Start};

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    let scratch = Scratch::enter("try-folder");
    make(c"file", b"hello");
    outcome("mkdirat: a folder to try things in", raw::mkdir(c"folder"));
    outcome("symlinkat: a link to try things with", raw::symlink(c"folder", c"to-folder"));
    outcome("symlinkat: another", raw::symlink(c"nothing", c"to-nothing"));
    listing();
    wrong_buffers();
    many();
    changing();
    making();
    taking_away();
    unlinking();
    below_a_descriptor();
    gone();
    roots();
    scratch.leave();
    0
}

/// What the folder at `path` has in it, in order, for people.
fn list(path: &CStr) -> String {
    let found = raw::open(path, O_RDONLY).and_then(|folder| {
        let found = names(folder);
        raw::close(folder).and(found)
    });
    found.map_or_else(|error| error.name().into(), |names| names.join(" "))
}

/// All entries of the folder behind `descriptor`, in order.
fn all(descriptor: usize) -> Vec<Entry> {
    let (mut found, mut bytes) = (Vec::new(), [0; 512]);
    while let Ok(count @ 1..) = getdents64(descriptor, &mut bytes) {
        found.extend(entries(&bytes[..count]));
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found
}

fn listing() {
    value("getdents64: here", list(c"."));
    value("getdents64: an empty folder", list(c"folder"));
    value("getdents64: by a link", list(c"to-folder"));
    value("getdents64: a file", list(c"file"));
    let Ok(folder) = raw::open(c".", O_RDONLY) else { return };
    for entry in all(folder) {
        // Some file systems do not say it here, which Linux allows.
        let known = [general::DT_DIR, general::DT_REG, general::DT_LNK, general::DT_UNKNOWN];
        let is_kind = known.contains(&entry.kind.into());
        truth(format!("getdents64: {} is of a kind", entry.name), is_kind);
    }
    let mut bytes = [0; 512];
    answer("getdents64: at the end", getdents64(folder, &mut bytes));
    answer("getdents64: again", getdents64(folder, &mut bytes));
    answer("lseek: to the start", lseek(folder, 0, SEEK_SET));
    value("getdents64: all of it again", all(folder).len());
    outcome("close", raw::close(folder));
    outcome("getdents64: what was closed", getdents64(folder, &mut bytes));
}

fn wrong_buffers() {
    let Ok(folder) = raw::open(c".", O_RDONLY) else { return };
    let mut bytes = [0; 512];
    answer("getdents64: no room", getdents64(folder, &mut []));
    answer("getdents64: room for less than a name", getdents64(folder, &mut bytes[..20]));
    for (what, address) in [("nowhere", NOWHERE), ("the kernel", KERNEL), ("null", 0)] {
        // SAFETY: nothing is where the kernel is to write to.
        let found =
            unsafe { report::ask_silently(general::__NR_getdents64, &[folder, address, 512]) };
        answer(format!("getdents64: to {what}"), found);
    }
    value("getdents64: after all that", names(folder).unwrap_or_default().join(" "));
    let file = raw::open(c"file", O_RDONLY);
    answer("getdents64: a file", file.and_then(|file| getdents64(file, &mut bytes)));
    outcome("close", raw::close(folder).and(file.and_then(raw::close)));
}

fn many() {
    outcome("mkdirat: for many", raw::mkdir(c"many"));
    for index in 0..200 {
        make(&text(&format!("many/a-rather-long-name-for-file-{index:03}")), b"");
    }
    let Ok(folder) = raw::open(c"many", O_RDONLY) else { return };
    let found = names(folder).unwrap_or_default();
    value("getdents64: of many", found.len());
    truth("getdents64: each is another", found.windows(2).all(|pair| pair[0] < pair[1]));
    value("getdents64: the first by name", found.first().cloned().unwrap_or_default());
    value("getdents64: the last by name", found.last().cloned().unwrap_or_default());
    answer("lseek: to the start", lseek(folder, 0, SEEK_SET));
    let (mut small, mut count) = ([0; 64], 0);
    while let Ok(bytes @ 1..) = getdents64(folder, &mut small) {
        count += entries(&small[..bytes]).count();
    }
    value("getdents64: with room for one", count);
    answer("lseek: to the start", lseek(folder, 0, SEEK_SET));
    let is_some = getdents64(folder, &mut small).is_ok_and(|bytes| bytes > 0);
    truth("getdents64: some", is_some);
    let place = lseek(folder, 0, SEEK_CUR).unwrap_or(0);
    let rest = names(folder).unwrap_or_default();
    answer("lseek: back to behind it", lseek(folder, place as i64, SEEK_SET).map(|_| 0));
    truth("getdents64: the same again", names(folder).unwrap_or_default() == rest);
    outcome("close", raw::close(folder));
}

fn changing() {
    value(
        "unlinkat: one that is listed",
        match raw::open(c"many", O_RDONLY) {
            Err(error) => error.name(),
            Ok(folder) => {
                let found = names(folder).unwrap_or_default();
                let gone = found.iter().all(|name| unlinkat((folder, &text(name)), 0).is_ok());
                let _ = raw::close(folder);
                if gone { "all went" } else { "one stayed" }
            }
        },
    );
    value("getdents64: then", list(c"many"));
    make(c"many/new", b"");
    value("getdents64: and with one made", list(c"many"));
    outcome("unlinkat: it goes", raw::unlink(c"many/new"));
    outcome("rmdir: the folder goes", raw::rmdir(c"many"));
}

fn try_all(what: &str, paths: &[&CStr], work: impl Fn(&CStr) -> Result<usize, Errno>) {
    for path in paths {
        outcome(format!("{what}: {:?}", path.to_string_lossy()), work(path));
    }
}

fn making() {
    try_all(
        "mkdirat",
        &[
            c"new",
            c"new",
            c"new/",
            c"new/inner",
            c"file",
            c"file/x",
            c"folder",
            c"to-folder",
            c"to-nothing",
            c"to-folder/a",
            c"nothing/x",
            c"",
            c".",
            c"..",
            c"/",
            c"slash/",
            c"a/../b",
            c"new/.",
            c"new/..",
        ],
        raw::mkdir,
    );
    let name = |length: usize| text(&"n".repeat(length));
    outcome("mkdirat: a name of 255 bytes", raw::mkdir(&name(255)));
    outcome("mkdirat: a name of 256 bytes", raw::mkdir(&name(256)));
    outcome("rmdir: a name of 255 bytes", raw::rmdir(&name(255)));
    value("getdents64: here", list(c"."));
    value("getdents64: in the new one", list(c"new"));
}

fn taking_away() {
    try_all(
        "rmdir",
        &[
            c"nothing",
            c"file",
            c"file/",
            c"file/x",
            c"new",
            c"new/.",
            c"new/..",
            c"new/inner/.",
            c"new/inner/",
            c"new/inner",
            c"new",
            c"new",
            c"to-folder",
            c"to-nothing",
            c"",
            c".",
            c"folder",
            c"folder/a",
            c"folder",
            c"slash",
        ],
        raw::rmdir,
    );
    value("getdents64: here", list(c"."));
    outcome("rmdir: the root", raw::rmdir(c"/"));
    outcome("mkdirat: it again", raw::mkdir(c"folder"));
}

fn unlinking() {
    make(c"second", b"two");
    try_all(
        "unlinkat",
        &[
            c"nothing",
            c"folder",
            c"folder/",
            c"file/x",
            c"second/",
            c"to-folder/",
            c"second",
            c"second",
            c"",
            c".",
            c"..",
            c"to-nothing",
            c"to-folder",
        ],
        raw::unlink,
    );
    value("getdents64: here", list(c"."));
    let flags = |flags: u32| unlinkat(here(c"file"), flags);
    outcome("unlinkat: a flag that is none", flags(1 << 30));
    outcome("unlinkat: AT_SYMLINK_NOFOLLOW", flags(general::AT_SYMLINK_NOFOLLOW));
    value("unlinkat: the file is still there", contents(c"file"));
}

fn below_a_descriptor() {
    let (Ok(folder), Ok(file)) = (raw::open(c"folder", O_RDONLY), raw::open(c"file", O_RDONLY))
    else {
        return;
    };
    outcome("mkdirat: in a folder", mkdirat((folder, c"x"), 0o777));
    outcome("mkdirat: in a file", mkdirat((file, c"x"), 0o777));
    outcome("mkdirat: in no descriptor", mkdirat((77, c"x"), 0o777));
    value("getdents64: in the folder", list(c"folder"));
    outcome("unlinkat: in a folder, as a file", unlinkat((folder, c"x"), 0));
    outcome("unlinkat: in a file", unlinkat((file, c"x"), AT_REMOVEDIR));
    outcome("unlinkat: in no descriptor", unlinkat((77, c"x"), AT_REMOVEDIR));
    outcome("unlinkat: in a folder", unlinkat((folder, c"x"), AT_REMOVEDIR));
    outcome("close", raw::close(folder).and(raw::close(file)));
}

fn gone() {
    let Ok(folder) = raw::open(c"folder", O_RDONLY) else { return };
    outcome("rmdir: a folder that is open", raw::rmdir(c"folder"));
    outcome("mkdirat: in it", mkdirat((folder, c"x"), 0o777));
    outcome("openat: in it", raw::openat((folder, c"x"), general::O_CREAT, 0o666));
    outcome("openat: itself", raw::openat((folder, c"."), O_RDONLY, 0).and_then(raw::close));
    let mut bytes = [0; 256];
    answer("getdents64: of it", getdents64(folder, &mut bytes));
    let names = raw::fstat(folder).map(|stat| stat.st_nlink as usize);
    answer("fstat: names that it has", names);
    outcome("fchdir: to it", raw::fchdir(folder));
    outcome("stat: above it", raw::stat(c".."));
    outcome("chdir: above it", raw::chdir(c".."));
    value("getdents64: here", list(c"."));
    outcome("close", raw::close(folder));
}

/// Who may have another root differs, and is looked at behind all that is tried here.
fn roots() {
    // SAFETY: the kernel reads the texts.
    let chroot = |place| unsafe { report::ask_silently(general::__NR_chroot, &[place]) };
    for (what, path) in [("a file", c"file"), ("what is not there", c"missing"), ("nothing", c"")] {
        answer(format!("chroot: {what}"), chroot(path.as_ptr() as usize));
    }
    answer("chroot: nowhere", chroot(NOWHERE));
}
