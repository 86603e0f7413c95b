//! The allocator of this program, which fails when it is told to, and counts.
//!
//! It is everyone's: what a property compares must be allocated while nothing is told to fail, and
//! gone before bytes are counted.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

/// No allocation fails.
const NEVER: usize = usize::MAX;

/// How many allocations succeed before the one that fails.
static BEFORE: AtomicUsize = AtomicUsize::new(NEVER);

/// What is given out, in bytes.
static BYTES: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static ALLOCATOR: Failing = Failing;

/// The system's allocator, which fails now and then.
struct Failing;

/// Does `act`, in which one allocation fails: the one that comes after `before` others. Says what
/// `act` returned, and whether it came so far.
pub fn with_failure<T>(before: usize, act: impl FnOnce() -> T) -> (T, bool) {
    BEFORE.store(before, Ordering::Relaxed);
    let result = act();
    let is_over = BEFORE.swap(NEVER, Ordering::Relaxed) == NEVER;
    (result, is_over)
}

/// How many bytes are given out.
pub fn bytes() -> usize {
    BYTES.load(Ordering::Relaxed)
}

/// Whether this allocation is the one that fails.
fn is_due() -> bool {
    let before = BEFORE.load(Ordering::Relaxed);
    match before {
        NEVER => {}
        0 => BEFORE.store(NEVER, Ordering::Relaxed),
        _ => BEFORE.store(before - 1, Ordering::Relaxed),
    }
    before == 0
}

// SAFETY: what is not refused comes from the system's allocator and goes back there.
unsafe impl GlobalAlloc for Failing {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if is_due() {
            return std::ptr::null_mut();
        }
        BYTES.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller promises the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        BYTES.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller promises the same.
        unsafe { System.dealloc(block, layout) };
    }
}
