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

use super::memory::Memory;
use super::registers::Registers;
use super::{Exit, Pid, Process, State, children, end, exec, fork, threads};
use crate::interrupts::Masked;
use crate::memory::kernel_space;
use crate::memory::shared::Shared;
use crate::scheduler::mutex::Mutex;
use crate::scheduler::policy::Level;
use crate::scheduler::table::Row;
use crate::scheduler::wait_queue::WaitQueue;
use crate::scheduler::{self, Program, SpawnError};
use crate::sync::Lock;
use crate::syscall::capability::Capabilities;

/// Protects the processes that run, and those that ended and nobody has asked for. Nothing else may
/// be locked while it is held, but the heap.
pub(super) static PROCESSES: Lock<Vec<Process>> = Lock::new(Vec::new());

/// Those who wait for the end of a process.
pub(super) static ENDED: WaitQueue = WaitQueue::new();

impl Process {
    /// Lets it run, beside all others.
    pub fn start(mut self, level: Level) -> Result<Pid, SpawnError> {
        self.state = State::Running;
        let Self { pid, name, entry, .. } = self;
        let program = Program { pid, tid: pid, root: self.root };
        {
            let mut processes = PROCESSES.lock();
            processes.try_reserve(1).map_err(|_| SpawnError)?;
            processes.push(self);
        }
        let spawned = scheduler::spawn_program(name, level, program, &Registers::new(entry));
        if let Err(error) = spawned {
            drop(take(|process| process.pid == pid));
            return Err(error);
        }
        end::remind(pid);
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

/// Ends the thread that runs, and with its last thread the process: as that one does, unless it was
/// told before how to end.
pub fn exit(exit: Exit) -> ! {
    threads::clear_tid();
    let masked = Masked::new();
    if threads::leave(exit) {
        exec::ALONE.wake_all();
        scheduler::exit(masked);
    }
    drop(masked);
    give_back_memory();
    // From here on nobody else may run before this thread is gone: whoever waits for the process
    // takes away what it would go on with.
    let masked = Masked::new();
    let row = scheduler::table::current();
    let pid = with_current(|process| {
        (process.state, process.row) = (State::Ended(process.ending.unwrap_or(exit)), row);
        process.pid
    });
    children::bequeath(pid);
    ENDED.wake_all();
    scheduler::exit(masked)
}

/// Gives back the memory of the process that runs, which has one thread left and is done.
fn give_back_memory() {
    let memory = with_current(|process| process.memory.take());
    let program = scheduler::program().expect("a program runs");
    scheduler::set_program(Program { root: kernel_space::root(), ..program });
    drop(memory);
    fork::give_back();
}

/// The process that runs, if one does.
pub fn current() -> Option<Pid> {
    Some(scheduler::program()?.pid)
}

/// The rights of the process that runs.
pub fn capabilities() -> Capabilities {
    with_current(|process| process.capabilities)
}

/// The memory of the process that runs.
pub fn memory_of_current() -> Shared<Mutex<Memory>> {
    with_current(|process| process.memory.clone()).expect("a program that runs has memory")
}

/// The rights of the process that `number` means, if there is one: by its own, or by that of one of
/// its threads.
pub fn capabilities_of(number: Pid) -> Option<Capabilities> {
    find(|process| process.has_number(number).then_some(process.capabilities))
}

/// Changes the rights of the process that runs.
pub fn set_capabilities(capabilities: Capabilities) {
    with_current(|process| process.capabilities = capabilities);
}

/// What is left to say of process number `index` of those that have ended.
pub fn ended(index: usize) -> Option<Row> {
    let processes = PROCESSES.lock();
    processes.iter().filter(|process| process.has_ended()).nth(index)?.row
}

/// Takes away the first process that is such as `is_it` says.
pub(super) fn take(is_it: impl Fn(&Process) -> bool) -> Option<Process> {
    let mut processes = PROCESSES.lock();
    let index = processes.iter().position(is_it)?;
    Some(processes.swap_remove(index))
}

/// Shows all processes to `act`, until it finds something.
pub(super) fn find<T>(act: impl FnMut(&mut Process) -> Option<T>) -> Option<T> {
    PROCESSES.lock().iter_mut().find_map(act)
}

/// Lets `act` have the process that runs.
pub fn with_current<T>(act: impl FnOnce(&mut Process) -> T) -> T {
    let pid = current();
    let mut processes = PROCESSES.lock();
    let process = processes.iter_mut().find(|process| Some(process.pid) == pid);
    act(process.expect("a program runs"))
}

/// Lets `act` have the process `pid`, if there is one that has not ended.
pub(super) fn with<T>(pid: Pid, act: impl FnOnce(&mut Process) -> T) -> Option<T> {
    let mut processes = PROCESSES.lock();
    let process = processes.iter_mut().find(|process| process.pid == pid);
    process.filter(|process| !process.has_ended()).map(act)
}

impl Process {
    pub(super) fn has_ended(&self) -> bool {
        matches!(self.state, State::Ended(_))
    }

    /// Whether it has ended, and nobody will ask how.
    pub(super) fn is_forgotten(&self) -> bool {
        self.is_orphan && self.has_ended()
    }
}
