//! Tries out what changes a file but not what is written in it: its length, its rights, its times.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::format;
use core::ffi::CStr;

use linux_raw_sys::general::{self, AT_SYMLINK_NOFOLLOW, O_RDONLY, O_RDWR, O_WRONLY, SEEK_CUR};
use user::raw::{self, Answer, HERE, ftruncate, here, lseek, truncate};
use user::report::{self, KERNEL, NOWHERE, answer, outcome, truth, value};
use user::scratch::{Scratch, contents, make, rest, text};
use user::{Errno, Start};

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    let scratch = Scratch::enter("try-truncate");
    make(c"file", b"0123456789");
    outcome("mkdirat: a folder to try things in", raw::mkdir(c"folder"));
    outcome("symlinkat: a link", raw::symlink(c"file", c"to-file"));
    outcome("symlinkat: another", raw::symlink(c"nothing", c"to-nothing"));
    by_descriptor();
    by_path();
    refused();
    grown();
    rights();
    rights_refused();
    owners();
    times();
    special_times();
    times_refused();
    no_times();
    scratch.leave();
    0
}

/// How long the file at `path` is.
fn size(path: &CStr) -> Result<usize, Errno> {
    raw::stat(path).map(|stat| stat.st_size as usize)
}

fn by_descriptor() {
    let Ok(file) = raw::open(c"file", O_RDWR) else { return };
    answer("lseek: to 6", lseek(file, 6, general::SEEK_SET));
    for length in [8, 8, 3, 0, 5] {
        outcome(format!("ftruncate: to {length}"), ftruncate(file, length));
        answer("stat: size", size(c"file"));
        value("open: contents", contents(c"file"));
    }
    answer("lseek: the place is as before", lseek(file, 0, SEEK_CUR));
    value("read: there", rest(file));
    answer("write: there", raw::write(file, b"x"));
    value("open: contents", contents(c"file"));
    outcome("close", raw::close(file));
}

fn by_path() {
    make(c"file", b"0123456789");
    for (path, length) in [(c"file", 7), (c"to-file", 5), (c"./file", 6)] {
        let name = path.to_string_lossy();
        outcome(format!("truncate: {name} to {length}"), truncate(path, length));
        value("open: contents", contents(c"file"));
    }
    let file = raw::open(c"file", O_RDONLY);
    outcome("truncate: while it is open", truncate(c"file", 2));
    value("read: the rest", file.map_or_else(|_| "".into(), rest));
    outcome("close", file.and_then(raw::close));
}

fn refused() {
    for path in [c"nothing", c"folder", c"", c"file/x", c"file/", c"to-nothing", c".", c"folder/"] {
        outcome(format!("truncate: {:?}", path.to_string_lossy()), truncate(path, 1));
    }
    outcome("truncate: to less than nothing", truncate(c"file", -1));
    outcome("truncate: a name of 256 bytes", truncate(&text(&"n".repeat(256)), 1));
    for (what, address) in [("nowhere", NOWHERE), ("in the kernel", KERNEL), ("null", 0)] {
        // SAFETY: the kernel finds no path there.
        let found = unsafe { report::ask_silently(general::__NR_truncate, &[address, 1]) };
        outcome(format!("truncate: a path that is {what}"), found);
    }
    let opened = |path, flags| raw::open(path, flags).expect("it can be opened");
    let (reader, writer) = (opened(c"file", O_RDONLY), opened(c"file", O_WRONLY));
    let folder = opened(c"folder", O_RDONLY);
    outcome("ftruncate: opened to read", ftruncate(reader, 1));
    outcome("ftruncate: opened to write", ftruncate(writer, 2));
    outcome("ftruncate: to less than nothing", ftruncate(writer, -1));
    outcome("ftruncate: to the least there is", ftruncate(writer, i64::MIN));
    outcome("ftruncate: a folder", ftruncate(folder, 1));
    outcome("ftruncate: no descriptor", ftruncate(77, 1));
    [reader, writer, folder].into_iter().for_each(|file| outcome("close", raw::close(file)));
    value("open: contents", contents(c"file"));
}

fn grown() {
    let Ok(file) = raw::open(c"file", O_RDWR) else { return };
    outcome("ftruncate: to 20000", ftruncate(file, 20_000));
    answer("stat: size", size(c"file"));
    let mut bytes = [1; 100];
    answer("pread64: in the new part", raw::pread64(file, &mut bytes, 15_000));
    truth("pread64: zeroes", bytes == [0; 100]);
    answer("pwrite64: not there, but by lseek", lseek(file, 15_050, general::SEEK_SET));
    answer("write: in the middle of it", raw::write(file, b"middle"));
    outcome("ftruncate: to before that", ftruncate(file, 15_052));
    outcome("ftruncate: and back", ftruncate(file, 20_000));
    answer("pread64: what was cut off", raw::pread64(file, &mut bytes[..10], 15_048));
    value("pread64: is zeroes", user::scratch::shown(&bytes[..10]));
    outcome("ftruncate: to nothing", ftruncate(file, 0));
    answer("stat: size", size(c"file"));
    outcome("close", raw::close(file));
}

