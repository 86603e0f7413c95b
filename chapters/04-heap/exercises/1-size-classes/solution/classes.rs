//! Blocks in a few sizes: each size is a class and has a list of its own of what came back.
//!
//! Most of what a kernel allocates is small. A block that is small gets the size of its class; when
//! it comes back it goes to the front of the list of its class, and whoever asks next takes it from
//! there. Nobody searches, so the cost is the same however much there is. What is large, and what
//! no class has yet, comes from the list of holes.
//!
//! ```text
//!  free[0]   16 bytes  ──> |next, …| ──> |none, …|
//!  free[1]   32 bytes  ──> none
//!  free[2]   64 bytes  ──> |none, …|
//!   …
//!  rest                    the list of holes
//! ```

use core::alloc::Layout;
use core::ptr::NonNull;

use super::original::List;
use super::pool::Pool;

/// The bytes of a block of each class. Its address is a multiple of them.
pub const SIZES: [usize; 6] = [16, 32, 64, 128, 256, 512];

/// What stands in a block while nobody has it.
struct Free {
    /// The next free block of the same class.
    next: Option<NonNull<Free>>,
}

/// Memory that is given out in classes.
pub struct Classes {
    /// The first free block of each class.
    free: [Option<NonNull<Free>>; SIZES.len()],
    /// What is in no class.
    rest: List,
}

// SAFETY: the pointers lead to free blocks, which belong to the pool alone, wherever it goes.
unsafe impl Send for Classes {}

impl Pool for Classes {
    const EMPTY: Self = Self { free: [None; SIZES.len()], rest: List::EMPTY };

    unsafe fn extend(&mut self, start: NonNull<u8>, bytes: usize) {
        // SAFETY: the caller promises the same.
        unsafe { self.rest.extend(start, bytes) };
    }

    fn allocate(&mut self, layout: Layout) -> Option<NonNull<u8>> {
        let Some(class) = class_of(layout) else {
            return self.rest.allocate(layout);
        };
        let Some(block) = self.free[class] else {
            return self.rest.allocate(layout_of(class));
        };
        // SAFETY: `free` wrote it when the block came back, and nobody has had the block since.
        self.free[class] = unsafe { block.read() }.next;
        Some(block.cast())
    }

    unsafe fn free(&mut self, block: NonNull<u8>, layout: Layout) {
        let Some(class) = class_of(layout) else {
            // SAFETY: the caller got the block from `allocate`, which got it from `rest` likewise.
            return unsafe { self.rest.free(block, layout) };
        };
        let block = block.cast();
        // SAFETY: the block is the caller's to give away; every class has room for a pointer, and
        // is aligned for it.
        unsafe { block.write(Free { next: self.free[class] }) };
        self.free[class] = Some(block);
    }

    fn largest_hole(&mut self) -> usize {
        let hole = self.rest.largest_hole();
        if hole > SIZES[SIZES.len() - 1] {
            return hole;
        }
        let fits = |class: &usize| self.free[*class].is_some() || SIZES[*class] <= hole;
        (0..SIZES.len()).rev().find(fits).map_or(0, |class| SIZES[class])
    }
}

/// The smallest class whose blocks suffice for `layout`; `None` if it is too large for all.
fn class_of(layout: Layout) -> Option<usize> {
    let needed = layout.size().max(layout.align());
    SIZES.iter().position(|size| *size >= needed)
}

/// What a block of `class` is to the list of holes.
fn layout_of(class: usize) -> Layout {
    let size = SIZES[class];
    Layout::from_size_align(size, size).expect("the sizes are powers of two")
}
