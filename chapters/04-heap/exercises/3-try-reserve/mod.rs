//! The list of holes that refuses a block when it is told to, under the list's name: the kernel
//! takes it for that. Your file comes with it.
//!
//! Given, not to be written. The heap asks twice: when it is refused a block it grows, and asks
//! again. So what is refused once is refused twice.

use core::alloc::Layout;
use core::mem::take;
use core::ptr::NonNull;

use super::pool;
use pool::Pool;

#[cfg_attr(not(feature = "ktest"), allow(dead_code, reason = "only tests make it refuse"))]
mod failures;
#[path = "../../src/memory/list.rs"]
mod original;
#[allow(dead_code, reason = "only tests use it, and not all of it until its holes are filled")]
mod settings;
#[cfg(feature = "ktest")]
mod tests;

/// The list of holes, which now and then says no.
pub struct List {
    rest: original::List,
    /// Whether the last thing that it did was to refuse a block.
    has_refused: bool,
    /// Whether it has grown since: then it is about to be asked again.
    is_asked_again: bool,
}

impl Pool for List {
    const EMPTY: Self =
        Self { rest: original::List::EMPTY, has_refused: false, is_asked_again: false };

    unsafe fn extend(&mut self, start: NonNull<u8>, bytes: usize) {
        self.is_asked_again = take(&mut self.has_refused);
        // SAFETY: the caller promises the same.
        unsafe { self.rest.extend(start, bytes) };
    }

    fn allocate(&mut self, layout: Layout) -> Option<NonNull<u8>> {
        if take(&mut self.is_asked_again) {
            return None;
        }
        self.has_refused = failures::is_due();
        if self.has_refused { None } else { self.rest.allocate(layout) }
    }

    unsafe fn free(&mut self, block: NonNull<u8>, layout: Layout) {
        // SAFETY: the caller promises the same.
        unsafe { self.rest.free(block, layout) };
    }

    fn largest_hole(&mut self) -> usize {
        self.rest.largest_hole()
    }
}
