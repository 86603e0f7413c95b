//! What the mutex asks of the scheduler, without inheritance: the kernel takes it for its own.
//!
//! Given, not to be written. What is to be done when somebody begins to wait, and when somebody
//! lets go, stands in `inherit.rs`.
//!
//! ```text
//!  mutex.rs ── wait_for, heir, hand_over ──> inherit.rs ── Threads ──> scheduler, policy
//! ```

use super::policy::{Level, Policy, ThreadId};
use super::{Scheduler, State};
use waits::{Threads, Wait};

#[forbid(unsafe_code)]
#[allow(dead_code, unused_variables, reason = "until its holes are filled")]
mod inherit;
#[cfg(feature = "ktest")]
mod tests;
#[allow(dead_code, reason = "some of it is unused until the holes are filled")]
mod waits;

impl Scheduler {
    /// Makes the thread that runs wait for `holder` to let go of the mutex `key`.
    pub(super) fn wait_for(&mut self, holder: ThreadId, key: usize) {
        let current = self.block(State::Blocked);
        self.thread(current).waits_for = Some((holder, key));
        inherit::begin_to_wait(self, holder);
    }

    /// Who gets the mutex `key`.
    pub(super) fn heir(&self, key: usize) -> Option<ThreadId> {
        inherit::heir(self.waits(), key)
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
        }
        inherit::let_go(self, former, heir);
    }
}

impl Threads for Scheduler {
    fn waits(&self) -> impl Iterator<Item = Wait> {
        self.threads.iter().enumerate().filter_map(move |(index, thread)| {
            let thread = thread.as_ref()?;
            let (holder, key) = thread.waits_for?;
            let level = self.policy.level(ThreadId(index));
            Some(Wait { waiter: ThreadId(index), holder, key, level, since: thread.since })
        })
    }

    fn lend(&mut self, id: ThreadId, floor: Level) {
        let verdict = self.policy.lend(id, floor);
        self.heed(verdict);
    }
}
