//! Tries out groups of processes and sessions: who is in which, and what cannot be.
//!
//! On Linux a process may begin a group or a session. That is not tried: here there is one of each.

#![no_std]
#![no_main]

use linux_raw_sys::general;
use user::process::{getpid, getppid};
use user::{Errno, Start, report};

/// A number that no process and no group has.
const NOBODY: usize = 1_999_999_999;

/// A number below 0.
const NEGATIVE: usize = -1_isize as usize;

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    for (what, number) in [("getpgid", general::__NR_getpgid), ("getsid", general::__NR_getsid)] {
        let own = ask(number, &[0]);
        report::truth(format_args!("{what}: of ourselves"), own.is_ok());
        let by_number = ask(number, &[getpid().0 as usize]);
        report::truth(format_args!("{what}: the same by number"), by_number == own);
        report::child(format_args!("{what}: a child has its parent's"), || {
            i32::from(ask(number, &[0]) != own || ask(number, &[getppid().0 as usize]) != own)
        });
        report::answer(format_args!("{what}: of nobody"), ask(number, &[NOBODY]));
        report::answer(format_args!("{what}: of less than nobody"), ask(number, &[NEGATIVE]));
    }
    changes();
    0
}

/// Asks for a call that touches no memory.
fn ask(number: u32, arguments: &[usize]) -> Result<usize, Errno> {
    // SAFETY: the calls of this file take numbers.
    unsafe { report::ask_silently(number, arguments) }
}

fn changes() {
    let set = |pid: usize, group: usize| ask(general::__NR_setpgid, &[pid, group]);
    report::answer("setpgid: a group below 0", set(0, NEGATIVE));
    report::answer("setpgid: of nobody, below 0", set(NOBODY, NEGATIVE));
    report::answer("setpgid: of nobody", set(NOBODY, 0));
    report::answer("setpgid: of less than nobody", set(NEGATIVE, 0));
    report::child("setpgid: in a child", || {
        report::answer("setpgid: of the parent", set(getppid().0 as usize, 0));
        report::answer("setpgid: a group that is not there", set(0, NOBODY));
        match ask(general::__NR_getpgid, &[0]) {
            Ok(group) => report::answer("setpgid: the group that one is in", set(0, group)),
            Err(error) => report::answer("getpgid", Err(error)),
        }
        0
    });
}
