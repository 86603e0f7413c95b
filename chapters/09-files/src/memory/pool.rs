//! What the heap asks of an allocator: one face for all.
//!
//! A pool knows nothing of pages, limits or locks. It has a piece of memory, gives out parts of it
//! and takes them back, so it can be tried anywhere, with any memory.

use core::alloc::Layout;
use core::ptr::NonNull;

/// What gives out and takes back a piece of memory that grows.
pub trait Pool {
    /// A pool without memory.
    const EMPTY: Self;

    /// Adds `bytes` of memory at `start`.
    ///
    /// # Safety
    ///
    /// The memory is nobody's. It begins where the memory of the last call ended.
    unsafe fn extend(&mut self, start: NonNull<u8>, bytes: usize);

    /// Gives out a block; `None` if there is none.
    fn allocate(&mut self, layout: Layout) -> Option<NonNull<u8>>;

    /// Takes a block back.
    ///
    /// # Safety
    ///
    /// It must come from [`Pool::allocate`] with the same `layout`, and is not used any more.
    unsafe fn free(&mut self, block: NonNull<u8>, layout: Layout);

    /// The bytes of the largest block that could be given out now, or up to two words more.
    fn largest_hole(&mut self) -> usize;
}
