//! The scheduler: who has the processor, who gets it next, and how it goes from one to the other.
//!
//! The *policy* decides, and knows nothing of this kernel. This file keeps the threads, tells the
//! policy what happens to them, and does what it says. The processor changes hands in one place
//! only, `switch.rs`, with interrupts masked. It comes to that in three ways:
//!
//! - a thread gives the processor away: it blocks, sleeps, yields or ends;
//! - an interrupt finds that somebody else should have it, and the trap that it came by does not
//!   return to what was interrupted, for now;
//! - a thread wakes a more urgent one, and stops being [`Masked`].
//!
//! ```text
//!  interrupt ──> tick, wake ──> policy ── Verdict::Switch ──> NEEDED
//!                                                               |
//!  end of the trap, end of the last mask ──> preempt <──────────'
//!  block, sleep_until, yield_now, exit ──────> switch ──> policy.pick ──> switch_context
//! ```
//!
//! Whoever is masked, and so whoever holds a lock, is never switched away from: what it protects is
//! never seen half done, and a lock is never waited for. To give the processor away with a lock
//! held is a bug, and panics.

#[cfg_attr(exercise = "07-inherit", path = "../../../07-scheduler/exercises/2-inherit/mod.rs")]
mod inheritance;
mod interruption;
pub mod mutex;
mod park;
#[cfg_attr(
    any(exercise = "07-aging", exercise = "07-stride"),
    allow(dead_code, reason = "another policy takes its place")
)]
pub mod policy;
mod running;
mod sleep;
mod spawn;
mod switch;
pub mod table;
mod thread;
pub mod trace;
pub mod wait_queue;

#[cfg(feature = "ktest")]
mod tests;

use alloc::vec::Vec;
use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;

pub use interruption::{Interrupted, interrupt, is_interrupted, sleep_until_interrupted};
pub use park::{park, unpark};
pub use running::{current_handle, level, program, set_name, set_program};
pub use sleep::sleep_until;
pub use spawn::{Handle, SpawnError, spawn, spawn_program};
pub use thread::{Program, Serial, State, Work};

use crate::arch;
use crate::interrupts::Masked;
use crate::process::{Name, Pid};
use crate::sync::Lock;
use crate::timer;
use policy::feedback::Feedback;
use policy::{Level, Policy, ThreadId, Verdict};
use switch::{bury, switch};
use thread::{Thread, Wait};
use trace::Event;
use wait_queue::WaitQueue;

/// Protects all threads. While it is held, the trace may be locked, the ends of a queue and the
/// owner of a mutex.
static SCHEDULER: Lock<Option<Scheduler>> = Lock::new(None);

/// Whether somebody else should have the processor.
static NEEDED: AtomicBool = AtomicBool::new(false);

/// Those who wait for any interrupt.
static INTERRUPTED: WaitQueue = WaitQueue::new();

/// All threads, and who has the processor.
struct Scheduler {
    policy: Feedback,
    /// The places of threads, by [`ThreadId`].
    threads: Vec<Option<Thread>>,
    /// Who has the processor.
    current: ThreadId,
    /// Who gets it when nobody wants it. The policy does not know of this one.
    idle: ThreadId,
    /// Who sleeps until when, the first to wake last. It has room for all threads.
    sleepers: Vec<(Duration, ThreadId)>,
    /// Who has ended, on whose stack the switch away from it is still to be done.
    ended: Option<ThreadId>,
    /// How many threads there ever were.
    count: u64,
}

/// Makes what runs the first thread, called `main`, and makes one that idles. From here on there
/// may be others.
///
/// # Panics
///
/// When there is no memory for them, or when it is called twice.
pub fn init() {
    let mut scheduler = Scheduler {
        policy: Feedback::new(),
        threads: Vec::new(),
        current: ThreadId(0),
        idle: ThreadId(0),
        sleepers: Vec::new(),
        ended: None,
        count: 0,
    };
    let main = Thread::new(Name::new("main"), Level::Normal, Work::Boot, None);
    let main = scheduler.add(main).unwrap_or_else(|error| panic!("no thread: {error}"));
    scheduler.wake(main);
    scheduler.policy.pick();
    scheduler.thread(main).state = State::Running;
    let replaced = SCHEDULER.lock().replace(scheduler);
    assert!(replaced.is_none(), "threads exist already");
    spawn::spawn_idle(idle).unwrap_or_else(|error| panic!("no thread that idles: {error}"));
}

