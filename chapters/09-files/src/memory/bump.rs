//! The simplest allocator: a finger on the next free byte, which only moves up.
//!
//! Nothing that is given back is ever given out again, so memory runs out however little of it is
//! in use. What is left is two additions for each allocation, and no way to go wrong: good enough
//! for a kernel that starts, allocates its tables and never frees them, and nothing else.
//!
//! ```text
//!  start                next               end
//!  | given out, once     | to be given out  |
//! ```

use core::alloc::Layout;
use core::ptr::{self, NonNull};

use super::pool::Pool;

/// Memory that is given out from the bottom to the top.
pub struct Bump {
    next: usize,
    end: usize,
}

impl Pool for Bump {
    const EMPTY: Self = Self { next: 0, end: 0 };

    unsafe fn extend(&mut self, start: NonNull<u8>, bytes: usize) {
        let start = start.as_ptr().expose_provenance();
        if self.end != start {
            self.next = start;
        }
        self.end = start + bytes;
    }

    fn allocate(&mut self, layout: Layout) -> Option<NonNull<u8>> {
        let start = self.next.checked_next_multiple_of(layout.align())?;
        let end = start.checked_add(layout.size()).filter(|end| *end <= self.end)?;
        self.next = end;
        NonNull::new(ptr::with_exposed_provenance_mut(start))
    }

    unsafe fn free(&mut self, _: NonNull<u8>, _: Layout) {}

    fn largest_hole(&mut self) -> usize {
        self.end - self.next
    }
}
