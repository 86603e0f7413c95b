//! Memory that is refused on purpose: the only way to try what happens when there is none at a
//! certain point.
//!
//! A frame that is asked for and a block of the heap count as one each. Which one is to fail is
//! said by a number, so whoever tries all numbers in turn has tried all points.

use core::sync::atomic::{AtomicUsize, Ordering};

/// How many more are given out before one is refused.
static LEFT: AtomicUsize = AtomicUsize::new(NEVER);

const NEVER: usize = usize::MAX;

/// Whether what is asked for now is refused. Afterwards nothing is.
pub fn strikes() -> bool {
    match LEFT.load(Ordering::Relaxed) {
        NEVER => false,
        left => {
            LEFT.store(left.checked_sub(1).unwrap_or(NEVER), Ordering::Relaxed);
            left == 0
        }
    }
}

/// Calls `act`, in which `count` frames and blocks are given out and the next one is refused. Says
/// whether it came to that.
pub fn fail_at<T>(count: usize, act: impl FnOnce() -> T) -> (T, bool) {
    LEFT.store(count, Ordering::Relaxed);
    let result = act();
    (result, LEFT.swap(NEVER, Ordering::Relaxed) == NEVER)
}
