//! An allocator that reuses what is given back: a list of holes, kept in the holes themselves.
//!
//! A hole begins with its size and a pointer to the next one, in the order of their addresses. The
//! first hole that is large enough is taken, and what is left of it stays in the list. What is
//! given back finds its place between its neighbours and becomes one with those that it touches, so
//! that small pieces grow together again. The list itself is the crate's, `linked_list_allocator`.
//!
//! ```text
//!  |size, next|  hole  | used | used |size, next| hole | used |size, none|   hole    |
//!         └────────────────────────────^    └─────────────────^
//! ```

use core::alloc::Layout;
use core::ptr::NonNull;

use linked_list_allocator::Heap;

use super::pool::Pool;

/// Memory whose holes are listed.
pub struct List(Heap);

impl Pool for List {
    const EMPTY: Self = Self(Heap::empty());

    unsafe fn extend(&mut self, start: NonNull<u8>, bytes: usize) {
        if self.0.size() == 0 {
            // SAFETY: the caller gives this memory away, and this is the first of it.
            unsafe { self.0.init(start.as_ptr(), bytes) };
        } else {
            // SAFETY: the caller gives this memory away, and it begins where the last ended.
            unsafe { self.0.extend(bytes) };
        }
    }

    fn allocate(&mut self, layout: Layout) -> Option<NonNull<u8>> {
        self.0.allocate_first_fit(layout).ok()
    }

    unsafe fn free(&mut self, block: NonNull<u8>, layout: Layout) {
        // SAFETY: the caller got the block from `allocate` with this layout.
        unsafe { self.0.deallocate(block, layout) };
    }

    /// Found by asking: the list tells nobody how large its holes are, but they are whole words.
    fn largest_hole(&mut self) -> usize {
        const WORD: usize = size_of::<usize>();
        let (mut fits, mut fails) = (0, self.0.free() / WORD + 1);
        while fails - fits > 1 {
            let words = fits.midpoint(fails);
            let layout = Layout::array::<usize>(words).ok();
            match layout.and_then(|layout| Some((self.allocate(layout)?, layout))) {
                None => fails = words,
                Some((block, layout)) => {
                    fits = words;
                    // SAFETY: it was given out a line above.
                    unsafe { self.free(block, layout) };
                }
            }
        }
        fits * WORD
    }
}