/// Waits for interrupts: what the processor does when nobody wants it.
fn idle(_: usize) {
    let masked = Masked::new();
    loop {
        arch::wait_for_interrupt();
        if NEEDED.swap(false, Ordering::Relaxed) {
            switch(&masked);
        }
    }
}

/// Charges a tick to who has the processor, and wakes who has slept enough: the timer's interrupt.
pub fn tick() {
    let now = timer::now();
    with(|scheduler| {
        trace::record(now, Event::Tick(scheduler.serial(scheduler.current)));
        let verdict = scheduler.policy.tick();
        scheduler.heed(verdict);
        scheduler.wake_sleepers(now);
    });
}

/// Wakes those who wait for any interrupt.
pub fn interrupt_came() {
    INTERRUPTED.wake_all();
}

/// Waits for an interrupt. Before there are threads, the processor does.
pub fn wait_for_interrupt(masked: &Masked) {
    let is_idle = with(|scheduler| scheduler.current == scheduler.idle).unwrap_or(true);
    if is_idle {
        arch::wait_for_interrupt();
    } else {
        INTERRUPTED.wait(masked);
    }
}

/// Lets others of the same level have the processor first.
#[track_caller]
pub fn yield_now() {
    let masked = alone();
    let verdict = with(|scheduler| scheduler.policy.yield_now());
    if verdict == Some(Verdict::Switch) {
        switch(&masked);
    }
}

/// Gives the processor away if somebody else should have it. Called wherever that may be: at the
/// end of an interrupt, and when the last [`Masked`] goes.
pub fn preempt() {
    if NEEDED.load(Ordering::Relaxed) {
        let masked = Masked::new();
        if masked.is_only_one() {
            NEEDED.store(false, Ordering::Relaxed);
            switch(&masked);
        }
    }
}

/// Ends the thread that runs. Who is woken under `masked` runs when it is gone.
pub fn exit(masked: Masked) -> ! {
    with(|scheduler| {
        let current = scheduler.current;
        assert!(scheduler.ended.replace(current).is_none(), "one thread ends at a time");
        trace::record(timer::now(), Event::End(scheduler.serial(current)));
        scheduler.thread(current).state = State::Terminated;
        scheduler.policy.remove(current);
    });
    spawn::ENDED.wake_all();
    switch(&masked);
    unreachable!("a thread that has ended does not run")
}

/// The name of the thread that runs, and the process that it runs for.
pub fn current() -> Option<(Name, Option<Pid>)> {
    with(|scheduler| {
        let thread = scheduler.thread(scheduler.current);
        (thread.name, thread.program().map(|program| program.pid))
    })
}

/// What the thread that runs is to do.
fn current_work() -> Work {
    let work = with(|scheduler| scheduler.thread(scheduler.current).work);
    work.expect("threads begin when there are threads")
}

/// The right not to be interrupted, for somebody who is about to give the processor away.
///
/// # Panics
///
/// When interrupts are masked already: a lock may be held.
#[track_caller]
fn alone() -> Masked {
    let masked = Masked::new();
    assert!(masked.is_alone(), "nobody may wait while interrupts are masked");
    masked
}

/// Lets `act` have the threads, if there are any yet.
fn with<T>(act: impl FnOnce(&mut Scheduler) -> T) -> Option<T> {
    SCHEDULER.lock().as_mut().map(act)
}

impl Scheduler {
    /// Makes a blocked thread ready.
    fn wake(&mut self, id: ThreadId) {
        let thread = self.thread(id);
        thread.state = State::Ready;
        thread.waits_for = None;
        thread.wait = Wait::Firm;
        trace::record(timer::now(), Event::Wake(self.serial(id)));
        let verdict = self.policy.wake(id);
        self.heed(verdict);
    }

    /// Makes the thread that runs one that waits. It must be switched away from at once.
    fn block(&mut self, state: State) -> ThreadId {
        let current = self.current;
        assert_ne!(current, self.idle, "the thread that idles has nothing to wait for");
        self.thread(current).state = state;
        trace::record(timer::now(), Event::Block(self.serial(current)));
        self.policy.block(current);
        current
    }

    /// Remembers what the policy wants.
    fn heed(&mut self, verdict: Verdict) {
        if verdict == Verdict::Switch {
            NEEDED.store(true, Ordering::Relaxed);
        }
    }

    fn thread(&mut self, id: ThreadId) -> &mut Thread {
        self.threads[id.0].as_mut().expect("whoever has its number knows that it exists")
    }

    fn serial(&mut self, id: ThreadId) -> Serial {
        self.thread(id).serial
    }
}
