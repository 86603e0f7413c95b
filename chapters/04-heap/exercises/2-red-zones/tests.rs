//! What the kernel expects of red zones: that an owner is left alone, and a culprit named.

use alloc::vec::Vec;
use core::alloc::Layout;
use core::ptr::{self, NonNull};

use ktest::expect;

use super::List;
use super::overrun::{Overrun, Side, ZONE};
use crate::memory::address::FRAME_SIZE;
use crate::memory::frames::{self, FrameRun};
use crate::memory::pool::Pool;

/// Frames of the pools here.
const FRAMES: usize = 16;

/// A pool, and the memory that it has.
struct Scene {
    pool: List,
    run: FrameRun,
}

impl Scene {
    fn new() -> Self {
        let run = frames::allocate_run(FRAMES, FRAME_SIZE).expect("boot leaves 64 KiB in a row");
        let start = NonNull::new(run.range().start.as_ptr::<u8>()).expect("no frame is at 0");
        let mut pool = List::EMPTY;
        // SAFETY: the frames are ours, and live as long as the pool.
        unsafe { pool.extend(start, FRAMES * FRAME_SIZE as usize) };
        Self { pool, run }
    }

    fn take(&mut self, layout: Layout) -> NonNull<u8> {
        let block = self.pool.allocate(layout);
        expect((layout, "is there a block"), block.is_some(), true);
        block.expect("it was just looked at")
    }

    fn give_back(&mut self, block: NonNull<u8>) -> Result<(), Overrun> {
        // SAFETY: every test here gives back what `take` gave it, once.
        unsafe { self.pool.give_back(block) }
    }

    /// Writes where a byte stands that may be nobody's, and returns what was there.
    fn write(&self, address: usize, byte: u8) -> u8 {
        let start = self.run.range().start.as_ptr::<u8>();
        // SAFETY: the address lies in our frames, in a block or a zone.
        let place = unsafe { start.add(address - start.addr()) };
        // SAFETY: the memory is initialised, or painted; and the pool keeps nothing there.
        unsafe { ptr::replace(place, byte) }
    }

    /// Changes the byte at `address`, whatever it is.
    fn change(&self, address: usize) {
        let before = self.write(address, 0);
        self.write(address, !before);
    }
}

fn layout(size: usize, align: usize) -> Layout {
    Layout::from_size_align(size, align).expect("the alignment is a power of two")
}

/// What is to be said of `block`.
fn overrun(block: NonNull<u8>, layout: Layout, side: Side, distance: usize) -> Result<(), Overrun> {
    Err(Overrun { block: block.addr().get(), layout, side, distance })
}

ktest::test! {
    /// A block begins at a multiple of its alignment, though there is a zone before it.
    fn blocks_are_aligned() {
        let mut scene = Scene::new();
        for (size, align) in [(8, 8), (3, 1), (8, 64), (24, 512), (100, 16), (1, 4096)] {
            let block = scene.take(layout(size, align));
            expect((layout(size, align), "past a multiple"), block.addr().get() % align, 0);
        }
    }

    /// An owner may write to all of a block, and nobody complains.
    fn all_of_a_block_is_its_owners() {
        let mut scene = Scene::new();
        let blocks = [1, 7, 8, 13, 64, 1000].map(|size| (scene.take(layout(size, 8)), size));
        for (block, size) in blocks {
            // SAFETY: the block is so large, and ours.
            unsafe { block.write_bytes(0, size) };
        }
        expect("check, with all blocks full", scene.pool.check(), Ok(()));
        for (block, size) in blocks {
            expect(("give back, bytes", size), scene.give_back(block), Ok(()));
        }
    }

    /// One byte too many is seen, right behind the last one, however long the block is.
    fn one_byte_behind_is_seen() {
        for size in 1..=24 {
            let mut scene = Scene::new();
            let block = scene.take(layout(size, 8));
            scene.change(block.addr().get() + size);
            let expected = overrun(block, layout(size, 8), Side::Behind, 1);
            expect(("a byte behind a block of", size), scene.pool.check(), expected);
        }
    }

    /// One byte before the first is seen, too.
    fn one_byte_before_is_seen() {
        for align in [1, 8, 64] {
            let mut scene = Scene::new();
            let block = scene.take(layout(20, align));
            scene.change(block.addr().get() - 1);
            let expected = overrun(block, layout(20, align), Side::Before, 1);
            expect(("a byte before a block aligned to", align), scene.pool.check(), expected);
        }
    }

    /// A zero behind the end is seen: the end of a text that was one letter too long.
    fn a_zero_is_seen() {
        let mut scene = Scene::new();
        let block = scene.take(layout(5, 1));
        scene.write(block.addr().get() + 5, 0);
        let expected = overrun(block, layout(5, 1), Side::Behind, 1);
        expect("a zero behind a block of 5 bytes", scene.pool.check(), expected);
    }

    /// The distance is that from the block to the nearest byte that changed.
    fn distance_is_from_the_block() {
        for distance in [2, ZONE] {
            let mut scene = Scene::new();
            let block = scene.take(layout(24, 8));
            scene.change(block.addr().get() + 23 + distance);
            let expected = overrun(block, layout(24, 8), Side::Behind, distance);
            expect(("behind, at a distance of", distance), scene.pool.check(), expected);
        }
        for distance in [2, 5, ZONE] {
            let mut scene = Scene::new();
            let block = scene.take(layout(24, 8));
            for changed in distance..=ZONE {
                scene.change(block.addr().get() - changed);
            }
            let expected = overrun(block, layout(24, 8), Side::Before, distance);
            expect(("before, at a distance of", distance), scene.pool.check(), expected);
        }
    }

    /// Of several blocks the one that was overrun is named, also when another one comes back.
    fn the_culprit_is_named() {
        let mut scene = Scene::new();
        let blocks = [16, 24, 32].map(|size| scene.take(layout(size, 8)));
        scene.change(blocks[1].addr().get() + 24);
        let expected = overrun(blocks[1], layout(24, 8), Side::Behind, 1);
        expect("check, with the second of three overrun", scene.pool.check(), expected);
        expect("give back the first", scene.give_back(blocks[0]), Ok(()));
        expect("give back the third", scene.give_back(blocks[2]), Ok(()));
        expect("give back the second", scene.give_back(blocks[1]), expected);
    }

    /// What is overrun in the kernel's own heap ends the kernel, with a word about the block.
    #[must_die("the block of 100 bytes, aligned to 1")]
    fn the_heap_says_whose_it_was() {
        let text = alloc::vec![b'a'; 100];
        let place: *mut u8 = ptr::with_exposed_provenance_mut(text.as_ptr().addr() + 100);
        // SAFETY: behind the vector's block lies its red zone, in memory of the heap.
        unsafe { place.write(b'b') };
        drop(text);
    }

    /// What no zones fit around is refused, and nothing dies of it.
    fn too_large_is_none() {
        let mut scene = Scene::new();
        let largest = isize::MAX as usize;
        for layout in [layout(largest, 1), layout(largest - 4095, 4096), layout(1, 1 << 62)] {
            expect(layout, scene.pool.allocate(layout), None);
        }
        expect("reserve", Vec::<u8>::new().try_reserve_exact(largest).is_err(), true);
    }
}
