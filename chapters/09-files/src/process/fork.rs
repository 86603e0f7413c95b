//! New processes and threads, out of those that run.
//!
//! There is one way to a new process: a copy of the one that asks. Both come back from the same
//! call, to the same instruction, with the same in all registers but one, the result; the child
//! finds 0 there. What is copied and what is shared is up to the one that asks. All copied is a
//! process, as `fork` makes it; all shared is a thread. In between is `vfork`: a process that
//! borrows the memory of its parent, which waits meanwhile until the child has become another
//! program or has ended.
//!
//! All of the memory is copied at once. That is a waste if the next thing that the child does is to
//! become another program. The cure is to copy a page when it is written, and not before.

use alloc::collections::TryReserveError;
use alloc::vec::Vec;
use core::sync::atomic::Ordering;

use super::files::Files;
use super::memory::Memory;
use super::registers::Registers;
use super::run::{PROCESSES, take, with, with_current};
use super::threads::{UserThread, current_tid};
use super::user::UserSlice;
use super::{NEXT_PID, Name, Pid, Process, State, children, end, memory_of_current};
use crate::arch::TrapFrame;
use crate::file::FileError;
use crate::memory::paging::MapError;
use crate::memory::shared::Shared;
use crate::scheduler::mutex::Mutex;
use crate::scheduler::wait_queue::WaitQueue;
use crate::scheduler::{self, Program, SpawnError};
use crate::timer;

/// What the new one is to have.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wish {
    /// The memory of the one that asks, not a copy.
    pub shares_memory: bool,
    /// The descriptors of the one that asks, not a copy of the table.
    pub shares_descriptors: bool,
    /// The working directory of the one that asks, not one of its own.
    pub shares_surroundings: bool,
    /// The one that asks waits until the new one needs its memory no more.
    pub borrows: bool,
    /// The parent of the one that asks.
    pub is_sibling: bool,
    /// Its parent is not told of its end by SIGCHLD.
    pub is_clone: bool,
    /// A stack pointer of its own.
    pub stack: Option<u64>,
    /// A thread pointer of its own.
    pub thread_pointer: Option<u64>,
    /// Where its number is written in its memory before it begins.
    pub set_tid: Option<u64>,
    /// Where its number is written in the memory of the one that asks, before it begins.
    pub parent_tid: Option<u64>,
    /// Where a zero is written when it ends, and whoever waits there is woken.
    pub clear_tid: Option<u64>,
}

/// Why there is no new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForkError {
    /// There is no memory for it.
    NoMemory,
    /// There are enough.
    TooMany,
    /// The thread pointer that it is to have is no address of a program.
    BadThreadPointer,
}

/// How many threads there may be, of all processes together.
const MOST_THREADS: usize = 512;

impl From<MapError> for ForkError {
    fn from(_: MapError) -> Self {
        Self::NoMemory
    }
}

impl From<TryReserveError> for ForkError {
    fn from(_: TryReserveError) -> Self {
        Self::NoMemory
    }
}

impl From<FileError> for ForkError {
    fn from(_: FileError) -> Self {
        Self::NoMemory
    }
}

impl From<SpawnError> for ForkError {
    fn from(_: SpawnError) -> Self {
        Self::NoMemory
    }
}

/// Those who wait until what they have lent is given back.
static RETURNED: WaitQueue = WaitQueue::new();

/// Makes a process like the one that runs, whose registers are in `frame`. The result is its
/// number.
pub fn fork(frame: &TrapFrame, wish: &Wish) -> Result<Pid, ForkError> {
    // To copy all that memory and then be refused would take long.
    check_count(&PROCESSES.lock())?;
    let registers = registers(frame, wish)?;
    let mut memory = memory_of_current();
    if !wish.shares_memory {
        let copy = memory.lock().fork()?;
        memory = Shared::new(Mutex::new(copy))?;
    }
    let child = Process::child(memory, wish)?;
    let (pid, name) = (child.pid, own_name());
    let program = Program { pid, tid: pid, root: child.root };
    write_tids(child.memory.as_ref().expect("it has not ended"), pid, wish);
    add(child)?;
    if let Err(error) = scheduler::spawn_program(name, scheduler::level(), program, &registers) {
        drop(take(|process| process.pid == pid));
        return Err(error.into());
    }
    end::remind(pid);
    if wish.borrows {
        let is_returned = || !with(pid, |child| child.borrows).unwrap_or(false);
        // Who is to end itself does not wait: the child has the memory for as long as it needs it.
        let _ = RETURNED.wait_until_interrupted(|| is_returned().then_some(()));
    }
    Ok(pid)
}

