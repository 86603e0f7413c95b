//! Threads: what can be given the processor, and all that must be kept while it has not got it.
//!
//! Most of what a thread is doing is on its stack: the calls that it is in, with their variables,
//! and, put there by `switch_context`, the registers. What is left is where that stack ends, and
//! what a switch does not touch since the kernel does not use it: the registers that are for
//! programs only.

use core::fmt;
use core::time::Duration;

use super::policy::{Level, ThreadId};
use crate::arch::{Context, UserState};
use crate::memory::address::PhysAddr;
use crate::memory::stack::Stack;
use crate::process::{Name, Pid};

/// The number of a thread, which no other ever has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Serial(pub u64);

/// What a thread is to do.
#[derive(Clone, Copy, Debug)]
pub enum Work {
    /// What it was doing already when there were no threads yet.
    Boot,
    /// To call this function of the kernel, with this argument.
    Kernel(fn(usize), usize),
    /// To run this program.
    Program(Program),
}

/// A program to be run, and for whom.
#[derive(Clone, Copy, Debug)]
pub struct Program {
    /// The process.
    pub pid: Pid,
    /// The number of the thread; that of the first one is the process's.
    pub tid: Pid,
    /// The root of its address space.
    pub root: PhysAddr,
}

/// What may end a wait besides that for which somebody waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Nothing. Whoever does not wait at all has this, too.
    Firm,
    /// [`interrupt`](super::interrupt).
    Interruptible,
    /// That and [`unpark`](super::unpark).
    Parked,
}

/// What a thread is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It could run.
    Ready,
    /// It runs.
    Running,
    /// It waits for somebody.
    Blocked,
    /// It waits for a time.
    Sleeping,
    /// It ran. What it had is given back as soon as nobody stands on its stack.
    Terminated,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(match self {
            Self::Ready => "ready",
            Self::Running => "running",
            Self::Blocked => "blocked",
            Self::Sleeping => "sleeping",
            Self::Terminated => "terminated",
        })
    }
}

/// A thread.
pub struct Thread {
    pub(super) serial: Serial,
    pub(super) name: Name,
    pub(super) base: Level,
    pub(super) state: State,
    pub(super) work: Work,
    /// Where it goes on, unless it runs.
    pub(super) context: Context,
    /// Its stack; the boot stack has no owner.
    pub(super) stack: Option<Stack>,
    /// The registers that are for programs only, unless it runs.
    pub(super) user: UserState,
    /// Who holds the mutex that it waits for, and which one that is.
    pub(super) waits_for: Option<(ThreadId, usize)>,
    /// What may end its wait.
    pub(super) wait: Wait,
    /// Whether it has been interrupted. From then on it is.
    pub(super) is_interrupted: bool,
    /// Who waits behind it in the same queue.
    pub(super) behind: Option<ThreadId>,
    /// Where it stood when it was last given the processor.
    pub(super) shown: Level,
    /// How long it has run, up to `since`.
    pub(super) used: Duration,
    /// When it was last given the processor.
    pub(super) since: Duration,
    /// How many times it was given the processor.
    pub(super) switches: u64,
}

impl Thread {
    /// A thread that has not run yet.
    pub(super) fn new(name: Name, base: Level, work: Work, stack: Option<Stack>) -> Self {
        Self {
            serial: Serial(0),
            name,
            base,
            state: State::Blocked,
            work,
            context: Context::NONE,
            stack,
            user: UserState::NEW,
            waits_for: None,
            wait: Wait::Firm,
            is_interrupted: false,
            behind: None,
            shown: base,
            used: Duration::ZERO,
            since: Duration::ZERO,
            switches: 0,
        }
    }

    /// The program that it runs, if it is not the kernel's own.
    pub(super) fn program(&self) -> Option<Program> {
        match self.work {
            Work::Program(program) => Some(program),
            Work::Boot | Work::Kernel(..) => None,
        }
    }
}
