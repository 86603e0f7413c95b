//! Which allocation fails.
//!
//! Given, not to be written.

use core::sync::atomic::{AtomicUsize, Ordering};

/// No allocation fails.
const NEVER: usize = usize::MAX;

/// How many allocations succeed before the one that fails.
static BEFORE: AtomicUsize = AtomicUsize::new(NEVER);

/// Does `act`, in which one allocation fails: the one that comes after `before` others. Says what
/// `act` returned, and whether it came so far.
pub fn with_failure<T>(before: usize, act: impl FnOnce() -> T) -> (T, bool) {
    BEFORE.store(before, Ordering::Relaxed);
    let result = act();
    let is_over = BEFORE.swap(NEVER, Ordering::Relaxed) == NEVER;
    (result, is_over)
}

/// Whether this allocation is the one that fails.
pub(super) fn is_due() -> bool {
    let before = BEFORE.load(Ordering::Relaxed);
    match before {
        NEVER => {}
        0 => BEFORE.store(NEVER, Ordering::Relaxed),
        _ => BEFORE.store(before - 1, Ordering::Relaxed),
    }
    before == 0
}
