//! How a process runs: by a thread of its own, until that ends.
//!
//! A process is what a program may use; a thread is what can be given the processor. So to start a
//! process is to make a thread for it, which enters the program, and from there on it runs whenever
//! the scheduler says so. When it ends, the process stays in the table, with all that it had, until
//! somebody has asked how: others call it a *zombie* in the meantime.
//!
//! ```text
//!  start ── thread ──> enter_user ──> program
//!                                       |  trap
//!  wait <── table <── exit <── system call or fault
//! ```

use alloc::vec::Vec;

use super::{Exit, Pid, Process, State};
use crate::interrupts::Masked;
use crate::scheduler::policy::Level;
use crate::scheduler::table::Row;
use crate::scheduler::wait_queue::WaitQueue;
use crate::scheduler::{self, Program, SpawnError};
use crate::sync::Lock;

/// Protects the processes that run, and those that ended and nobody has asked for. Nothing else may
/// be locked while it is held, but the heap.
static PROCESSES: Lock<Vec<Process>> = Lock::new(Vec::new());

/// Those who wait for the end of a process.
static ENDED: WaitQueue = WaitQueue::new();

impl Process {
    /// Lets it run, beside all others.
    pub fn start(mut self, level: Level) -> Result<Pid, SpawnError> {
        self.state = State::Running;
        let Self { pid, name, entry, .. } = self;
        let program = Program { pid, root: self.space.root(), entry };
        {
            let mut processes = PROCESSES.lock();
            processes.try_reserve(1).map_err(|_| SpawnError)?;
            processes.push(self);
        }
        let spawned = scheduler::spawn_program(name, level, program);
        if let Err(error) = spawned {
            drop(take(|process| process.pid == pid));
            return Err(error);
        }
        Ok(pid)
    }

    /// Lets it run, and waits until it has ended.
    ///
    /// # Panics
    ///
    /// When there is no memory for its thread.
    #[track_caller]
    pub fn run(self) -> Exit {
        let masked = Masked::new();
        assert!(masked.is_alone(), "no program may run while interrupts are masked");
        drop(masked);
        let pid = self.start(Level::Normal).unwrap_or_else(|error| panic!("{error}"));
        wait(pid)
    }
}

/// Waits until the process `pid` has ended. All that it had is given back then.
#[track_caller]
pub fn wait(pid: Pid) -> Exit {
    let ended = ENDED.wait_until(|| take(|process| process.pid == pid && process.has_ended()));
    match ended.state {
        State::Ended(exit) => exit,
        state => unreachable!("a process that has ended is not {state:?}"),
    }
}

/// Waits until the process `pid` has ended, and leaves it in the table.
#[track_caller]
pub fn wait_for_end(pid: Pid) {
    let has_ended = |process: &Process| process.pid == pid && process.has_ended();
    ENDED.wait_until(|| PROCESSES.lock().iter().any(has_ended).then_some(()));
}

/// Ends the thread that runs, and with its last thread the process: as that one does, unless one
/// was killed.
pub fn exit(exit: Exit) -> ! {
    // From here on nobody else may run before this thread is gone: whoever waits for the process
    // takes away the address space that it would go on in.
    let masked = Masked::new();
    let row = scheduler::table::current();
    let is_last = current().is_some_and(|pid| scheduler::table::threads_of(pid) == 1);
    with_current(|process| {
        if matches!(exit, Exit::Killed(_)) {
            process.killed.get_or_insert(exit);
        }
        if is_last {
            let exit = process.killed.unwrap_or(exit);
            (process.state, process.row) = (State::Ended(exit), row);
        }
    });
    if is_last {
        ENDED.wake_all();
    }
    scheduler::exit(masked)
}

/// The process that runs, if one does.
pub fn current() -> Option<Pid> {
    scheduler::current()?.1
}

/// What is left to say of process number `index` of those that have ended.
pub fn ended(index: usize) -> Option<Row> {
    let processes = PROCESSES.lock();
    processes.iter().filter(|process| process.has_ended()).nth(index)?.row
}

/// Takes away the first process that is such as `is_it` says.
fn take(is_it: impl Fn(&Process) -> bool) -> Option<Process> {
    let mut processes = PROCESSES.lock();
    let index = processes.iter().position(is_it)?;
    Some(processes.swap_remove(index))
}

pub(super) fn with_current<T>(act: impl FnOnce(&mut Process) -> T) -> T {
    let pid = current();
    let mut processes = PROCESSES.lock();
    let process = processes.iter_mut().find(|process| Some(process.pid) == pid);
    act(process.expect("a program runs"))
}

impl Process {
    fn has_ended(&self) -> bool {
        matches!(self.state, State::Ended(_))
    }
}
