//! The first process: starts the shell, waits for everybody's end, and turns the machine off when
//! the shell is over.
//!
//! The kernel gives a process whose parent has ended to process 1, whatever program that is. Nobody
//! else can wait for such an orphan, so process 1 must, or what is left of it stays for ever.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec::Vec;
use core::ffi::CStr;

use user::command::{self, Command};
use user::process::{self, Pid};
use user::{Start, println, system};

/// The shell. The path begins where the first process is, which is at the root.
const SHELL: &CStr = c"bin/sh";

#[unsafe(no_mangle)]
fn main(start: &Start) -> i32 {
    let given: Vec<_> = start.environment().collect();
    let environment = command::usual_environment(&given);
    let path = command::USUAL_PATH;
    let shell = Command { words: &[SHELL], environment: &environment, path, heeds: &[] };
    let spawned = shell.spawn(|name, error| println!("init: cannot run {name:?}: {error}"));
    let status = match spawned {
        Ok(shell) => reap_until(shell),
        Err(error) => {
            println!("init: cannot make a process: {error}");
            1
        }
    };
    if process::getpid() != Pid::INIT {
        println!("init: not process 1, so the machine stays on");
        return status;
    }
    println!("init: cannot turn the machine off: {}", system::power_off());
    1
}

/// Waits for children, our own and orphans, until it is `shell` that has ended; our status.
fn reap_until(shell: Pid) -> i32 {
    loop {
        match process::wait(Pid::ANY) {
            Ok((pid, end)) if pid == shell => {
                println!("init: the shell {end}");
                return 0;
            }
            Ok(_) => {}
            Err(error) => {
                println!("init: cannot wait: {error}");
                return 1;
            }
        }
    }
}
