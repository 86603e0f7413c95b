//! What happens to a signal: how it is sent, and when it is due.

use super::{Action, Number, Set, Signals, Stack, Target, Thread, Usual};
use crate::process::Pid;
use crate::process::signal::Signal;

impl Signals {
    /// What is to be done with `number`.
    pub fn action(&self, number: Number) -> Action {
        self.actions[number.index()]
    }

    /// Says what is to be done with `number` from now on. If that is nothing, what is pending of it
    /// goes.
    pub fn set_action(&mut self, number: Number, action: Action) {
        let flags = action.flags & Action::FLAGS;
        let mask = action.mask.without(Set::ABSOLUTE);
        self.actions[number.index()] = Action { flags, mask, ..action };
        if self.is_ignored(number) {
            self.forget(number);
        }
    }

    /// Whether nothing is done about `number`, because the program wants that or because it is
    /// usual.
    pub fn is_ignored(&self, number: Number) -> bool {
        match self.action(number).handler {
            0 => number.usual() == Usual::Nothing,
            handler => handler == Action::IGNORE,
        }
    }

    /// Whether the program has not said what is to be done with `number`.
    pub fn is_usual(&self, number: Number) -> bool {
        self.action(number).handler == 0
    }

    /// What the thread `tid` has blocked.
    pub fn blocked(&self, tid: Pid) -> Set {
        self.thread(tid).blocked
    }

    /// Says what the thread `tid` has blocked from now on.
    pub fn set_blocked(&mut self, tid: Pid, blocked: Set) {
        self.thread_mut(tid).blocked = blocked.without(Set::ABSOLUTE);
    }

    /// What waits to be let through by the thread `tid`.
    pub fn pending(&self, tid: Pid) -> Set {
        let thread = self.thread(tid);
        let all = self.pending.and(thread.pending);
        all.without(all.without(thread.blocked))
    }

    /// The other stack of the thread `tid`.
    pub fn stack(&self, tid: Pid) -> Stack {
        self.thread(tid).stack
    }

    /// Gives the thread `tid` another other stack.
    pub fn set_stack(&mut self, tid: Pid, stack: Stack) {
        self.thread_mut(tid).stack = stack;
    }

    /// Sends `number` to `target`. What comes of it, says [`due`](Self::due).
    pub fn send(&mut self, target: Target, number: Number) {
        let is_blocked = match target {
            Target::Process => self.threads.iter().all(|thread| thread.blocked.has(number)),
            Target::Thread(tid) => self.thread(tid).blocked.has(number),
        };
        if self.is_ignored(number) && !is_blocked {
            return;
        }
        let pending = match target {
            Target::Process => &mut self.pending,
            Target::Thread(tid) => &mut self.thread_mut(tid).pending,
        };
        *pending = pending.with(number);
    }

    /// Lets through what is pending and not blocked any more: the signal that ends the process, if
    /// one does.
    pub fn due(&mut self) -> Option<Signal> {
        let Self { actions, pending, threads } = self;
        for thread in threads {
            let due = pending.and(thread.pending).without(thread.blocked);
            *pending = pending.without(due);
            thread.pending = thread.pending.without(due);
            let mut usual = due.numbers().filter(|number| actions[number.index()].handler == 0);
            let ends = usual.find_map(|number| match number.usual() {
                Usual::End(signal) => Some(signal),
                Usual::Nothing => None,
            });
            if ends.is_some() {
                return ends;
            }
        }
        None
    }

    /// Forgets what is pending of `number`.
    fn forget(&mut self, number: Number) {
        let gone = Set::NONE.with(number);
        self.pending = self.pending.without(gone);
        for thread in &mut self.threads {
            thread.pending = thread.pending.without(gone);
        }
    }

    pub(super) fn thread(&self, tid: Pid) -> &Thread {
        let thread = self.threads.iter().find(|thread| thread.tid == tid);
        thread.expect("each thread is noted before it runs")
    }

    fn thread_mut(&mut self, tid: Pid) -> &mut Thread {
        let thread = self.threads.iter_mut().find(|thread| thread.tid == tid);
        thread.expect("each thread is noted before it runs")
    }
}
