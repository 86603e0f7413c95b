//! Tries out `fstat` and `newfstatat`: the kind, the size, the names and the rights of things.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::format;
use core::ffi::CStr;

use linux_raw_sys::general::{self, AT_EMPTY_PATH, AT_SYMLINK_NOFOLLOW, O_RDONLY};
use user::raw::{self, HERE, KIND, Stat, here, newfstatat};
use user::report::{self, KERNEL, NOWHERE, outcome, truth, value};
use user::scratch::{Scratch, make};
use user::{Errno, Start};

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    let scratch = Scratch::enter("try-stat");
    make(c"file", b"hello");
    make(c"empty", b"");
    outcome("stat: a folder to try things in", raw::mkdir(c"folder"));
    outcome("stat: a link to try things with", raw::symlink(c"file", c"to-file"));
    outcome("stat: another", raw::symlink(c"folder", c"to-folder"));
    outcome("stat: another", raw::symlink(c"nothing", c"to-nothing"));
    outcome("stat: another", raw::symlink(c"circle", c"circle"));
    kinds();
    paths();
    without_path();
    flags();
    wrong_addresses();
    names();
    sameness();
    rights();
    owner();
    times();
    scratch.leave();
    0
}

/// The kind of what `stat` is about, in a word.
fn kind(stat: &Stat) -> &'static str {
    match stat.st_mode & KIND {
        general::S_IFREG => "a file",
        general::S_IFDIR => "a folder",
        general::S_IFLNK => "a link",
        general::S_IFCHR => "a device of characters",
        general::S_IFBLK => "a device of blocks",
        general::S_IFIFO => "a pipe",
        general::S_IFSOCK => "a socket",
        _ => "something else",
    }
}

/// Says what `found` is, and its rights; also its size, where that is the same everywhere.
fn tell(what: &str, found: Result<Stat, Errno>) {
    match found {
        Err(error) => value(what, error.name()),
        Ok(stat) => {
            let rights = stat.st_mode & !KIND;
            value(what, format!("{}, {rights:o}", kind(&stat)));
            if matches!(stat.st_mode & KIND, general::S_IFREG | general::S_IFLNK) {
                value(format!("{what}: size"), stat.st_size);
                value(format!("{what}: names"), stat.st_nlink);
            }
        }
    }
}

fn kinds() {
    for path in [c"file", c"empty", c"folder", c"to-file", c"to-folder", c"to-nothing", c"circle"] {
        let name = path.to_string_lossy();
        tell(&format!("stat: {name}"), raw::stat(path));
        let itself = newfstatat(here(path), AT_SYMLINK_NOFOLLOW);
        tell(&format!("stat: {name} itself"), itself);
    }
    for path in [c"/dev/null", c"/dev/zero"] {
        tell(&format!("stat: {}", path.to_string_lossy()), raw::stat(path));
    }
    let Ok([reader, writer]) = raw::pipe2(0) else { return };
    for (what, end) in [("read", reader), ("write", writer)] {
        tell(&format!("fstat: a pipe to {what}"), raw::fstat(end));
        let size = raw::fstat(end).map(|stat| stat.st_size as usize);
        report::answer("fstat: its size", size);
    }
    outcome("close", raw::close(reader).and(raw::close(writer)));
}

fn paths() {
    for path in [
        c"nothing",
        c"",
        c"file/",
        c"file/x",
        c"folder/",
        c"folder/.",
        c"folder/x",
        c"to-folder/",
        c"to-file/",
        c"circle/x",
        c".",
        c"..",
        c"folder/../file",
        c"./file",
        c"folder//",
    ] {
        let name = path.to_string_lossy();
        outcome(format!("stat: {name:?}"), raw::stat(path));
        let itself = newfstatat(here(path), AT_SYMLINK_NOFOLLOW);
        outcome(format!("stat: {name:?} itself"), itself);
    }
    let name = user::scratch::text(&"n".repeat(256));
    outcome("stat: a name of 256 bytes", raw::stat(&name));
}

fn without_path() {
    let (Ok(folder), Ok(file)) = (raw::open(c"folder", O_RDONLY), raw::open(c"file", O_RDONLY))
    else {
        return;
    };
    tell("fstat: a file", raw::fstat(file));
    tell("fstat: a folder", raw::fstat(folder));
    outcome("fstat: no descriptor", raw::fstat(77));
    outcome("fstat: the descriptor -1", raw::fstat(usize::MAX));
    for (what, at) in [
        ("a file", (file, c"")),
        ("a folder", (folder, c"")),
        ("here", (HERE, c"")),
        ("no descriptor", (77, c"")),
        ("a file and a path from the root", (file, c"/")),
        ("a folder and a path", (folder, c"../file")),
        ("a file and a path", (file, c"../file")),
    ] {
        outcome(format!("newfstatat: AT_EMPTY_PATH, {what}"), newfstatat(at, AT_EMPTY_PATH));
    }
    for (what, at) in [
        ("a file and no path", (file, c"")),
        ("a file and a path from the root", (file, c"/")),
        ("a folder and a path", (folder, c"../file")),
        ("a file and a path", (file, c"../file")),
        ("no descriptor and a path", (77, c"file")),
        ("no descriptor and a path from the root", (77, c"/")),
    ] {
        outcome(format!("newfstatat: {what}"), newfstatat(at, 0));
    }
    tell("newfstatat: AT_EMPTY_PATH", newfstatat((file, c""), AT_EMPTY_PATH));
    outcome("close", raw::close(file).and(raw::close(folder)));
    tell("newfstatat: AT_EMPTY_PATH for a path that is not empty", {
        newfstatat(here(c"file"), AT_EMPTY_PATH)
    });
}

