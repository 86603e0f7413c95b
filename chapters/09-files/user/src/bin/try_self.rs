//! Tries out `/proc`, as far as it is the same wherever this program runs: its own folder.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec::Vec;
use core::ffi::CStr;

use linux_raw_sys::general;
use user::process::getpid;
use user::report;
use user::{Errno, Start};

const HERE: usize = general::AT_FDCWD as usize;

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    own_folder();
    texts();
    links();
    wrong();
    0
}

fn ask(number: u32, arguments: &[usize]) -> Result<usize, Errno> {
    // SAFETY: what the calls of this file write goes to memory that is passed for that.
    unsafe { report::ask_silently(number, arguments) }
}

fn open(path: &CStr, flags: u32) -> Result<usize, Errno> {
    ask(general::__NR_openat, &[HERE, path.as_ptr() as usize, flags as usize, 0])
}

fn close(file: usize) {
    let _ = ask(general::__NR_close, &[file]);
}

/// All that is read of `file`, in pieces of `part` bytes.
fn read(file: usize, part: usize) -> Vec<u8> {
    let mut all = Vec::new();
    let mut bytes = [0; 512];
    let place = bytes.as_mut_ptr() as usize;
    while let Ok(count @ 1..) = ask(general::__NR_read, &[file, place, part.min(512)]) {
        all.extend_from_slice(&bytes[..count]);
    }
    all
}

fn read_path(path: &CStr) -> Vec<u8> {
    let file = open(path, general::O_RDONLY).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    let all = read(file, 512);
    close(file);
    all
}

fn readlink(path: &CStr) -> Result<Vec<u8>, Errno> {
    let mut bytes = [0; 512];
    let (path, place) = (path.as_ptr() as usize, bytes.as_mut_ptr() as usize);
    let count = ask(general::__NR_readlinkat, &[HERE, path, place, bytes.len()])?;
    Ok(bytes[..count].to_vec())
}

fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty())
}

fn is_number(word: &[u8], number: i32) -> bool {
    core::str::from_utf8(word).ok().and_then(|word| word.parse().ok()) == Some(number)
}

fn own_folder() {
    let target = readlink(c"/proc/self").unwrap_or_default();
    report::truth("/proc/self: our number", is_number(&target, getpid().0));
    report::child("/proc/self: another one in a copy", || {
        let target = readlink(c"/proc/self").unwrap_or_default();
        i32::from(is_number(&target, getpid().0))
    });
}

fn texts() {
    let stat = read_path(c"/proc/self/stat");
    report::value("stat: words", words(&stat).count());
    let first = words(&stat).next().unwrap_or_default();
    report::truth("stat: our number", is_number(first, getpid().0));
    let name = words(&stat).nth(1).unwrap_or_default();
    report::truth("stat: our name", name == b"(try_self)");
    report::truth("comm: our name", read_path(c"/proc/self/comm") == b"try_self\n");
    let arguments = read_path(c"/proc/self/cmdline");
    report::truth("cmdline: ends with a zero", arguments.ends_with(b"try_self\0"));
    let status = read_path(c"/proc/self/status");
    report::truth("status: begins with our name", status.starts_with(b"Name:\ttry_self\n"));
    let maps = read_path(c"/proc/self/maps");
    let has = |text: &[u8]| maps.windows(text.len()).any(|part| part == text);
    report::truth("maps: the program", has(b"/try_self\n"));
    report::truth("maps: a stack", has(b"[stack]\n"));
    pieces();
}

/// A text that is read in pieces is one text.
fn pieces() {
    let path = c"/proc/self/cmdline";
    let file = open(path, general::O_RDONLY).expect("it was there");
    report::truth("cmdline: in pieces", read(file, 3) == read_path(path));
    let again = ask(general::__NR_lseek, &[file, 0, general::SEEK_SET as usize]);
    report::answer("lseek: to the beginning", again);
    report::truth("cmdline: once more", read(file, 512) == read_path(path));
    close(file);
}

fn links() {
    let own = readlink(c"/proc/self/exe").unwrap_or_default();
    report::truth("exe: a whole path", own.starts_with(b"/") && own.ends_with(b"/try_self"));
    let file = open(c"/proc/self/exe", general::O_RDONLY);
    report::outcome("exe: opened", file);
    let bytes = file.map(|file| read(file, 4)).unwrap_or_default();
    report::truth("exe: it is a program", bytes.starts_with(b"\x7fELF"));
    let null = open(c"/dev/null", general::O_RDWR).expect("it is everywhere");
    let same = ask(general::__NR_dup3, &[null, 50, 0]);
    report::answer("dup3: to 50", same);
    report::truth("fd/50: leads there", readlink(c"/proc/self/fd/50") == Ok(b"/dev/null".to_vec()));
    report::outcome("fd/50: opened", open(c"/proc/self/fd/50", general::O_RDWR));
    close(50);
    report::answer("fd/50: closed", open(c"/proc/self/fd/50", general::O_RDWR));
}

fn wrong() {
    report::answer("open: nothing", open(c"/proc/self/nothing", general::O_RDONLY));
    report::answer("open: no process", open(c"/proc/999999999/stat", general::O_RDONLY));
    report::answer("open: zeroes before", open(c"/proc/0001/stat", general::O_RDONLY));
    report::answer("open: behind a file", open(c"/proc/uptime/x", general::O_RDONLY));
    let flags = general::O_RDONLY | general::O_NOFOLLOW;
    report::answer("open: a link itself", open(c"/proc/self/exe", flags));
    report::answer("readlink: no link", readlink(c"/proc/uptime").map(|path| path.len()));
    let folder = ask(general::__NR_read, &[open(c"/proc", general::O_RDONLY).unwrap_or(99), 0, 0]);
    report::answer("read: a folder", folder);
}
