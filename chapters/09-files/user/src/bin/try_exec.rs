//! Tries out how `execve` refuses: what is no program, and pointers that lead nowhere.
//!
//! After each refusal the old program must go on as if nothing had been asked.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::ffi::CString;
use alloc::vec;
use alloc::vec::Vec;
use core::ffi::CStr;
use core::ptr;

use linux_raw_sys::general;
use user::report::{self, KERNEL, NOWHERE};
use user::{Start, process};

/// Bytes that one argument may have at most, with its zero.
const LONGEST: usize = 128 * 1024;

#[unsafe(no_mangle)]
fn main(start: &Start) -> i32 {
    let Some(own) = start.arguments().next() else { return 2 };
    paths();
    long_paths();
    pointers(own);
    sizes(own);
    report::child("execve: refused in a copy, which ends by itself", || {
        process::execve(c"nothing", &[c"nothing"], &[]);
        9
    });
    0
}

/// Asks for the program at the address `path`, with lists at addresses.
fn execve(what: &str, path: usize, arguments: usize, environment: usize) {
    // SAFETY: the kernel reads what there is, and refuses.
    let _ = unsafe { report::ask(what, general::__NR_execve, &[path, arguments, environment]) };
}

fn paths() {
    let all = [
        ("execve: no such file", c"nothing"),
        ("execve: no such file in a folder", c"bin/nothing"),
        ("execve: no such folder", c"nothing/nothing"),
        ("execve: an empty path", c""),
        ("execve: a file as a folder", c"etc/motd/nothing"),
        ("execve: a file that is no program", c"etc/motd"),
        ("execve: a folder", c"bin"),
        ("execve: the root", c"/"),
        ("execve: the current folder", c"."),
        ("execve: a program as a folder", c"bin/true/"),
    ];
    for (what, path) in all {
        let list = [path.as_ptr(), ptr::null()];
        execve(what, path.as_ptr() as usize, list.as_ptr() as usize, 0);
    }
}

fn long_paths() {
    let all = [
        ("execve: a name of 255 bytes", 255),
        ("execve: a name of 256 bytes", 256),
        ("execve: a path of 5000 bytes", 5000),
    ];
    for (what, bytes) in all {
        let path = text(bytes);
        execve(what, path.as_ptr() as usize, 0, 0);
    }
}

fn pointers(own: &CStr) {
    let path = own.as_ptr() as usize;
    let list = [path, 0];
    let list = list.as_ptr() as usize;
    execve("execve: a path at null", 0, list, 0);
    execve("execve: a path at nowhere", NOWHERE, list, 0);
    execve("execve: a path in the kernel", KERNEL, list, 0);
    execve("execve: arguments at nowhere", path, NOWHERE, 0);
    execve("execve: arguments in the kernel", path, KERNEL, 0);
    execve("execve: an environment at nowhere", path, list, NOWHERE);
    let wrong = [path, NOWHERE, 0];
    let wrong = wrong.as_ptr() as usize;
    execve("execve: an argument at nowhere", path, wrong, 0);
    execve("execve: a variable at nowhere", path, list, wrong);
}

fn sizes(own: &CStr) {
    let path = own.as_ptr() as usize;
    let longest = text(LONGEST);
    let list = [path, longest.as_ptr() as usize, 0];
    execve("execve: an argument that is too long", path, list.as_ptr() as usize, 0);
    let long = text(LONGEST / 2);
    let list: Vec<usize> = [vec![long.as_ptr() as usize; 200], vec![0]].concat();
    let list = list.as_ptr() as usize;
    execve("execve: arguments that are too long together", path, list, 0);
    execve("execve: variables that are too long together", path, 0, list);
}

/// A text of `bytes` bytes.
fn text(bytes: usize) -> CString {
    CString::new(vec![b'a'; bytes]).unwrap_or_default()
}
