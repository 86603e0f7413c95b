//! Moments at which another thread may come, one by one.
//!
//! A thread is interrupted between two instructions, and whoever is more urgent runs in between:
//! seldom here, seldom there. To try all places it is enough to try the end of each stretch in
//! which interrupts are masked. What others see of a thread is changed there, or behind a mutex,
//! so nothing else makes a difference. The stretches of a thread are counted, and at the end of one
//! of them somebody is woken: so each case is made on purpose, and comes in each run.

use core::sync::atomic::{AtomicUsize, Ordering};

use crate::scheduler::wait_queue::WaitQueue;
use crate::scheduler::{self, Handle};
use crate::sync::Lock;

/// How many more moments pass before somebody is woken.
static LEFT: AtomicUsize = AtomicUsize::new(NEVER);

const NEVER: usize = usize::MAX;

/// Whose moments are counted.
static WATCHED: Lock<Option<Handle>> = Lock::new(None);

/// Whoever is to be woken, and whether it was.
static COMES: WaitQueue = WaitQueue::new();
static HAS_COME: Lock<bool> = Lock::new(false);

/// Counts the moments of the thread that runs from here on. At number `count`, those who wait by
/// [`wait`] are woken.
pub fn watch(count: usize) {
    *WATCHED.lock() = Some(scheduler::current_handle());
    LEFT.store(count, Ordering::Relaxed);
}

/// Ends that. Whoever waits still is woken now; whether there was somebody.
pub fn end() -> bool {
    let is_late = LEFT.swap(NEVER, Ordering::Relaxed) != NEVER;
    if is_late {
        come();
    }
    is_late
}

/// Waits for the moment.
pub fn wait() {
    COMES.wait_until(|| core::mem::take(&mut *HAS_COME.lock()).then_some(()));
}

/// Notes a moment: interrupts are unmasked again.
pub fn pass() {
    // What is asked here is masked itself, and does not count.
    let left = LEFT.swap(NEVER, Ordering::Relaxed);
    if left == NEVER {
        return;
    }
    if *WATCHED.lock() != Some(scheduler::current_handle()) {
        LEFT.store(left, Ordering::Relaxed);
    } else if let Some(less) = left.checked_sub(1) {
        LEFT.store(less, Ordering::Relaxed);
    } else {
        come();
    }
}

fn come() {
    *HAS_COME.lock() = true;
    COMES.wake_all();
}
