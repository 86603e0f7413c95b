//! Tries out where a process is: `getcwd`, `chdir`, `fchdir`; and what `faccessat` says of paths.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::format;
use alloc::string::String;
use core::ffi::CStr;

use linux_raw_sys::general::{self, O_RDONLY};
use user::Start;
use user::raw::{self, Answer, HERE, chdir, fchdir, getcwd};
use user::report::{self, KERNEL, NOWHERE, answer, outcome, truth, value};
use user::scratch::{Scratch, contents, make, text};

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    let scratch = Scratch::enter("try-path");
    make(c"file", b"hello");
    outcome("mkdirat: a folder to try things in", raw::mkdir(c"folder"));
    outcome("mkdirat: one in it", raw::mkdir(c"folder/inner"));
    make(c"folder/file", b"in the folder");
    outcome("symlinkat: a link", raw::symlink(c"folder/inner", c"to-inner"));
    outcome("symlinkat: another", raw::symlink(c"nothing", c"to-nothing"));
    outcome("symlinkat: another", raw::symlink(c"circle", c"circle"));
    changing(&scratch);
    descriptors(&scratch);
    short_buffers(&scratch);
    copies(&scratch);
    moved(&scratch);
    removed(&scratch);
    access();
    access_below();
    scratch.leave();
    0
}

/// Where the process is, seen from the folder of this run.
fn place(scratch: &Scratch) -> String {
    let mut bytes = [0; 4096];
    if let Err(error) = getcwd(&mut bytes) {
        return error.name().into();
    }
    let path = CStr::from_bytes_until_nul(&bytes).unwrap_or_default().to_string_lossy();
    match path.strip_prefix(&*scratch.path.to_string_lossy()) {
        Some(rest) => format!("~{rest}"),
        None => path.into_owned(),
    }
}

/// Goes back to where all begins.
fn back(scratch: &Scratch) {
    outcome("chdir: back", chdir(&scratch.path));
}

fn changing(scratch: &Scratch) {
    value("getcwd", place(scratch));
    for path in [
        c"folder",
        c"inner",
        c"..",
        c".",
        c"../folder/./inner//",
        c"../../folder/../to-inner",
        c"..",
        c"../..",
        c"/",
        c"..",
        c"/tmp",
    ] {
        outcome(format!("chdir: {}", path.to_string_lossy()), chdir(path));
        value("getcwd", place(scratch));
    }
    back(scratch);
    for path in [
        c"nothing",
        c"file",
        c"file/",
        c"file/x",
        c"folder/file",
        c"",
        c"to-nothing",
        c"circle",
        c"folder/nothing",
        c"folder/nothing/..",
    ] {
        outcome(format!("chdir: {:?}", path.to_string_lossy()), chdir(path));
    }
    outcome("chdir: a name of 256 bytes", chdir(&text(&"n".repeat(256))));
    value("getcwd: is as before", place(scratch));
    for (what, address) in [("nowhere", NOWHERE), ("in the kernel", KERNEL), ("null", 0)] {
        // SAFETY: the kernel finds no path there.
        let found = unsafe { report::ask_silently(general::__NR_chdir, &[address]) };
        outcome(format!("chdir: a path that is {what}"), found);
    }
}

fn descriptors(scratch: &Scratch) {
    let (folder, file) = (raw::open(c"folder", O_RDONLY), raw::open(c"file", O_RDONLY));
    let (Ok(folder), Ok(file)) = (folder, file) else { return };
    outcome("fchdir: a folder", fchdir(folder));
    value("getcwd", place(scratch));
    value("open: a path begins there", contents(c"file"));
    value("open: up from there", contents(c"../file"));
    outcome("fchdir: a file", fchdir(file));
    outcome("fchdir: no descriptor", fchdir(77));
    outcome("fchdir: the descriptor -1", fchdir(usize::MAX));
    outcome("close", raw::close(folder).and(raw::close(file)));
    outcome("fchdir: what was closed", fchdir(folder));
    value("getcwd: is as before", place(scratch));
    back(scratch);
}

fn short_buffers(scratch: &Scratch) {
    let length = scratch.path.count_bytes();
    let mut bytes = [0; 4096];
    let with_zero = getcwd(&mut bytes).map(|count| count - length);
    answer("getcwd: counts the zero", with_zero);
    answer("getcwd: room for it all", getcwd(&mut bytes[..=length]).map(|count| count - length));
    answer("getcwd: room for all but the zero", getcwd(&mut bytes[..length]));
    answer("getcwd: room for one byte", getcwd(&mut bytes[..1]));
    answer("getcwd: no room", getcwd(&mut []));
    for (what, address) in [("nowhere", NOWHERE), ("the kernel", KERNEL), ("null", 0)] {
        // SAFETY: nothing is where the kernel is to write to.
        let found = unsafe { report::ask_silently(general::__NR_getcwd, &[address, 4096]) };
        outcome(format!("getcwd: to {what}"), found);
    }
    outcome("chdir: the root", chdir(c"/"));
    answer("getcwd: of the root, in two bytes", getcwd(&mut bytes[..2]));
    answer("getcwd: of the root, in one", getcwd(&mut bytes[..1]));
    back(scratch);
}

