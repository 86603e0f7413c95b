//! Children: who made whom, and who is told how they ended.
//!
//! A process that has ended stays in the table, a *zombie*, until its parent has asked how: the
//! number must not be given to another one before that. If the parent ends first, the first
//! process of all, `init`, becomes the parent; it has nothing else to do than to ask.

use core::sync::atomic::{AtomicU32, Ordering};

use super::run::{ENDED, PROCESSES, find, take};
use super::{Exit, Pid, Process, State, current};
use crate::scheduler::Interrupted;

/// The process that inherits the children of all others; 0 while there is none.
static INIT: AtomicU32 = AtomicU32::new(0);

/// Which children somebody waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Which {
    /// The one that has this number, if it matters.
    pub pid: Option<Pid>,
    /// Those of this kind.
    pub kind: Kind,
}

/// What tells a parent of a child's end, which makes two kinds of them. (Linux, `man 2 wait`.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// SIGCHLD, as for a child that `fork` makes.
    Usual,
    /// Anything else, or nothing.
    Clones,
    /// Both.
    All,
}

impl Which {
    /// Whether `process` is one of them, if it is a child at all.
    pub fn means(self, process: &Process) -> bool {
        let is_clone = process.clone_of == Some(process.parent);
        let is_kind = match self.kind {
            Kind::Usual => !is_clone,
            Kind::Clones => is_clone,
            Kind::All => true,
        };
        is_kind && self.pid.is_none_or(|pid| process.pid == pid)
    }
}

/// Why there is no child to tell of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitError {
    /// There is none, neither running nor ended.
    NoChild,
    /// Whoever waits is to end itself.
    Interrupted,
}

impl From<Interrupted> for WaitError {
    fn from(_: Interrupted) -> Self {
        Self::Interrupted
    }
}

/// Makes `pid` the one that inherits children.
pub fn set_init(pid: Pid) {
    INIT.store(pid.0, Ordering::Relaxed);
}

/// Whether `pid` is the one that inherits children.
pub fn is_init(pid: Pid) -> bool {
    pid.0 != 0 && INIT.load(Ordering::Relaxed) == pid.0
}

/// Whether there is a process with this number, even if it has ended.
pub fn exists(pid: Pid) -> bool {
    find(|process| (process.pid == pid).then_some(())).is_some()
}

/// The parent of the process that runs.
pub fn parent() -> Pid {
    super::with_current(|process| process.parent)
}

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
pub(super) fn find_parent(process: &mut Process, processes: &[Process]) {
    let is_parent = |other: &Process| other.pid == process.parent && !other.has_ended();
    if !processes.iter().any(is_parent) {
        process.parent = Pid(INIT.load(Ordering::Relaxed));
        process.is_orphan = process.parent == Pid(0);
    }
}

/// Gives the children of `pid` to `init`. Those of whom nobody will ask are forgotten.
pub(super) fn bequeath(pid: Pid) {
    if is_init(pid) {
        set_init(Pid(0));
    }
    let heir = Pid(INIT.load(Ordering::Relaxed));
    let mut processes = PROCESSES.lock();
    for process in processes.iter_mut().filter(|process| process.parent == pid) {
        process.parent = heir;
        process.is_orphan = heir == Pid(0);
    }
    drop(processes);
    while take(Process::is_forgotten).is_some() {}
}
