//! Waiting for a number in memory to change, and a mutex made of it.
//!
//! A futex is any aligned word of 32 bits. A thread that finds the wrong number there asks the
//! kernel to sleep while it is that number; who changes it wakes the sleepers. The kernel looks at
//! the number and puts the thread to sleep in one step, so a change in between is not missed. As
//! long as nobody has to wait, the kernel is not asked at all. (futex(2).)

use core::cell::UnsafeCell;
use core::ops::{Deref, DerefMut};
use core::sync::atomic::{AtomicU32, Ordering};

use linux_raw_sys::general;

use crate::syscall::{Errno, call};

/// Sleeps while `word` is `number`, until somebody wakes this thread.
///
/// `Err(EAGAIN)`: it was another number. That it comes back says nothing about the number.
pub fn wait(word: &AtomicU32, number: u32) -> Result<(), Errno> {
    let operation = general::FUTEX_WAIT as usize;
    // SAFETY: the kernel only reads the word.
    unsafe {
        call(general::__NR_futex, [word.as_ptr() as usize, operation, number as usize, 0, 0, 0])
    }?;
    Ok(())
}

/// Wakes at most `count` of those that sleep because of `word`; says how many those were.
pub fn wake(word: &AtomicU32, count: u32) -> Result<usize, Errno> {
    let operation = general::FUTEX_WAKE as usize;
    // SAFETY: the kernel takes the word's address as a name, and does not touch it.
    unsafe {
        call(general::__NR_futex, [word.as_ptr() as usize, operation, count as usize, 0, 0, 0])
    }
}

/// Nobody holds the mutex.
const FREE: u32 = 0;
/// Somebody holds it.
const HELD: u32 = 1;
/// Somebody holds it, and others may sleep until it is free.
const AWAITED: u32 = 2;

/// A value that one thread has at a time. Who holds it must not take it again.
pub struct Mutex<T> {
    state: AtomicU32,
    value: UnsafeCell<T>,
}

// SAFETY: `state` lets one thread at a time at the value, and it may go from one to another.
unsafe impl<T: Send> Sync for Mutex<T> {}

impl<T> Mutex<T> {
    /// A mutex that nobody holds.
    pub const fn new(value: T) -> Self {
        Self { state: AtomicU32::new(FREE), value: UnsafeCell::new(value) }
    }

    /// Waits until nobody holds the mutex, and takes it.
    pub fn lock(&self) -> Guard<'_, T> {
        let taken = self.state.compare_exchange(FREE, HELD, Ordering::Acquire, Ordering::Relaxed);
        if taken.is_err() {
            // Who has slept cannot know whether others still sleep, and says that they do.
            while self.state.swap(AWAITED, Ordering::Acquire) != FREE {
                // It came back, for whatever reason: that is all that matters.
                let _ = wait(&self.state, AWAITED);
            }
        }
        Guard { mutex: self }
    }
}

/// The right to a mutex's value.
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
        // SAFETY: there is one guard at a time, and it is lent out as one that changes.
        unsafe { &mut *self.mutex.value.get() }
    }
}

impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        if self.mutex.state.swap(FREE, Ordering::Release) == AWAITED {
            // A wake that fails would be about an address that is not ours.
            let _ = wake(&self.mutex.state, 1);
        }
    }
}
