//! Who is told how a process ended, and takes it out of the table.

use super::{Pid, Process, WaitError, Which, init, is_init, set_init};
use crate::process::run::{ENDED, PROCESSES, take};
use crate::process::{Exit, State, current};

/// Waits for the end of a child of the process that runs, and takes it out of the table.
pub fn wait_for_child(which: Which) -> Result<(Pid, Exit), WaitError> {
    todo!("wait until a child has ended: {which:?}")
}

/// Takes a child of the process that runs out of the table, if one has ended.
pub fn take_child(which: Which) -> Result<Option<(Pid, Exit)>, WaitError> {
    todo!("look whether a child has ended: {which:?}")
}

/// Finds a parent for `process`, which is about to join `processes`: `init`, if its own has ended
/// meanwhile, or is the kernel.
pub fn find_parent(process: &mut Process, processes: &[Process]) {
    todo!("is {} one of {} that run, or who else?", process.parent, processes.len())
}

/// Gives the children of `pid`, which has ended, to `init`. Those of whom nobody will ask are taken
/// out of the table when they have ended.
pub fn bequeath(pid: Pid) {
    todo!("find another parent for the children of {pid}")
}