fn copies(scratch: &Scratch) {
    report::child("fork: a copy is where the original is", || {
        value("getcwd", place(scratch));
        outcome("chdir: a copy goes elsewhere", chdir(c"folder"));
        value("getcwd", place(scratch));
        0
    });
    value("getcwd: of the original", place(scratch));
}

fn moved(scratch: &Scratch) {
    outcome("chdir: folder/inner", chdir(c"folder/inner"));
    outcome("renameat2: the folder", raw::rename(&scratch.join("folder"), &scratch.join("moved")));
    value("getcwd: follows", place(scratch));
    value("open: one up", contents(c"../file"));
    back(scratch);
    outcome("renameat2: back", raw::rename(c"moved", c"folder"));
}

fn removed(scratch: &Scratch) {
    outcome("mkdirat: doomed", raw::mkdir(c"doomed"));
    outcome("chdir: doomed", chdir(c"doomed"));
    outcome("rmdir: doomed", raw::rmdir(&scratch.join("doomed")));
    value("getcwd: of what is gone", place(scratch));
    outcome("open: a file there", raw::open(c"x", general::O_CREAT | general::O_RDWR));
    outcome("mkdirat: a folder there", raw::mkdir(c"x"));
    outcome("stat: the folder itself", raw::stat(c"."));
    outcome("stat: what is not there", raw::stat(c"x"));
    report::child("fork: a copy is there as well", || {
        value("getcwd: of what is gone", place(scratch));
        0
    });
    back(scratch);
    value("getcwd", place(scratch));
}

/// Calls `faccessat`, which has no flags.
fn faccessat((folder, path): raw::At, mode: u32) -> Answer {
    let arguments = [folder, path.as_ptr() as usize, mode as usize];
    // SAFETY: the kernel reads the path.
    unsafe { report::ask_silently(general::__NR_faccessat, &arguments) }
}

fn access() {
    let (is_there, may_read, may_write) = (general::F_OK, general::R_OK, general::W_OK);
    let may_execute = general::X_OK;
    for path in [
        c"file",
        c"folder",
        c"to-inner",
        c"nothing",
        c"",
        c"to-nothing",
        c"circle",
        c"file/x",
        c"file/",
        c"folder/file",
        c".",
        c"/",
        c"/dev/null",
    ] {
        let name = path.to_string_lossy();
        outcome(format!("faccessat: {name:?}"), faccessat((HERE, path), is_there));
    }
    for (what, mode) in [
        ("to be read", may_read),
        ("to be written", may_write),
        ("to be read and written", may_read | may_write),
    ] {
        outcome(format!("faccessat: file, {what}"), faccessat((HERE, c"file"), mode));
        outcome(format!("faccessat: folder, {what}"), faccessat((HERE, c"folder"), mode));
    }
    // Not even root may execute what nobody may.
    outcome("faccessat: file, to be executed", faccessat((HERE, c"file"), may_execute));
    outcome("faccessat: folder, to be executed", faccessat((HERE, c"folder"), may_execute));
    outcome("faccessat: rights that are none", faccessat((HERE, c"file"), 8));
}

fn access_below() {
    let (folder, file) = (raw::open(c"folder", O_RDONLY), raw::open(c"file", O_RDONLY));
    let (Ok(folder), Ok(file)) = (folder, file) else { return };
    let is_there = general::F_OK;
    outcome("faccessat: in a folder", faccessat((folder, c"inner"), is_there));
    outcome("faccessat: not in a folder", faccessat((folder, c"folder"), is_there));
    outcome("faccessat: in a file", faccessat((file, c"x"), is_there));
    outcome("faccessat: in no descriptor", faccessat((77, c"x"), is_there));
    outcome("faccessat: from the root", faccessat((77, c"/"), is_there));
    outcome("close", raw::close(folder).and(raw::close(file)));
    // SAFETY: the kernel finds no path there.
    let found = unsafe { report::ask_silently(general::__NR_faccessat, &[HERE, NOWHERE, 0]) };
    outcome("faccessat: a path that is nowhere", found);
    truth("faccessat: changes nothing", contents(c"file") == "\"hello\"");
}
