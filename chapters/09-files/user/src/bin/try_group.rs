//! Tries out groups of processes and sessions: who is in which, and what cannot be.
//!
//! On Linux a process may begin a group or a session. That is not tried: here there is one of each.

#![no_std]
#![no_main]

use linux_raw_sys::general;
use user::process::{getpid, getppid, gettid};
use user::{Errno, Start, report, thread};

/// What a call answers.
type Answer = Result<usize, Errno>;

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
        let by_thread = in_thread(move || ask(number, &[gettid().0 as usize]));
        report::truth(format_args!("{what}: the same by a thread's number"), by_thread == own);
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
fn ask(number: u32, arguments: &[usize]) -> Answer {
    // SAFETY: the calls of this file take numbers.
    unsafe { report::ask_silently(number, arguments) }
}

/// What `work` says in a thread.
///
/// # Panics
///
/// When there cannot be one: nothing else can be tried out then.
fn in_thread(work: impl FnOnce() -> Answer + Send + 'static) -> Answer {
    let thread = thread::spawn(work).expect("the kernel has room for a thread");
    thread.join().expect("a thread that returns leaves a result")
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
        let by_thread = move || set(gettid().0 as usize, NOBODY);
        report::answer("setpgid: by a thread's number", in_thread(by_thread));
        match ask(general::__NR_getpgid, &[0]) {
            Ok(group) => report::answer("setpgid: the group that one is in", set(0, group)),
            Err(error) => report::answer("getpgid", Err(error)),
        }
        0
    });
}
