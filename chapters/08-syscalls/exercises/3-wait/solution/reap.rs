//! Who is told how a process ended, and takes it out of the table.
//!
//! It is the parent, once. Where the parent ends first it is `init`, which becomes the parent of
//! those that run and of those that have ended already. Where there is no `init` nobody will ask,
//! so whoever has ended goes at once.

use super::{Pid, Process, WaitError, Which, init, is_init, set_init};
use crate::process::run::{ENDED, PROCESSES, take};
use crate::process::{Exit, State, current};

/// Waits for the end of a child of the process that runs, and takes it out of the table.
pub fn wait_for_child(which: Which) -> Result<(Pid, Exit), WaitError> {
    ENDED.wait_until_interrupted(|| take_child(which).transpose())?
}

/// Takes a child of the process that runs out of the table, if one has ended.
pub fn take_child(which: Which) -> Result<Option<(Pid, Exit)>, WaitError> {
    let parent = current().unwrap_or(Pid(0));
    let is_meant = |process: &Process| process.parent == parent && which.means(process);
    let mut processes = PROCESSES.lock();
    if !processes.iter().any(is_meant) {
        return Err(WaitError::NoChild);
    }
    let ended = processes.iter().position(|process| is_meant(process) && process.has_ended());
    let Some(index) = ended else { return Ok(None) };
    let process = processes.swap_remove(index);
    drop(processes);
    let State::Ended(exit) = process.state else { unreachable!("it has ended") };
    Ok(Some((process.pid, exit)))
}

/// Finds a parent for `process`, which is about to join `processes`: `init`, if its own has ended
/// meanwhile, or is the kernel.
pub fn find_parent(process: &mut Process, processes: &[Process]) {
    let is_parent = |other: &Process| other.pid == process.parent && !other.has_ended();
    if !processes.iter().any(is_parent) {
        adopt(process);
    }
}

/// Gives the children of `pid`, which has ended, to `init`. Those of whom nobody will ask are taken
/// out of the table when they have ended.
pub fn bequeath(pid: Pid) {
    if is_init(pid) {
        set_init(Pid(0));
    }
    let mut processes = PROCESSES.lock();
    processes.iter_mut().filter(|process| process.parent == pid).for_each(adopt);
    drop(processes);
    while take(Process::is_forgotten).is_some() {}
}

/// Makes `init` the parent of `process`; or nobody, if there is no `init`.
fn adopt(process: &mut Process) {
    process.parent = init();
    process.is_orphan = process.parent == Pid(0);
}