/// Makes a thread of the process that runs. The result is its number.
pub fn thread(frame: &TrapFrame, wish: &Wish) -> Result<Pid, ForkError> {
    let registers = registers(frame, wish)?;
    let tid = next_pid();
    add_thread(UserThread::new(tid, wish.clear_tid))?;
    let (pid, name) = (with_current(|process| process.pid), own_name());
    let memory = memory_of_current();
    let root = memory.lock().root();
    write_tids(&memory, tid, wish);
    let program = Program { pid, tid, root };
    if let Err(error) = scheduler::spawn_program(name, scheduler::level(), program, &registers) {
        with_current(|process| process.forget_thread(tid));
        return Err(error.into());
    }
    Ok(tid)
}

/// Gives back the memory that the process which runs has borrowed, if it has.
pub(super) fn give_back() {
    if with_current(|process| core::mem::take(&mut process.borrows)) {
        RETURNED.wake_all();
    }
}

/// A number that no process and no thread had before.
pub(super) fn next_pid() -> Pid {
    Pid(NEXT_PID.fetch_add(1, Ordering::Relaxed))
}

/// What the thread that runs is called, and so the new one.
fn own_name() -> Name {
    scheduler::current().expect("a program runs").0
}

/// The registers with which the new one begins.
fn registers(frame: &TrapFrame, wish: &Wish) -> Result<Registers, ForkError> {
    let mut registers = Registers::copy(frame);
    registers.frame.set_result(0);
    if let Some(stack) = wish.stack {
        registers.frame.set_stack(stack);
    }
    if let Some(pointer) = wish.thread_pointer {
        registers.user.set_thread_pointer(pointer).map_err(|_| ForkError::BadThreadPointer)?;
    }
    Ok(registers)
}

/// Sees to it that a program which only ever makes new ones leaves room for others. Only who adds
/// to `processes` before anybody else may can be sure of the answer.
fn check_count(processes: &[Process]) -> Result<(), ForkError> {
    // One that has ended and was not asked for counts as well: it keeps its place in the table.
    let count: usize = processes.iter().map(|process| process.threads.len().max(1)).sum();
    if count < MOST_THREADS { Ok(()) } else { Err(ForkError::TooMany) }
}

fn add(mut process: Process) -> Result<(), ForkError> {
    let mut processes = PROCESSES.lock();
    check_count(&processes)?;
    processes.try_reserve(1)?;
    children::find_parent(&mut process, &processes);
    processes.push(process);
    Ok(())
}

/// Notes a thread that the one which runs makes.
fn add_thread(thread: UserThread) -> Result<(), ForkError> {
    let Program { pid, tid, .. } = scheduler::program().expect("a program runs");
    let mut processes = PROCESSES.lock();
    check_count(&processes)?;
    let process = processes.iter_mut().find(|process| process.pid == pid);
    Ok(process.expect("a program runs").add_thread(tid, thread)?)
}

/// Writes the number of a new thread where it is wanted, before the thread begins: once it runs it
/// may write there itself. If a place is none, nobody hears of it: so it is on Linux.
fn write_tids(memory: &Mutex<Memory>, tid: Pid, wish: &Wish) {
    let bytes = tid.0.to_le_bytes();
    if let Some(place) = wish.set_tid {
        let _ = memory.lock().write_as_program(place, &bytes);
    }
    if let Some(place) = wish.parent_tid {
        let _ = UserSlice::new(place, bytes.len()).and_then(|word| word.write(0, &bytes));
    }
}

impl Process {
    /// A child of the process that runs, which has nothing to do yet.
    fn child(memory: Shared<Mutex<Memory>>, wish: &Wish) -> Result<Self, ForkError> {
        let pid = next_pid();
        let files = Files::fork(wish.shares_descriptors, wish.shares_surroundings)?;
        let (root, parent) = (memory.lock().root(), current_tid());
        let (signals, name) =
            (with_current(|process| process.signals.fork(parent, pid))?, own_name());
        let mut child = with_current(|process| Self {
            pid,
            parent: if wish.is_sibling { process.parent } else { process.pid },
            clone_of: match wish.is_sibling {
                true => process.clone_of,
                false => wish.is_clone.then_some(process.pid),
            },
            started: timer::now(),
            name,
            files: Some(files),
            state: State::Running,
            memory: Some(memory),
            root,
            entry: process.entry,
            ending: None,
            row: None,
            threads: Vec::new(),
            borrows: wish.borrows,
            is_orphan: false,
            capabilities: process.capabilities,
            signals,
        });
        child.add_first_thread(UserThread::new(pid, wish.clear_tid))?;
        Ok(child)
    }
}
