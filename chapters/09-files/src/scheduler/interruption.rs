//! Waits that end although nothing has come: because the process is about to end.
//!
//! A thread of the kernel waits for something that will come. One that works for a program may wait
//! for what never does: a key that nobody presses, the end of a process that runs for ever. When
//! its process is to end, such a wait is *interrupted*, the call that it is in fails, and the
//! thread comes by the way on which it can end. Other waits are not: whoever waits for a mutex is
//! in the middle of changing something, and will have it soon.
//!
//! To be interrupted is for good. Whoever is does not wait any more, neither in the wait that it is
//! in nor in the next one; else an interrupt that comes a moment before the wait would be lost.
//!
//! What is there is found all the same: who was woken for something, and interrupted before it
//! could look, takes it. Otherwise it would be lost to the next in the queue, who sleeps.

use core::fmt;
use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;

use super::policy::ThreadId;
use super::thread::Wait;
use super::wait_queue::WaitQueue;
use super::{Scheduler, State, alone, switch, with};
use crate::interrupts::Masked;
use crate::process::Pid;
use crate::timer;

/// What the thread that runs knows of itself, outside of the table: each return to a program asks.
static IS_INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// A wait has ended before what was waited for came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interrupted;

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "interrupted while it waited")
    }
}

impl core::error::Error for Interrupted {}

/// Interrupts all threads of the process `pid` but the thread `except`.
pub fn interrupt(pid: Pid, except: Option<Pid>) {
    let is_meant = |program: super::Program| program.pid == pid && Some(program.tid) != except;
    // None of them runs before all of them know.
    let _masked = Masked::new();
    with(|scheduler| {
        for index in 0..scheduler.threads.len() {
            let Some(thread) = &mut scheduler.threads[index] else { continue };
            if thread.program().is_some_and(is_meant) {
                thread.is_interrupted = true;
                if ThreadId(index) == scheduler.current {
                    note(true);
                }
                if thread.wait != Wait::Firm {
                    scheduler.cut_short(ThreadId(index));
                }
            }
        }
    });
}

/// Whether the thread that runs was interrupted.
pub fn is_interrupted() -> bool {
    IS_INTERRUPTED.load(Ordering::Relaxed)
}

/// Notes whether the thread that runs from now on was interrupted.
pub(super) fn note(is_interrupted: bool) {
    IS_INTERRUPTED.store(is_interrupted, Ordering::Relaxed);
}

/// Waits until the clock shows `deadline`, as [`sleep_until`](super::sleep_until) does, or until it
/// is interrupted.
#[track_caller]
pub fn sleep_until_interrupted(deadline: Duration) -> Result<(), Interrupted> {
    let masked = alone();
    while timer::now() < deadline {
        if is_interrupted() {
            return Err(Interrupted);
        }
        with(|scheduler| {
            let current = scheduler.block_for(Wait::Interruptible, Some(deadline));
            scheduler.add_sleeper(deadline, current);
        });
        switch(&masked);
    }
    Ok(())
}

impl WaitQueue {
    /// Waits until `look` finds something, as [`WaitQueue::wait_until`] does, or until it is
    /// interrupted and there is nothing to be found.
    ///
    /// # Panics
    ///
    /// When interrupts are masked already.
    #[track_caller]
    pub fn wait_until_interrupted<T>(
        &self,
        mut look: impl FnMut() -> Option<T>,
    ) -> Result<T, Interrupted> {
        let masked = alone();
        loop {
            if let Some(found) = look() {
                return Ok(found);
            }
            if is_interrupted() {
                return Err(Interrupted);
            }
            with(|scheduler| {
                let current = scheduler.block_for(Wait::Interruptible, None);
                self.push(scheduler, current);
            });
            switch(&masked);
            // Nobody has taken it out of the queue if it was interrupted.
            with(|scheduler| self.remove(scheduler, scheduler.current));
        }
    }
}

impl Scheduler {
    /// Makes the thread that runs one that waits in such a way, and until `deadline` if there is
    /// one. It must be switched away from at once.
    pub(super) fn block_for(&mut self, wait: Wait, deadline: Option<Duration>) -> ThreadId {
        let state = if deadline.is_some() { State::Sleeping } else { State::Blocked };
        let current = self.block(state);
        self.thread(current).wait = wait;
        current
    }

    /// Wakes a thread whose wait may end like that.
    pub(super) fn cut_short(&mut self, id: ThreadId) {
        if self.thread(id).state == State::Sleeping {
            self.sleepers.retain(|(_, sleeper)| *sleeper != id);
        }
        self.wake(id);
    }
}