/// The rights of what is at `path`.
fn mode(path: &CStr) {
    let found = raw::stat(path).map(|stat| stat.st_mode);
    let name = path.to_string_lossy();
    match found {
        Ok(mode) => value(format!("stat: rights of {name}"), format!("{mode:o}")),
        Err(error) => value(format!("stat: rights of {name}"), error.name()),
    }
}

/// Calls `fchmodat`, which has no flags.
fn fchmodat((folder, path): raw::At, mode: u32) -> Answer {
    let arguments = [folder, path.as_ptr() as usize, mode as usize];
    // SAFETY: the kernel reads the path.
    unsafe { report::ask_silently(general::__NR_fchmodat, &arguments) }
}

fn fchmod(file: usize, mode: u32) -> Answer {
    // SAFETY: it is about the kernel's notes on a file.
    unsafe { report::ask_silently(general::__NR_fchmod, &[file, mode as usize]) }
}

fn rights() {
    for rights in [0o600, 0o777, 0, 0o444, 0o100_640, 0o644] {
        outcome(format!("fchmodat: file to {rights:o}"), fchmodat(here(c"file"), rights));
        mode(c"file");
    }
    outcome("fchmodat: by a link", fchmodat(here(c"to-file"), 0o640));
    mode(c"file");
    outcome("fchmodat: folder", fchmodat(here(c"folder"), 0o700));
    mode(c"folder");
    let Ok(file) = raw::open(c"file", O_RDONLY) else { return };
    outcome("fchmod: by a descriptor", fchmod(file, 0o604));
    mode(c"file");
    report::answer("umask: has no part in it", raw::umask(0o077));
    outcome("fchmod: by a descriptor", fchmod(file, 0o666));
    mode(c"file");
    report::answer("umask: as before", raw::umask(0o022));
    outcome("close", raw::close(file));
    outcome("fchmod: what was closed", fchmod(file, 0o600));
}

fn rights_refused() {
    for path in [c"nothing", c"", c"file/x", c"file/", c"to-nothing"] {
        let name = path.to_string_lossy();
        outcome(format!("fchmodat: {name:?}"), fchmodat(here(path), 0o600));
    }
    outcome("fchmodat: in no descriptor", fchmodat((77, c"file"), 0o600));
    // SAFETY: the kernel finds no path there.
    let found = unsafe { report::ask_silently(general::__NR_fchmodat, &[HERE, NOWHERE, 0o600]) };
    outcome("fchmodat: a path that is nowhere", found);
}

/// Who gives a file away, or says that it stays whose it is, takes from it that it runs with its
/// owner's rights, and with its group's if that may run it.
fn owners() {
    const NOBODY: usize = u32::MAX as usize;
    // SAFETY: the call takes nothing, and changes nothing.
    let own = |number| unsafe { report::ask_silently(number, &[]) }.unwrap_or(NOBODY);
    let (user, group) = (own(general::__NR_geteuid), own(general::__NR_getegid));
    for path in [c"file", c"folder"] {
        let name = path.to_string_lossy();
        for rights in [0o6755, 0o6745, 0o2700, 0o4644, 0o1777] {
            for (what, owner, group) in
                [("stays", NOBODY, NOBODY), ("user", user, NOBODY), ("group", NOBODY, group)]
            {
                let changed = fchmodat(here(path), rights);
                outcome(format!("fchmodat: {name} to {rights:o}"), changed);
                let arguments = [HERE, path.as_ptr() as usize, owner, group, 0];
                // SAFETY: the kernel reads the path.
                let found = unsafe { report::ask_silently(general::__NR_fchownat, &arguments) };
                outcome(format!("fchownat: {name}, {what}"), found);
                mode(path);
            }
        }
    }
    outcome("fchmodat: as before", fchmodat(here(c"file"), 0o644));
}

/// `struct timespec`, two of them: when it was read, and when it was written.
type Times = [i64; 4];

/// Calls `utimensat` with a path, or without one.
fn utimensat(folder: usize, path: Option<&CStr>, times: Option<Times>, flags: u32) -> Answer {
    let path = path.map_or(0, |path| path.as_ptr() as usize);
    let times = times.as_ref().map_or(0, |times| times.as_ptr() as usize);
    // SAFETY: the kernel reads the path and the times.
    unsafe { report::ask_silently(general::__NR_utimensat, &[folder, path, times, flags as usize]) }
}

/// Says when the file at `path` was read and written.
fn tell_times(path: &CStr) {
    let found = raw::newfstatat(here(path), AT_SYMLINK_NOFOLLOW);
    let Ok(stat) = found else { return value("stat: times", "there is nothing") };
    let (read, written) = (i128::from(stat.st_atime), i128::from(stat.st_mtime));
    let parts = (i128::from(stat.st_atime_nsec), i128::from(stat.st_mtime_nsec));
    value("stat: times", format!("{read}.{:09} and {written}.{:09}", parts.0, parts.1));
}

