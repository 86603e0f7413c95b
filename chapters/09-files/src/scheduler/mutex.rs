//! A lock that is waited for.
//!
//! A [`Lock`] masks interrupts, so it is for a few instructions. What takes longer, or may itself
//! wait, is protected by a mutex: who finds it taken sleeps, and others run.
//!
//! Whoever waits lends its urgency meanwhile to whoever it waits for: `inheritance.rs`.
//!
//! When it is let go it is handed to the most urgent who waits, at once. Were it only made free,
//! who let go could take it again before anybody else had run.

use core::cell::UnsafeCell;
use core::ops::{Deref, DerefMut};

use super::policy::ThreadId;
use super::{alone, switch, with};
use crate::interrupts::Masked;
use crate::sync::Lock;

/// A value that one thread at a time may use, for as long as it takes.
pub struct Mutex<T> {
    /// Who holds it. It is locked by those who have the threads locked already.
    owner: Lock<Owner>,
    value: UnsafeCell<T>,
}

/// Who holds a mutex.
struct Owner {
    holder: Option<ThreadId>,
    /// Whether others may be waiting. Where nobody is, to let go costs no look at all threads.
    is_wanted: bool,
}

// SAFETY: `lock` gives out one `Guard` at a time: the value is never reached from two threads at
// once.
unsafe impl<T: Send> Sync for Mutex<T> {}

impl<T> Mutex<T> {
    /// Makes a mutex that is free.
    pub const fn new(value: T) -> Self {
        let owner = Owner { holder: None, is_wanted: false };
        Self { owner: Lock::new(owner), value: UnsafeCell::new(value) }
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
            let Some(holder) = owner.holder else {
                owner.holder = Some(current);
                return false;
            };
            assert_ne!(holder, current, "deadlock: this thread holds the mutex already");
            owner.is_wanted = true;
            scheduler.wait_for(holder, self.key());
            true
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
            let mut owner = self.owner.lock();
            owner.holder = None;
            if owner.is_wanted {
                let heir = scheduler.heir(self.key());
                *owner = Owner { holder: heir, is_wanted: heir.is_some() };
                scheduler.hand_over(self.key(), heir);
            }
        });
    }

    /// What tells it from other mutexes.
    fn key(&self) -> usize {
        &raw const self.owner as usize
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