fn flags() {
    let no_automount = general::AT_NO_AUTOMOUNT;
    outcome("newfstatat: AT_NO_AUTOMOUNT", newfstatat(here(c"file"), no_automount));
    outcome("newfstatat: AT_REMOVEDIR", newfstatat(here(c"file"), general::AT_REMOVEDIR));
    outcome("newfstatat: a flag that is none", newfstatat(here(c"file"), 1 << 30));
}

fn wrong_addresses() {
    let Ok(file) = raw::open(c"file", O_RDONLY) else { return };
    let path = c"file".as_ptr() as usize;
    for (what, address) in [("nowhere", NOWHERE), ("the kernel", KERNEL), ("null", 0)] {
        // SAFETY: nothing is where the kernel is to write to.
        let found = unsafe { report::ask_silently(general::__NR_fstat, &[file, address]) };
        outcome(format!("fstat: to {what}"), found);
        let arguments = [HERE, path, address, 0];
        // SAFETY: the same.
        let found = unsafe { report::ask_silently(general::__NR_newfstatat, &arguments) };
        outcome(format!("newfstatat: to {what}"), found);
    }
    outcome("close", raw::close(file));
}

/// How many names the file at `path` has.
fn count(path: &CStr) -> Result<usize, Errno> {
    raw::stat(path).map(|stat| stat.st_nlink as usize)
}

fn names() {
    report::answer("stat: names of a file", count(c"file"));
    outcome("linkat: a second", raw::linkat(here(c"file"), here(c"second"), 0));
    report::answer("stat: names of a file", count(c"file"));
    report::answer("stat: names by the second", count(c"second"));
    outcome("unlinkat: the first", raw::unlink(c"file"));
    report::answer("stat: names by the second", count(c"second"));
    outcome("renameat2: back", raw::rename(c"second", c"file"));
}

/// Whether `one` and `other` are the same thing.
fn is_same(one: &CStr, other: &CStr) -> bool {
    match (raw::stat(one), raw::stat(other)) {
        (Ok(one), Ok(other)) => (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino),
        _ => false,
    }
}

fn sameness() {
    outcome("linkat: a second", raw::linkat(here(c"file"), here(c"second"), 0));
    for (what, one, other) in [
        ("two names", c"file", c"second"),
        ("two files", c"file", c"empty"),
        ("a link and what it names", c"to-file", c"file"),
        ("a folder and its dot", c"folder", c"folder/."),
        ("a folder and the one above what is in it", c".", c"folder/.."),
        ("the root and the one above it", c"/", c"/.."),
        ("two folders", c".", c"folder"),
    ] {
        truth(format!("stat: the same, {what}"), is_same(one, other));
    }
    outcome("unlinkat: the second", raw::unlink(c"second"));
    let ino = |found: Result<Stat, Errno>| found.map_or(0, |stat| stat.st_ino);
    truth("stat: numbers are not 0", ino(raw::stat(c"file")) != 0);
    let before = ino(raw::stat(c"file"));
    outcome("renameat2: to another name", raw::rename(c"file", c"moved"));
    truth("stat: the number stays", ino(raw::stat(c"moved")) == before);
    outcome("renameat2: back", raw::rename(c"moved", c"file"));
    let device = |path: &CStr| raw::stat(path).map_or(0, |stat| stat.st_dev);
    truth("stat: the device of a file is its folder's", device(c"file") == device(c"."));
    truth("stat: that of /proc is another", device(c"/proc/self/stat") != device(c"."));
}

fn rights() {
    for (mask, mode) in [(0o022, 0o777), (0o077, 0o777), (0, 0o777), (0o777, 0o777), (0o022, 0o750)]
    {
        report::answer("umask: before", raw::umask(mask));
        outcome(format!("mkdirat: {mode:o} with {mask:o}"), raw::mkdirat(here(c"made"), mode));
        tell("stat: it is", raw::stat(c"made"));
        outcome("rmdir", raw::rmdir(c"made"));
        let flags = general::O_CREAT | general::O_WRONLY;
        let file = raw::openat(here(c"made"), flags, mode);
        outcome(format!("openat: {mode:o} with {mask:o}"), file.and_then(raw::close));
        tell("stat: it is", raw::stat(c"made"));
        outcome("unlink", raw::unlink(c"made"));
    }
    report::answer("umask: more than rights", raw::umask(0o17022));
    report::answer("umask: before", raw::umask(0o022));
}

fn owner() {
    let number = |number: u32| {
        // SAFETY: the calls take nothing, and change nothing.
        unsafe { report::ask_silently(number, &[]) }.unwrap_or(usize::MAX)
    };
    let (user, group) = (number(general::__NR_geteuid), number(general::__NR_getegid));
    let Ok(stat) = raw::stat(c"file") else { return };
    truth("stat: a file is its maker's", stat.st_uid as usize == user);
    truth("stat: and the maker's group's", stat.st_gid as usize == group);
    let device = raw::stat(c"/dev/null").map_or(0, |stat| stat.st_rdev);
    value("stat: the numbers of /dev/null", format!("{}, {}", device >> 8, device & 0xff));
}

fn times() {
    // Which day it is, not every machine knows.
    let times = raw::stat(c"file").map(|stat| (stat.st_mtime, stat.st_ctime));
    truth("stat: a file is changed when it is written", times.is_ok_and(|(m, c)| m == c));
    truth("stat: a block has bytes", raw::stat(c"file").is_ok_and(|stat| stat.st_blksize > 0));
}
