//! The heaps that are compared.

use core::alloc::Layout;
use core::ptr::NonNull;

use talc::DefaultBinning;
use talc::source::Manual;

use super::Blocks;
use crate::memory::frames::FrameRun;
use crate::memory::heap::Pool;

/// What costs nothing, so that what is left is the loop.
pub struct Nothing;

impl Blocks for Nothing {
    fn allocate(&mut self, _: Layout) -> Option<NonNull<u8>> {
        Some(NonNull::dangling())
    }

    unsafe fn free(&mut self, _: NonNull<u8>, _: Layout) {}
}

/// The kernel's own heap, as `Box` and `Vec` use it.
pub struct Kernel;

impl Blocks for Kernel {
    fn allocate(&mut self, layout: Layout) -> Option<NonNull<u8>> {
        // SAFETY: no size here is 0.
        NonNull::new(unsafe { alloc::alloc::alloc(layout) })
    }

    unsafe fn free(&mut self, block: NonNull<u8>, layout: Layout) {
        // SAFETY: the caller promises the same.
        unsafe { alloc::alloc::dealloc(block.as_ptr(), layout) };
    }
}

/// A pool of the kernel's, without the heap around it.
pub struct Pooled<P>(P);

impl<P: Pool> Pooled<P> {
    /// A pool in `arena`.
    pub fn new(arena: &FrameRun) -> Self {
        let (start, bytes) = memory(arena);
        let mut pool = P::EMPTY;
        // SAFETY: whoever owns the frames keeps them for this.
        unsafe { pool.extend(start, bytes) };
        Self(pool)
    }
}

impl<P: Pool> Blocks for Pooled<P> {
    fn allocate(&mut self, layout: Layout) -> Option<NonNull<u8>> {
        self.0.allocate(layout)
    }

    unsafe fn free(&mut self, block: NonNull<u8>, layout: Layout) {
        // SAFETY: the caller promises the same.
        unsafe { self.0.free(block, layout) };
    }
}

/// `buddy_system_allocator`, which rounds sizes up to powers of two.
pub struct Buddy(buddy_system_allocator::Heap<32>);

impl Buddy {
    /// A heap in `arena`.
    pub fn new(arena: &FrameRun) -> Self {
        let (start, bytes) = memory(arena);
        let mut heap = buddy_system_allocator::Heap::new();
        // SAFETY: whoever owns the frames keeps them for this.
        unsafe { heap.init(start.addr().get(), bytes) };
        Self(heap)
    }
}

impl Blocks for Buddy {
    fn allocate(&mut self, layout: Layout) -> Option<NonNull<u8>> {
        self.0.alloc(layout).ok()
    }

    unsafe fn free(&mut self, block: NonNull<u8>, layout: Layout) {
        // SAFETY: the caller promises the same.
        unsafe { self.0.dealloc(block, layout) };
    }
}

/// `talc`, which sorts holes by size into bins.
pub struct Talc(talc::base::Talc<Manual, DefaultBinning>);

impl Talc {
    /// A heap in `arena`.
    pub fn new(arena: &FrameRun) -> Self {
        let (start, bytes) = memory(arena);
        let mut heap = talc::base::Talc::new(Manual);
        // SAFETY: whoever owns the frames keeps them for this.
        unsafe { heap.claim(start.as_ptr(), bytes) }.expect("there is room for its own data");
        Self(heap)
    }
}

impl Blocks for Talc {
    fn allocate(&mut self, layout: Layout) -> Option<NonNull<u8>> {
        // SAFETY: no size here is 0.
        unsafe { self.0.allocate(layout) }
    }

    unsafe fn free(&mut self, block: NonNull<u8>, layout: Layout) {
        // SAFETY: the caller promises the same.
        unsafe { self.0.deallocate(block.as_ptr(), layout) };
    }
}

/// Where the memory of `arena` begins, and its bytes.
fn memory(arena: &FrameRun) -> (NonNull<u8>, usize) {
    let range = arena.range();
    let start = NonNull::new(range.start.as_ptr()).expect("the direct map is not at 0");
    (start, (range.end - range.start) as usize)
}
