//! The switch: from the thread that has the processor to the one that the policy picks.
//!
//! A thread that loses the processor does not notice. It called [`switch`], perhaps from within a
//! trap that it did not ask for; `switch_context` put its registers onto its stack and took up
//! another stack, and somebody else went on there. When `switch` returns, it is the same thread
//! again, however many have run meanwhile.
//!
//! Registers that only programs use are saved and loaded with every switch from and to a program,
//! whether it uses them or not (*eager*). One can leave them where they are and take a trap when
//! another program touches them (*lazy*); that saves some hundred bytes of copying for programs
//! that do not, and costs a trap for those that do, which today is all that use a C library. And
//! processors have been found that compute with the registers of somebody else before they trap.

use core::time::Duration;

use super::policy::{Level, Policy, ThreadId};
use super::thread::{State, Thread};
use super::trace::{self, Event};
use super::{Scheduler, with};
use crate::arch::{self, Context};
use crate::interrupts::Masked;
use crate::timer;

/// Gives the processor to whom the policy picks. It returns when this thread has it again.
pub(super) fn switch(masked: &Masked) {
    let turn = with(Scheduler::turn).flatten();
    if let Some((from, to)) = turn {
        // SAFETY: interrupts are masked; `turn` took the context from a thread that does not run,
        // and left the place for this one's, which stays until it runs again.
        masked.across(|| unsafe { arch::switch_context(from, to) });
    }
    bury();
}

/// Gives back what the thread had that ended on the way here.
pub(super) fn bury() {
    let ended = with(Scheduler::take_ended).flatten();
    // Not before the lock is free: a stack that is given back takes others.
    drop(ended);
}

impl Scheduler {
    /// Picks who is next, and makes everything ready for that thread but the stack: its address
    /// space, its registers that are for programs only, the clock that counts its time. The result
    /// is where to note what runs, and where to go on; nothing, if the same goes on.
    fn turn(&mut self) -> Option<(*mut Context, Context)> {
        let (old, new) = (self.current, self.policy.pick().unwrap_or(self.idle));
        if old == new {
            return None;
        }
        let now = timer::now();
        trace::record(now, Event::Switch(self.serial(old), self.serial(new)));
        self.leave(old, now);
        self.enter(new, now);
        let to = self.thread(new).context;
        Some((&raw mut self.thread(old).context, to))
    }

    /// Keeps what belongs to the thread that loses the processor.
    fn leave(&mut self, id: ThreadId, now: Duration) {
        let thread = self.thread(id);
        thread.used += now - thread.since;
        if thread.state == State::Running {
            thread.state = State::Ready;
        }
        if thread.program().is_some() {
            thread.user.save();
        }
    }

    /// Makes the processor that of the thread that gets it.
    fn enter(&mut self, id: ThreadId, now: Duration) {
        self.current = id;
        self.show_level(id, now);
        let thread = self.thread(id);
        thread.since = now;
        thread.switches += 1;
        thread.state = State::Running;
        super::interruption::note(thread.is_interrupted);
        let Some(program) = thread.program() else { return };
        thread.user.load();
        let stack = thread.stack.as_ref().expect("only the first thread has none of its own");
        arch::set_kernel_stack(stack.range().end);
        if arch::root_page_table() != program.root {
            // SAFETY: the process has its address space for as long as it has threads.
            unsafe { arch::switch_page_table(program.root) };
        }
    }

    /// Notes where a thread stands, if that is not known.
    fn show_level(&mut self, id: ThreadId, now: Duration) {
        let level = if id == self.idle { Level::Idle } else { self.policy.level(id) };
        let thread = self.thread(id);
        if thread.shown != level {
            thread.shown = level;
            trace::record(now, Event::Level(thread.serial, level));
        }
    }

    /// Notes where all threads stand, as if nothing but where they began were known.
    pub(super) fn show_levels(&mut self) {
        let now = timer::now();
        for index in 0..self.threads.len() {
            if let Some(thread) = &mut self.threads[index] {
                thread.shown = thread.base;
                self.show_level(ThreadId(index), now);
            }
        }
    }

    /// The thread that has ended, to be dropped on another stack than its own.
    fn take_ended(&mut self) -> Option<Thread> {
        let ended = self.ended.take_if(|ended| *ended != self.current)?;
        self.threads[ended.0].take()
    }
}
