//! Lists the processes that there are.
//!
//! A system with `/proc` would say what they are called and what they do. Here the only question
//! that every process answers is whether a signal could be sent to it: `kill` with signal 0 sends
//! none and looks. So this tries one number after the other. A process that has ended and that
//! nobody has waited for still counts, and so does each thread, which has a number as well.

#![no_std]
#![no_main]

use user::process::{self, Pid};
use user::signal::{Signal, kill};
use user::{Errno, Start, println};

/// Linux gives no larger numbers, unless somebody has told it to.
const LAST: i32 = 32_768;

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    println!("  pid  what");
    for pid in (1..=LAST).map(Pid) {
        match kill(pid, Signal::NONE) {
            Ok(()) => println!("{pid:5}  {}", about(pid)),
            Err(Errno::EPERM) => println!("{pid:5}  somebody else's"),
            Err(_) => {}
        }
    }
    0
}

/// What can be said of the process `pid`.
fn about(pid: Pid) -> &'static str {
    match pid {
        Pid::INIT => "the first process",
        pid if pid == process::getpid() => "this program",
        pid if pid == process::getppid() => "who started this program",
        _ => "another",
    }
}
