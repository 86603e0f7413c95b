//! How a process ends that has several threads: whoever says so, all of them go.
//!
//! Nobody can be made to vanish: a thread may hold a lock, or be in the middle of giving something
//! back. So a process that is to end is told, and each of its threads goes by itself, at the only
//! place where it holds nothing: where it would return to the program. One that waits for something
//! that may never come is woken for it.
//!
//! ```text
//!  exit_group, kill, a fault ──> end ──> Process::ending
//!                                 '──> scheduler::interrupt ──> whoever waits, waits no longer
//!                                                                            |
//!  end of a system call, of an interrupt ──> leave_if_ending ──> exit <──────'
//! ```

use super::run::{exit, with, with_current};
use super::{Exit, Pid, current};
use crate::arch;
use crate::scheduler;

/// Tells the process `pid` to end as `exit` says; whether there is one that runs. Who was told
/// before ends as it was told first.
pub fn end(pid: Pid, exit: Exit) -> bool {
    let is_told = with(pid, |process| {
        process.ending.get_or_insert(exit);
    });
    if is_told.is_some() {
        scheduler::interrupt(pid, None);
    }
    is_told.is_some()
}

/// Interrupts the thread of the process `pid` once more, which has just been made, if the process
/// was told to end before that.
pub(super) fn remind(pid: Pid) {
    if with(pid, |process| process.ending.is_some()) == Some(true) {
        scheduler::interrupt(pid, None);
    }
}

/// Ends the process that runs, with all its threads.
pub fn exit_group(status: Exit) -> ! {
    end(current().expect("a program runs"), status);
    exit(status)
}

/// Ends the thread that runs if its process is to end, or to become another program, by another
/// thread. Nothing may be held; interrupts may be masked by the trap that is about to return.
pub fn leave_if_ending() {
    if scheduler::is_interrupted() {
        arch::unmask_interrupts();
        exit(with_current(|process| process.ending).unwrap_or(Exit::Exited(0)));
    }
}
