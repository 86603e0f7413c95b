//! Runs programs one after the other, for whoever compares what they print on two kernels.
//!
//! Each of its arguments is a path and arguments, with spaces between them. If it has none, the
//! lines of the file `etc/tries` are what it runs. Before the program's own lines comes one that
//! names it, and behind them one that says how it ended.
//!
//! As `/init`, the first process of a Linux without anything else, it mounts what the programs
//! expect, and switches the machine off at the end. Our kernel does both by itself.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec::Vec;
use core::ffi::CStr;

use linux_raw_sys::general::{__NR_mount, O_RDONLY};
use user::command::NOT_RUN;
use user::process::execve;
use user::scratch::text;
use user::{Errno, Start, input, println, raw, report, system};

/// The file systems: what kind, and where.
const MOUNTS: [(&CStr, &CStr); 3] =
    [(c"tmpfs", c"/tmp"), (c"proc", c"/proc"), (c"devtmpfs", c"/dev")];

#[unsafe(no_mangle)]
fn main(start: &Start) -> i32 {
    let is_alone = start.arguments().next() == Some(c"/init");
    if is_alone {
        mount_all();
    }
    let given = start.arguments().skip(1).map(|word| word.to_bytes().to_vec()).collect();
    // To `/init` Linux gives what it does not understand of its own arguments.
    let has_arguments = start.argument_count() > 1 && !is_alone;
    let status = match if has_arguments { Ok(given) } else { listed() } {
        Ok(lines) => run_all(&lines),
        Err(error) => {
            println!("tries: etc/tries: {error}");
            1
        }
    };
    println!("tries: all done");
    if is_alone {
        println!("tries: the machine stays on: {}", system::power_off());
    }
    status
}

/// Mounts what the programs expect.
fn mount_all() {
    for (kind, place) in MOUNTS {
        // Some are there.
        let _ = raw::mkdir(place);
        let (kind, target) = (kind.as_ptr() as usize, place.as_ptr() as usize);
        // SAFETY: the kernel reads the texts.
        let mounted = unsafe { report::ask_silently(__NR_mount, &[kind, target, kind, 0, 0]) };
        if let Err(error) = mounted {
            println!("tries: no file system at {place:?}: {error}");
        }
    }
}

/// The lines of the file.
fn listed() -> Result<Vec<Vec<u8>>, Errno> {
    let list = raw::open(c"etc/tries", O_RDONLY)?;
    let mut lines = Vec::new();
    while let Some(line) = input::line(list)? {
        lines.push(line);
    }
    // The programs begin with the usual descriptors only.
    raw::close(list)?;
    Ok(lines)
}

fn run_all(lines: &[Vec<u8>]) -> i32 {
    for line in lines {
        let Ok(line) = core::str::from_utf8(line) else { return 2 };
        println!("tries: begin {line}");
        let pid = report::start_child(|| become_program(line));
        report::ended("tries: end", pid);
    }
    0
}

/// Becomes the program that `line` names; a status if that is not possible.
fn become_program(line: &str) -> i32 {
    let words: Vec<_> = line.split_ascii_whitespace().map(text).collect();
    let words: Vec<&CStr> = words.iter().map(|word| word.as_c_str()).collect();
    let Some(path) = words.first() else { return NOT_RUN.into() };
    println!("tries: {}", execve(path, &words, &[c"HOME=/", c"PATH=/bin", c"TERM=linux"]));
    NOT_RUN.into()
}
