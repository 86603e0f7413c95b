//! Sends a signal to processes: SIGTERM, which asks them to end, unless another one is named.

#![no_std]
#![no_main]

use user::process::Pid;
use user::signal::{self, Signal};
use user::syscall::STDERR;
use user::{Start, print, println};

/// The status of a call that makes no sense.
const WRONG_USE: i32 = 2;

#[unsafe(no_mangle)]
fn main(start: &Start) -> i32 {
    let first = start.argument(1).unwrap_or_default();
    if first == "-l" {
        Signal::all().for_each(|signal| println!("{:2} {signal}", signal.0));
        return 0;
    }
    let (signal, skipped) = match first.strip_prefix('-') {
        Some(name) => (Signal::parse(name), 2),
        None => (Some(Signal::TERM), 1),
    };
    let Some(signal) = signal else {
        return misused(format_args!("`{first}` is no signal; kill -l lists them"));
    };
    if start.argument_count() == skipped {
        return misused(format_args!("say whom: kill [-SIGNAL] PID…"));
    }
    let mut status = 0;
    for word in start.arguments().skip(skipped) {
        let word = word.to_str().unwrap_or("?");
        let Ok(pid) = word.parse() else {
            return misused(format_args!("`{word}` is no number of a process"));
        };
        if let Err(error) = signal::kill(Pid(pid), signal) {
            print(STDERR, format_args!("kill: {pid}: {error}\n"));
            status = 1;
        }
    }
    status
}

/// Says what is wrong with how this was called.
fn misused(why: core::fmt::Arguments) -> i32 {
    print(STDERR, format_args!("kill: {why}\n"));
    WRONG_USE
}
