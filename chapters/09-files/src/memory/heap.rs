//! The heap: memory in any size, for as long as it is owned.
//!
//! The heap has addresses of its own, all of them from the start, and memory only for those that it
//! needs: when an allocation does not fit, it maps more frames behind the last and tries again, up
//! to a limit. How memory is given out and taken back within that is the business of a [`Pool`], of
//! which there are two; [`Chosen`] says which one it is.
//!
//! ```text
//!  HEAP                                   HEAP + mapped            HEAP + limit
//!  | blocks and holes, kept by the pool   | nothing is mapped yet  |
//! ```

use core::alloc::{GlobalAlloc, Layout};
use core::fmt;
use core::ptr::{self, NonNull};

use super::address::{FRAME_SIZE, VirtAddr};
use super::{layout, pages};
use crate::config::HEAP_BYTES;
use crate::sync::Lock;

pub use super::pool::Pool;

/// The pool that the kernel uses: `Bump` or `List`.
pub type Chosen = super::list::List;

/// The least that the heap grows by, in bytes: mapping costs more than a little memory.
const STEP: usize = 64 * 1024;

const _: () = assert!(STEP > 0 && STEP.is_multiple_of(FRAME_SIZE as usize));

/// As much as any pool puts around a block, in bytes. What is put before it takes up a multiple of
/// the alignment.
const OVERHEAD: usize = 64;

/// The heap that `alloc` uses.
#[global_allocator]
static HEAP: Heap = Heap(Lock::new(State::new(VirtAddr(layout::HEAP), HEAP_BYTES)));

/// How much there is of what, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// What is mapped.
    pub mapped: usize,
    /// What is given out.
    pub used: usize,
    /// The most that was ever given out at a time.
    pub peak: usize,
    /// How many times something was given out.
    pub allocations: usize,
    /// The largest block that could be given out without growing.
    pub largest_hole: usize,
}

impl fmt::Display for Statistics {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { mapped, used, peak, allocations, largest_hole } = self;
        write!(f, "{used} of {mapped} bytes used, {peak} at most, {allocations} allocations, ")?;
        write!(f, "largest hole {largest_hole}")
    }
}

/// Counts.
pub fn statistics() -> Statistics {
    let mut state = HEAP.0.lock();
    let largest_hole = state.pool.largest_hole();
    Statistics { largest_hole, ..state.counts }
}

/// The pool and what is known of it.
struct State<P> {
    /// Where its addresses begin, and how many there are.
    start: VirtAddr,
    limit: usize,
    pool: P,
    counts: Statistics,
}

impl<P: Pool> State<P> {
    /// A heap without memory, which may grow to `limit` bytes from `start` on.
    const fn new(start: VirtAddr, limit: usize) -> Self {
        let counts = Statistics { mapped: 0, used: 0, peak: 0, allocations: 0, largest_hole: 0 };
        Self { start, limit, pool: P::EMPTY, counts }
    }

    /// Gives out a block, from more memory if need be.
    fn allocate(&mut self, layout: Layout) -> Option<NonNull<u8>> {
        let block = self.pool.allocate(layout).or_else(|| {
            self.grow(layout)?;
            self.pool.allocate(layout)
        })?;
        let counts = &mut self.counts;
        counts.used += layout.size();
        counts.peak = counts.peak.max(counts.used);
        counts.allocations += 1;
        Some(block)
    }

    /// Maps enough memory for a block of `layout`, whatever the pool adds to it.
    fn grow(&mut self, layout: Layout) -> Option<()> {
        let aligning = layout.align().checked_mul(2)?;
        let wanted = layout.size().checked_add(aligning)?.checked_add(OVERHEAD)?;
        let bytes = wanted.checked_next_multiple_of(STEP)?;
        let mapped = self.counts.mapped.checked_add(bytes).filter(|sum| *sum <= self.limit)?;
        let start = self.start + self.counts.mapped as u64;
        pages::map(start..start + bytes as u64).ok()?;
        let pointer = NonNull::new(start.0 as *mut u8)?;
        // SAFETY: the memory was mapped a line above, behind the last.
        unsafe { self.pool.extend(pointer, bytes) };
        self.counts.mapped = mapped;
        Some(())
    }
}

/// A heap behind a lock. While it is held, the kernel's tables and the frames may be locked; so
/// nothing may be allocated while those are.
struct Heap(Lock<State<Chosen>>);

// SAFETY: a pool gives out each byte once until it is given back, aligned as asked for; a block
// that cannot be had is the null pointer.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        #[cfg(feature = "ktest")]
        if super::faults::strikes() {
            return ptr::null_mut();
        }
        self.0.lock().allocate(layout).map_or(ptr::null_mut(), NonNull::as_ptr)
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let mut state = self.0.lock();
        if let Some(block) = NonNull::new(block) {
            let left = state.counts.used.checked_sub(layout.size());
            state.counts.used = left.expect("no more is given back than was given out");
            // SAFETY: the caller got the block from `alloc` with this layout.
            unsafe { state.pool.free(block, layout) };
        }
    }
}

#[cfg(feature = "ktest")]
mod tests;