const TIMES: Times = [1_000_000_000, 123_000_000, 1_500_000_000, 456_000_000];

fn times() {
    outcome("utimensat: file", utimensat(HERE, Some(c"file"), Some(TIMES), 0));
    tell_times(c"file");
    let later = [1_600_000_000, 0, 1_700_000_000, 999_000_000];
    outcome("utimensat: by a link", utimensat(HERE, Some(c"to-file"), Some(later), 0));
    tell_times(c"file");
    let itself = utimensat(HERE, Some(c"to-file"), Some(TIMES), AT_SYMLINK_NOFOLLOW);
    outcome("utimensat: a link itself", itself);
    tell_times(c"to-file");
    tell_times(c"file");
    outcome("utimensat: folder", utimensat(HERE, Some(c"folder"), Some(TIMES), 0));
    tell_times(c"folder");
    let Ok(file) = raw::open(c"file", O_RDWR) else { return };
    outcome("utimensat: by a descriptor", utimensat(file, None, Some(TIMES), 0));
    tell_times(c"file");
    answer("write: changes it", raw::write(file, b"x"));
    let written = raw::fstat(file).map_or(0, |stat| i128::from(stat.st_mtime));
    truth("stat: written at another time than that", written != i128::from(TIMES[2]));
    outcome("close", raw::close(file));
}

fn special_times() {
    let (now, omit) = (i64::from(general::UTIME_NOW), i64::from(general::UTIME_OMIT));
    let set = |times| utimensat(HERE, Some(c"file"), times, 0);
    outcome("utimensat: file", set(Some(TIMES)));
    outcome("utimensat: UTIME_OMIT for both", set(Some([0, omit, 0, omit])));
    tell_times(c"file");
    outcome("utimensat: UTIME_OMIT for one", set(Some([5, omit, 1_400_000_000, 7])));
    tell_times(c"file");
    outcome("utimensat: UTIME_NOW", set(Some([0, now, 0, omit])));
    let read = raw::stat(c"file").map_or(0, |stat| i128::from(stat.st_atime));
    truth("stat: read at another time than that", read != i128::from(TIMES[0]));
    outcome("utimensat: no times", set(None));
    let written = raw::stat(c"file").map_or(0, |stat| i128::from(stat.st_mtime));
    truth("stat: written at another time than that", written != 1_400_000_000);
    let times = raw::stat(c"file")
        .map(|stat| [(stat.st_atime, stat.st_atime_nsec), (stat.st_mtime, stat.st_mtime_nsec)]);
    truth("stat: read and written at once", times.is_ok_and(|[read, written]| read == written));
}

fn times_refused() {
    for path in [c"nothing", c"", c"file/x", c"file/", c"to-nothing"] {
        let name = path.to_string_lossy();
        outcome(format!("utimensat: {name:?}"), utimensat(HERE, Some(path), Some(TIMES), 0));
    }
    let set = |times| utimensat(HERE, Some(c"file"), Some(times), 0);
    outcome("utimensat: a billion parts of a second", set([0, 1_000_000_000, 0, 0]));
    outcome("utimensat: less than no parts", set([0, 0, 0, -1]));
    outcome("utimensat: a flag that is none", utimensat(HERE, Some(c"file"), None, 1 << 30));
    outcome("utimensat: no descriptor", utimensat(77, None, Some(TIMES), 0));
    outcome("utimensat: in no descriptor", utimensat(77, Some(c"file"), Some(TIMES), 0));
    let path = c"file".as_ptr() as usize;
    let ask = |arguments: [usize; 4]| {
        // SAFETY: the kernel reads where something is.
        unsafe { report::ask_silently(general::__NR_utimensat, &arguments) }
    };
    outcome("utimensat: times that are nowhere", ask([HERE, path, NOWHERE, 0]));
    outcome("utimensat: a path that is nowhere", ask([HERE, NOWHERE, 0, 0]));
}

/// Two times that stay as they are need no file; and of others the file comes first.
fn no_times() {
    let omit = i64::from(general::UTIME_OMIT);
    for (what, times) in [("none", [0, omit, 0, omit]), ("bad", [0, -1, 0, omit])] {
        let set = |folder, path, flags| utimensat(folder, path, Some(times), flags);
        for path in [c"nothing", c"", c"file/x", c"file"] {
            let name = path.to_string_lossy();
            outcome(format!("utimensat: {what}, {name:?}"), set(HERE, Some(path), 0));
        }
        outcome(format!("utimensat: {what}, no descriptor"), set(77, None, 0));
        outcome(format!("utimensat: {what}, no folder"), set(77, Some(c"file"), 0));
        outcome(format!("utimensat: {what}, a flag"), set(HERE, Some(c"file"), 1 << 30));
    }
    let (path, flags) = (c"file".as_ptr() as usize, 1 << 30);
    let arguments = [HERE, path, NOWHERE, flags];
    // SAFETY: the kernel finds no times there.
    let found = unsafe { report::ask_silently(general::__NR_utimensat, &arguments) };
    outcome("utimensat: times that are nowhere, and a flag", found);
}
