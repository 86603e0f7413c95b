//! What the kernel expects of its buddy allocator: of blocks of its own, with nothing else in them.

use ktest::{Chance, expect};

use super::blocks::Blocks;
use super::buddy::{allocate, free};

/// Frames of the blocks here: orders 0 to 6.
const FRAMES: usize = 64;

/// Words that their blocks need.
const WORDS: usize = 2;

/// Does `act` with blocks of which the largest is free.
fn with_blocks(act: impl FnOnce(&mut Blocks)) {
    let mut words = [0; WORDS];
    let mut blocks = Blocks::new(&mut words, FRAMES);
    free(&mut blocks, 0, 6);
    act(&mut blocks);
}

/// How many frames are free.
fn count(blocks: &Blocks) -> usize {
    (0..FRAMES).filter(|frame| blocks.has_free(*frame)).count()
}

ktest::test! {
    /// A block begins at a multiple of its size, and shares no frame with another.
    fn blocks_are_aligned_and_apart() {
        with_blocks(|blocks| {
            let mut owned = [false; FRAMES];
            let mut chance = Chance::new(1);
            for _ in 0..20 {
                let order = chance.below(4);
                let Some(first) = allocate(blocks, order) else { continue };
                expect(("first frame of order", order, first), first % (1 << order), 0);
                for frame in &mut owned[first..first + (1 << order)] {
                    expect(("taken before, order", order, first), *frame, false);
                    *frame = true;
                }
            }
        });
    }

    /// When a block is halved, the half that is not given out stays free.
    fn other_halves_stay_free() {
        with_blocks(|blocks| {
            expect("allocate order 0", allocate(blocks, 0).is_some(), true);
            expect("free frames, after order 0 of 64 is taken", count(blocks), 63);
            expect("allocate order 5", allocate(blocks, 5).is_some(), true);
            expect("free frames, then order 5", count(blocks), 31);
        });
    }

    /// When both halves of a block are free they are one block again.
    fn halves_are_joined() {
        let mut words = [0; WORDS];
        let mut blocks = Blocks::new(&mut words, FRAMES);
        free(&mut blocks, 4, 0);
        free(&mut blocks, 5, 0);
        expect("largest, with frames 4 and 5 free", blocks.largest(), Some(1));
    }

    /// A block that was joined is itself a half, and so on up to the largest.
    fn joining_goes_on() {
        with_blocks(|blocks| {
            let taken = [allocate(blocks, 0), allocate(blocks, 0), allocate(blocks, 3)];
            for (first, order) in taken.into_iter().flatten().zip([0, 0, 3]) {
                free(blocks, first, order);
            }
            expect("order of the largest block, after all is back", blocks.largest(), Some(6));
        });
    }

    /// A block is only joined with its buddy: the other half of what they were.
    fn neighbours_are_no_buddies() {
        let mut words = [0; WORDS];
        let mut blocks = Blocks::new(&mut words, FRAMES);
        free(&mut blocks, 2, 0);
        free(&mut blocks, 1, 0);
        expect("largest, with frames 1 and 2 free", blocks.largest(), Some(0));
        expect("free frames, with 1 and 2 free", count(&blocks), 2);
    }

    /// The smallest block that suffices is taken, so that large ones stay whole.
    fn smallest_block_is_taken() {
        let mut words = [0; WORDS];
        let mut blocks = Blocks::new(&mut words, FRAMES);
        free(&mut blocks, 0, 5);
        free(&mut blocks, 48, 2);
        expect("order 1, with order 5 at 0 and order 2 at 48", allocate(&mut blocks, 1), Some(48));
        expect("largest that is left", blocks.largest(), Some(5));
    }

    /// Where no block is large enough there is none, and nothing is lost.
    fn too_large_is_none() {
        with_blocks(|blocks| {
            let first = allocate(blocks, 6);
            expect("order 6 of 64 frames", first, Some(0));
            expect("order 0, with nothing left", allocate(blocks, 0), None);
            free(blocks, 0, 6);
            expect("order 7 of 64 frames", allocate(blocks, 7), None);
            expect("free frames, after that", count(blocks), FRAMES);
        });
    }
}
