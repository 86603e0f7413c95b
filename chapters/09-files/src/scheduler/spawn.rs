//! New threads.
//!
//! A thread that has never run looks like one that was interrupted right before its first function:
//! [`begin`] is where the switch to it "returns". So there is no special case in the switch.

use core::fmt;

use super::policy::{Level, Policy, ThreadId};
use super::thread::{Program, Serial, Thread, Work};
use super::wait_queue::WaitQueue;
use super::{Scheduler, State, bury, current_work, exit, with};
use crate::arch::{self, Context, TrapFrame};
use crate::interrupts::Masked;
use crate::memory::address::VirtAddr;
use crate::memory::paging::MapError;
use crate::memory::stack::Stack;
use crate::process::Name;
use crate::process::registers::Registers;

/// Those who wait for the end of a thread.
pub(super) static ENDED: WaitQueue = WaitQueue::new();

/// There is no memory for another thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpawnError;

impl fmt::Display for SpawnError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "no memory is left for a thread")
    }
}

impl core::error::Error for SpawnError {}

impl From<MapError> for SpawnError {
    fn from(_: MapError) -> Self {
        Self
    }
}

/// A thread that somebody may wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handle {
    pub(super) id: ThreadId,
    pub(super) serial: Serial,
}

/// Makes a thread that calls `work` with `argument` and ends when that returns.
pub fn spawn(
    name: &str,
    level: Level,
    work: fn(usize),
    argument: usize,
) -> Result<Handle, SpawnError> {
    start(Name::new(name), level, Work::Kernel(work, argument))
}

/// Makes a thread that runs a program, and begins with `registers`.
///
/// The frame lies at the upper end of its stack, where a trap of the program will put one: so there
/// is no difference between a program that begins and one that comes back.
///
/// Whoever was interrupted makes threads for its own process that are, too: they are about to end,
/// and whoever interrupted all others did not know of them.
pub fn spawn_program(
    name: Name,
    level: Level,
    program: Program,
    registers: &Registers,
) -> Result<Handle, SpawnError> {
    let mut thread = make(name, level, Work::Program(program))?;
    let place = thread.frame();
    // SAFETY: it lies on a stack of which nobody knows yet.
    unsafe { place.write(registers.frame.clone()) };
    thread.context = Context::new(VirtAddr(place as u64), begin);
    thread.user = registers.user.clone();
    add(thread)
}

/// Makes the thread that has the processor when nobody wants it.
pub(super) fn spawn_idle(work: fn(usize)) -> Result<(), SpawnError> {
    let mut thread = make(Name::new("idle"), Level::Idle, Work::Kernel(work, 0))?;
    thread.state = State::Ready;
    with(|scheduler| {
        scheduler.idle = scheduler.add(thread)?;
        // It is nobody's to pick.
        scheduler.policy.remove(scheduler.idle);
        Ok(())
    })
    .expect("the first thread makes this one")
}

fn start(name: Name, level: Level, work: Work) -> Result<Handle, SpawnError> {
    add(make(name, level, work)?)
}

/// Lets `thread` run, beside all others.
fn add(mut thread: Thread) -> Result<Handle, SpawnError> {
    with(|scheduler| {
        // From here on whoever interrupts the others finds this one, too.
        thread.is_interrupted = scheduler.running().interrupts(&thread);
        let id = scheduler.add(thread)?;
        scheduler.wake(id);
        Ok(Handle { id, serial: scheduler.serial(id) })
    })
    .expect("threads are made when there are threads")
}

/// A thread with a stack of its own, on which it is about to begin.
fn make(name: Name, level: Level, work: Work) -> Result<Thread, SpawnError> {
    let stack = Stack::new()?;
    let context = Context::new(stack.range().end, begin);
    let mut thread = Thread::new(name, level, work, Some(stack));
    thread.context = context;
    Ok(thread)
}

/// Where every thread begins, on its own stack.
extern "C" fn begin() -> ! {
    bury();
    // SAFETY: that of the thread that was switched away from, which goes on when it is switched to.
    unsafe { Masked::begin() };
    match current_work() {
        Work::Boot => unreachable!("the first thread has begun long ago"),
        Work::Kernel(work, argument) => work(argument),
        Work::Program(_) => {
            let frame = with(|scheduler| scheduler.running().frame());
            let frame = frame.expect("threads begin when there are threads");
            // SAFETY: `spawn_program` has put one there, and nobody else knows of the place.
            let frame = unsafe { &*frame };
            // SAFETY: the address space is active, and the frame begins the program. It lies at the
            // upper end of this thread's stack, of which all below is given up.
            unsafe { arch::enter_user(frame) }
        }
    }
    exit(Masked::new())
}

impl Handle {
    /// Waits until the thread has ended.
    #[track_caller]
    pub fn join(self) {
        ENDED.wait_until(|| self.has_ended().then_some(()));
    }

    /// Whether the thread has ended.
    pub fn has_ended(self) -> bool {
        let has_ended = |scheduler: &mut Scheduler| {
            let thread = scheduler.threads[self.id.0].as_ref();
            thread.is_none_or(|thread| {
                thread.serial != self.serial || thread.state == State::Terminated
            })
        };
        with(has_ended).unwrap_or(true)
    }
}

impl Thread {
    /// Whether `other`, which it makes, is interrupted as it is itself.
    fn interrupts(&self, other: &Thread) -> bool {
        let are_one = self.program().zip(other.program()).is_some_and(|(a, b)| a.pid == b.pid);
        self.is_interrupted && are_one
    }

    /// Where the frame is with which it entered its program.
    fn frame(&self) -> *mut TrapFrame {
        let stack = self.stack.as_ref().expect("only the first thread has none of its own");
        (stack.range().end.0 - size_of::<TrapFrame>() as u64) as *mut TrapFrame
    }
}

impl Scheduler {
    /// Finds a place for `thread`, with all that it may ever need there. It is blocked.
    pub(super) fn add(&mut self, mut thread: Thread) -> Result<ThreadId, SpawnError> {
        let free = self.threads.iter().position(Option::is_none);
        let id = ThreadId(free.unwrap_or(self.threads.len()));
        self.policy.reserve(id).map_err(|_| SpawnError)?;
        if free.is_none() {
            self.threads.try_reserve(1).map_err(|_| SpawnError)?;
            self.sleepers.try_reserve(self.threads.len() + 1).map_err(|_| SpawnError)?;
            self.threads.push(None);
        }
        self.policy.add(id, thread.base);
        self.count += 1;
        thread.serial = Serial(self.count);
        super::trace::name(&thread);
        self.threads[id.0] = Some(thread);
        Ok(id)
    }
}
