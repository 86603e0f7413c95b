//! Others that keep account of frames.

use alloc::vec;
use alloc::vec::Vec;

use super::{Frames, RUN};

/// What costs nothing, so that what is left is the loop.
pub struct Nothing(pub usize);

impl Frames for Nothing {
    type Run = ();

    fn allocate(&mut self) -> Option<usize> {
        Some(0)
    }

    fn free(&mut self, _: usize) {}

    fn allocate_run(&mut self) -> Option<()> {
        Some(())
    }

    fn free_run(&mut self, (): ()) {}

    fn allocate_all(&mut self, held: &mut Vec<usize>) {
        held.extend(0..self.0);
    }
}

/// A bitmap as one writes it first: from the first bit on, one after the other.
pub struct Naive {
    words: Vec<u64>,
    total: usize,
}

impl Naive {
    /// All of `total` frames are free.
    pub fn new(total: usize) -> Self {
        Self { words: vec![0; total.div_ceil(64)], total }
    }

    fn is_used(&self, frame: usize) -> bool {
        self.words[frame / 64] & 1 << (frame % 64) != 0
    }

    fn flip(&mut self, frame: usize) {
        self.words[frame / 64] ^= 1 << (frame % 64);
    }
}

impl Frames for Naive {
    type Run = usize;

    fn allocate(&mut self) -> Option<usize> {
        let frame = (0..self.total).find(|frame| !self.is_used(*frame))?;
        self.flip(frame);
        Some(frame)
    }

    fn free(&mut self, frame: usize) {
        self.flip(frame);
    }

    fn allocate_run(&mut self) -> Option<usize> {
        let is_free = |start: &usize| (*start..start + RUN).all(|frame| !self.is_used(frame));
        let start = (0..=self.total - RUN).step_by(RUN).find(is_free)?;
        (start..start + RUN).for_each(|frame| self.flip(frame));
        Some(start)
    }

    fn free_run(&mut self, start: usize) {
        (start..start + RUN).for_each(|frame| self.flip(frame));
    }

    /// Each search for a free frame would begin at the first, so this does not search.
    fn allocate_all(&mut self, held: &mut Vec<usize>) {
        (0..self.total).for_each(|frame| self.flip(frame));
        held.extend(0..self.total);
    }
}

/// A stack of free frames: the fastest there is, but it knows nothing of neighbours.
pub struct Stack(Vec<usize>);

impl Stack {
    /// All of `total` frames are free.
    pub fn new(total: usize) -> Self {
        Self((0..total).rev().collect())
    }
}

impl Frames for Stack {
    type Run = ();

    fn allocate(&mut self) -> Option<usize> {
        self.0.pop()
    }

    fn free(&mut self, frame: usize) {
        self.0.push(frame);
    }

    fn allocate_run(&mut self) -> Option<()> {
        None
    }

    fn free_run(&mut self, (): ()) {}
}

/// `buddy_system_allocator`, whose sets of free blocks are trees on the kernel's heap.
pub struct Buddy(buddy_system_allocator::FrameAllocator);

impl Buddy {
    /// All of `total` frames are free.
    pub fn new(total: usize) -> Self {
        let mut frames = buddy_system_allocator::FrameAllocator::new();
        frames.add_frame(0, total);
        Self(frames)
    }
}

impl Frames for Buddy {
    type Run = usize;

    fn allocate(&mut self) -> Option<usize> {
        self.0.alloc(1)
    }

    fn free(&mut self, frame: usize) {
        self.0.dealloc(frame, 1);
    }

    fn allocate_run(&mut self) -> Option<usize> {
        self.0.alloc(RUN)
    }

    fn free_run(&mut self, start: usize) {
        self.0.dealloc(start, RUN);
    }
}
