//! The lock around everything that is shared.
//!
//! One processor runs this kernel, and nothing interrupts it while a lock is held: the guard masks
//! interrupts. So a lock that is found taken was taken by the very code that asks again. Waiting
//! would be waiting for ever; [`Lock::lock`] panics instead and says so.
//!
//! For the same reason the flag is read and written by a plain load and store and not by an atomic
//! exchange: nothing can come between the two. On aarch64 it could not be an exchange yet. With the
//! MMU off all memory is Device memory, and there hardware need not support the exclusive accesses
//! that an exchange is made of. (Arm ARM DDI 0487, B2.)

use core::cell::UnsafeCell;
use core::marker::PhantomData;
use core::ops::{Deref, DerefMut};
use core::sync::atomic::{AtomicBool, Ordering};

use crate::interrupts::Masked;

/// A value that one user at a time may touch.
pub struct Lock<T> {
    is_taken: AtomicBool,
    value: UnsafeCell<T>,
}

// SAFETY: alone; so `lock` gives out one `Guard` at a time, and the value is never reached from two
// places at once.
unsafe impl<T: Send> Sync for Lock<T> {}

impl<T> Lock<T> {
    /// Makes a lock that is free.
    pub const fn new(value: T) -> Self {
        Self { is_taken: AtomicBool::new(false), value: UnsafeCell::new(value) }
    }

    /// Takes the lock until the guard is dropped.
    ///
    /// # Panics
    ///
    /// When the lock is taken already.
    #[track_caller]
    pub fn lock(&self) -> Guard<'_, T> {
        // First of all: what interrupts between the check and the store would find the lock free.
        let masked = Masked::new();
        assert!(!self.is_taken.load(Ordering::Acquire), "deadlock: this lock is already taken");
        self.is_taken.store(true, Ordering::Relaxed);
        Guard { lock: self, value: PhantomData, _masked: masked }
    }

    /// Frees the lock whoever holds it.
    ///
    /// # Safety
    ///
    /// The code that holds the guard never runs again, and left the value usable.
    pub unsafe fn force_unlock(&self) {
        if self.is_taken.load(Ordering::Relaxed) {
            self.is_taken.store(false, Ordering::Release);
            // SAFETY: the guard that never is dropped has one.
            unsafe { Masked::abandon() };
        }
    }
}

/// The right to use a lock's value; dropping it frees the lock.
pub struct Guard<'a, T> {
    lock: &'a Lock<T>,
    /// The guard may go to another thread if `&mut T` may.
    value: PhantomData<&'a mut T>,
    /// Dropped behind the lock: interrupts come when it is free.
    _masked: Masked,
}

impl<T> Deref for Guard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: this guard is the only one, as `Lock::lock` saw to.
        unsafe { &*self.lock.value.get() }
    }
}

impl<T> DerefMut for Guard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: this guard is the only one, as `Lock::lock` saw to.
        unsafe { &mut *self.lock.value.get() }
    }
}

impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        self.lock.is_taken.store(false, Ordering::Release);
    }
}

#[cfg(feature = "ktest")]
mod tests {
    use super::Lock;

    ktest::test! {
        /// What one holder writes, the next one reads.
        fn value_outlives_the_guard() {
            let lock = Lock::new(1);
            *lock.lock() = 2;
            assert_eq!(*lock.lock(), 2);
        }

        /// Taking a taken lock is a deadlock, and is called one.
        #[must_die("deadlock: this lock is already taken")]
        fn second_lock_is_a_deadlock() {
            let lock = Lock::new(());
            let _first = lock.lock();
            let _second = lock.lock();
        }

        /// A lock that is forced can be taken.
        fn forced_lock_is_free() {
            let lock = Lock::new(());
            core::mem::forget(lock.lock());
            // SAFETY: the only guard is forgotten, and the value is `()`.
            unsafe { lock.force_unlock() };
            drop(lock.lock());
        }
    }
}
