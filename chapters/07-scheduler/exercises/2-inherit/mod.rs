//! The mutex of the chapter, with inheritance taken out: the kernel takes it for its own.
//!
//! Given, not to be written. What is to be done when somebody begins to wait, and when somebody
//! lets go, stands in `inherit.rs`.
//!
//! ```text
//!  lock, unlock ──> who holds it? ──> inherit.rs ── Threads ──> scheduler, policy
//! ```

use core::cell::UnsafeCell;
use core::ops::{Deref, DerefMut};

use super::policy::{Level, Policy, ThreadId};
use super::{Scheduler, State, alone, switch, with};
use crate::interrupts::Masked;
use crate::sync::Lock;
use waits::{Threads, Wait};

#[forbid(unsafe_code)]
#[allow(dead_code, unused_variables, reason = "until its holes are filled")]
mod inherit;
#[cfg(feature = "ktest")]
mod tests;
#[allow(dead_code, reason = "some of it is unused until the holes are filled")]
mod waits;

/// A value that one thread at a time may use, for as long as it takes.
pub struct Mutex<T> {
    /// Protects who holds it. Nothing else may be locked while it is held but the scheduler.
    owner: Lock<Option<ThreadId>>,
    value: UnsafeCell<T>,
}

// SAFETY: `lock` gives out one `Guard` at a time, and the value is never reached from two threads
// at once.
unsafe impl<T: Send> Sync for Mutex<T> {}

impl<T> Mutex<T> {
    /// Makes a mutex that is free.
    pub const fn new(value: T) -> Self {
        Self { owner: Lock::new(None), value: UnsafeCell::new(value) }
    }

    /// Takes the mutex until the guard is dropped; waits for it if need be.
    ///
    /// # Panics
    ///
    /// When interrupts are masked, and when the thread holds it already.
    #[track_caller]
    pub fn lock(&self) -> Guard<'_, T> {
        let masked = alone();
        let must_wait = with(|scheduler| {
            let mut owner = self.owner.lock();
            let current = scheduler.current;
            assert_ne!(*owner, Some(current), "deadlock: this thread holds the mutex already");
            match *owner {
                None => *owner = Some(current),
                Some(holder) => scheduler.wait_for(holder, self.key()),
            }
            *owner != Some(current)
        });
        if must_wait == Some(true) {
            // It is ours when somebody wakes us.
            switch(&masked);
        }
        Guard { mutex: self }
    }

    /// Hands the mutex to the most urgent of those who wait for it, or makes it free.
    fn unlock(&self) {
        let _masked = Masked::new();
        with(|scheduler| {
            let heir = scheduler.heir(self.key());
            *self.owner.lock() = heir;
            scheduler.hand_over(self.key(), heir);
        });
    }

    /// What tells it from other mutexes.
    fn key(&self) -> usize {
        &raw const self.owner as usize
    }
}

impl Scheduler {
    /// Makes the thread that runs wait for `holder` to let go of the mutex `key`.
    fn wait_for(&mut self, holder: ThreadId, key: usize) {
        let current = self.block(State::Blocked);
        self.thread(current).waits_for = Some((holder, key));
        inherit::begin_to_wait(self, holder);
    }

    /// Who gets the mutex `key`.
    fn heir(&self, key: usize) -> Option<ThreadId> {
        inherit::heir(self.waits(), key)
    }

    /// Makes `heir`, who is woken, the one whom all others wait for who wait for the mutex `key`.
    fn hand_over(&mut self, key: usize, heir: Option<ThreadId>) {
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

/// The right to use the value of a [`Mutex`].
#[must_use = "the mutex is free again as soon as this is dropped"]
pub struct Guard<'a, T> {
    mutex: &'a Mutex<T>,
}

impl<T> Deref for Guard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: there is one guard at a time.
        unsafe { &*self.mutex.value.get() }
    }
}

impl<T> DerefMut for Guard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: there is one guard at a time.
        unsafe { &mut *self.mutex.value.get() }
    }
}

impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        self.mutex.unlock();
    }
}
