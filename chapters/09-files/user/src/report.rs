//! What a program that tries calls out says of each: one line, the same on every right kernel.
//!
//! The lines of two runs are compared, one on Linux and one on another kernel. So there are no
//! addresses, times or numbers of processes in them, and errors have the names of the manual.
//!
//! ```text
//!  wait4: WNOHANG with a running child: 0
//!  wait4: without a child: ECHILD
//! ```

use core::fmt::Display;

use crate::process::{self, End, Pid};
use crate::syscall::{Errno, call, exit};

/// An address where nothing ever is.
pub const NOWHERE: usize = 0x1000_0000_0000;

/// An address in the kernel's half.
pub const KERNEL: usize = 0xffff_8000_0000_0000;

/// Asks the kernel for what `number` stands for, with `arguments` and zeroes, and says the answer.
///
/// # Safety
///
/// The system call must do nothing to this program's memory that Rust does not know of.
pub unsafe fn ask(what: impl Display, number: u32, arguments: &[usize]) -> Result<usize, Errno> {
    // SAFETY: the caller promises the same.
    let found = unsafe { ask_silently(number, arguments) };
    answer(what, found);
    found
}

/// Asks the kernel for what `number` stands for, with `arguments` and zeroes.
///
/// # Safety
///
/// As for [`ask`].
pub unsafe fn ask_silently(number: u32, arguments: &[usize]) -> Result<usize, Errno> {
    let mut all = [0; 6];
    all[..arguments.len()].copy_from_slice(arguments);
    // SAFETY: the caller promises the same.
    unsafe { call(number, all) }
}

/// Says what a call answered.
pub fn answer(what: impl Display, answer: Result<usize, Errno>) {
    match answer {
        Ok(number) => println!("{what}: {number}"),
        Err(error) => println!("{what}: {}", error.name()),
    }
}

/// Says whether a call did what it was asked for, where the number that it answers is no matter.
pub fn outcome<T>(what: impl Display, outcome: Result<T, Errno>) {
    match outcome {
        Ok(_) => println!("{what}: done"),
        Err(error) => println!("{what}: {}", error.name()),
    }
}

/// Says whether it is so.
pub fn truth(what: impl Display, is_so: bool) {
    println!("{what}: {}", if is_so { "yes" } else { "no" });
}

/// Says what was found.
pub fn value(what: impl Display, value: impl Display) {
    println!("{what}: {value}");
}

/// Says how a copy of this process ends that does `work`; its result is the status.
pub fn child(what: impl Display, work: impl FnOnce() -> i32) {
    ended(what, start_child(work));
}

/// Starts a copy of this process that does `work`; its result is the status.
///
/// # Panics
///
/// When there cannot be one: nothing else could be tried out then.
pub fn start_child(work: impl FnOnce() -> i32) -> Pid {
    match process::fork() {
        Ok(Some(pid)) => pid,
        Ok(None) => exit(work()),
        Err(error) => panic!("cannot make a process: {error}"),
    }
}

/// Waits for `pid`, and says how it ended.
pub fn ended(what: impl Display, pid: Pid) {
    match process::wait(pid) {
        Ok((found, end)) if found == pid => println!("{what}: {end}"),
        Ok(_) => println!("{what}: it was another that ended"),
        Err(error) => println!("{what}: {}", error.name()),
    }
}

/// Waits for `pid`, which has been told to do so, and says nothing.
pub fn reap(pid: Pid) -> Option<End> {
    process::wait(pid).ok().map(|(_, end)| end)
}
