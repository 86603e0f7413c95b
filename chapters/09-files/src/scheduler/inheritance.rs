//! Priority inheritance: whoever holds what others wait for is as urgent as they are.
//!
//! A thread of low level holds a mutex; an urgent one waits for it; and a third one, in between,
//! has the processor for as long as it likes. So the urgent one waits for the one in between,
//! which holds nothing: *priority inversion*. The cure is *inheritance*: whoever holds what others
//! wait for stands at the level of the most urgent of them, until it lets go; and so does whoever
//! that one waits for, and so on.

use core::time::Duration;

use super::policy::{Level, Policy, ThreadId};
use super::{Scheduler, State};

impl Scheduler {
    /// Makes the thread that runs wait for `holder` to let go of the mutex `key`.
    pub(super) fn wait_for(&mut self, holder: ThreadId, key: usize) {
        let current = self.block(State::Blocked);
        self.thread(current).waits_for = Some((holder, key));
        self.inherit(holder);
    }

    /// The most urgent of those who wait for the mutex `key`; of equals, the one that has waited
    /// longest.
    pub(super) fn heir(&self, key: usize) -> Option<ThreadId> {
        let mut heir: Option<(ThreadId, Level, Duration)> = None;
        for (id, _) in self.waiting(|_, wanted| wanted == key) {
            let turn = self.threads[id.0].as_ref().map_or(Duration::ZERO, |thread| thread.since);
            let level = self.policy.level(id);
            if heir.is_none_or(|(_, best, first)| level > best || level == best && turn < first) {
                heir = Some((id, level, turn));
            }
        }
        heir.map(|(id, ..)| id)
    }

    /// Makes `heir`, who is woken, the one whom all others wait for who wait for the mutex `key`.
    pub(super) fn hand_over(&mut self, key: usize, heir: Option<ThreadId>) {
        let former = self.current;
        if let Some(heir) = heir {
            for thread in self.threads.iter_mut().flatten() {
                if thread.waits_for.is_some_and(|(_, wanted)| wanted == key) {
                    thread.waits_for = Some((heir, key));
                }
            }
            self.wake(heir);
            self.inherit(heir);
        }
        self.inherit(former);
    }

    /// Lends `holder` the level of the most urgent who waits for it, and so on along the chain.
    fn inherit(&mut self, holder: ThreadId) {
        let mut next = Some(holder);
        // A chain is no longer than there are threads; a longer one is a circle, a deadlock.
        for _ in 0..self.threads.len() {
            let Some(id) = next else { return };
            let levels =
                self.waiting(|holder, _| holder == id).map(|(id, _)| self.policy.level(id));
            let floor = levels.max().unwrap_or(Level::Idle);
            let verdict = self.policy.lend(id, floor);
            self.heed(verdict);
            next = self.thread(id).waits_for.map(|(holder, _)| holder);
        }
    }

    /// The threads that wait for a mutex and are such that `which` says so of the holder and the
    /// mutex.
    fn waiting(
        &self,
        which: impl Fn(ThreadId, usize) -> bool,
    ) -> impl Iterator<Item = (ThreadId, usize)> {
        self.threads.iter().enumerate().filter_map(move |(index, thread)| {
            let (holder, key) = thread.as_ref()?.waits_for?;
            which(holder, key).then_some((ThreadId(index), key))
        })
    }
}
