//! Lists the processes that there are.
//!
//! What can be known of them stands below `/proc`: a folder for each, which is called by its
//! number, and in it `stat`, a line of words for programs such as this one. The second is the name,
//! in brackets. It may have brackets and spaces in itself, so what comes behind it is counted from
//! the last bracket. (Linux, `man 5 proc_pid_stat`.)
//!
//! Each look finds what is there then: who ends between the first one and the second is not listed.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::ffi::CString;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use linux_raw_sys::general::O_RDONLY;
use user::{Errno, Start, descriptor, file, folder, println};

/// How many ticks of `stat` are a second, on every machine of Linux.
const TICKS: u64 = 100;

/// More than a line has: 52 numbers of up to 20 digits, and a name.
const LONGEST: usize = 2048;

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    let names = match folder::names(c"/proc") {
        Ok(names) => names,
        Err(error) => {
            println!("ps: /proc: {error}");
            return 1;
        }
    };
    println!("  PID  PPID S      TIME COMMAND");
    for pid in numbers(&names) {
        // It may have ended meanwhile.
        let Ok(text) = stat(pid) else { continue };
        match row(&text) {
            Some(row) => println!("{row}"),
            None => println!("{pid:5}  not to be understood: {text}"),
        }
    }
    0
}

/// Those of `names` that are numbers, in their order.
fn numbers(names: &[CString]) -> Vec<u32> {
    let number = |name: &CString| name.to_str().ok()?.parse().ok();
    let mut numbers: Vec<u32> = names.iter().filter_map(number).collect();
    numbers.sort_unstable();
    numbers
}

/// What `/proc` has to say of the process `pid`.
fn stat(pid: u32) -> Result<String, Errno> {
    let path = CString::new(format!("/proc/{pid}/stat")).expect("there is no zero in it");
    let opened = file::open(&path, O_RDONLY, 0)?;
    let mut bytes = [0; LONGEST];
    let count = file::pread(opened, &mut bytes, 0);
    descriptor::close(opened)?;
    Ok(String::from_utf8_lossy(&bytes[..count?]).into_owned())
}

/// What is shown of a process, from its line in `stat`.
fn row(stat: &str) -> Option<String> {
    let (pid, rest) = stat.split_once(" (")?;
    let (name, rest) = rest.rsplit_once(") ")?;
    let mut words = rest.split(' ');
    let (state, parent) = (words.next()?, words.next()?);
    // Words 14 and 15 of all, of which the next is the fifth.
    let mut times = words.skip(14 - 5).map(str::parse::<u64>);
    let used = times.next()?.ok()? + times.next()?.ok()?;
    let (minutes, seconds) = (used / TICKS / 60, used / TICKS % 60);
    let part = used % TICKS;
    Some(format!("{pid:>5} {parent:>5} {state} {minutes:3}:{seconds:02}.{part:02} {name}"))
}
