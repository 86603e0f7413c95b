//! A lock that is waited for.
//!
//! A [`Lock`](crate::sync::Lock) masks interrupts, so it is for a few instructions. What takes
//! longer, or may itself wait, is protected by a mutex: who finds it taken sleeps, and others run.
//!
//! That brings a danger of its own. A thread of low level holds the mutex; an urgent one waits for
//! it; and a third, in between, has the processor for as long as it likes. So the urgent one waits
//! for the one in between, which holds nothing: *priority inversion*. The cure is *inheritance*:
//! whoever holds what others wait for stands at the level of the most urgent of them, until it lets
//! go; and so does whoever that one waits for, and so on.
//!
//! When it is let go it is handed to the most urgent who waits, at once. Were it only made free,
//! who let go could take it again before anybody else had run.

use core::cell::UnsafeCell;
use core::ops::{Deref, DerefMut};
use core::time::Duration;

use super::policy::{Level, Policy, ThreadId};
use super::{Scheduler, State, alone, switch, with};
use crate::interrupts::Masked;
use crate::sync::Lock;

/// A value that one thread at a time may use, for as long as it takes.
pub struct Mutex<T> {
    /// Protects who holds it. Nothing else may be locked while it is held but the scheduler.
    owner: Lock<Option<ThreadId>>,
    value: UnsafeCell<T>,
}

// SAFETY: `lock` gives out one `Guard` at a time: the value is never reached from two threads at
// once.
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
        self.inherit(holder);
    }

    /// The most urgent of those who wait for the mutex `key`; of equals, the one that has waited
    /// longest.
    fn heir(&self, key: usize) -> Option<ThreadId> {
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
    fn hand_over(&mut self, key: usize, heir: Option<ThreadId>) {
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
