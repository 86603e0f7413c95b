//! What the kernel expects of size classes: of a pool of its own, and of what blocks cost.

use core::alloc::Layout;
use core::ptr::NonNull;

use ktest::{Chance, expect, instructions};

use super::List as Classes;
use crate::memory::address::FRAME_SIZE;
use crate::memory::frames::{self, FrameRun};
use crate::memory::pool::Pool;

/// Bytes of the pools here.
const BYTES: usize = 512 * 1024;

/// The most that giving back a small block and asking for the next may cost, in instructions of a
/// kernel that was compiled without optimisation. The reference solution takes 720 on aarch64 and
/// 664 on x86_64; a walk past all that is in the way here takes more than 10 000.
const BUDGET: u64 = 4000;

/// Free blocks of one class.
const BLOCKS: usize = 1000;

/// Holes in the list. A step past one of them costs more than a step past a block.
const HOLES: usize = 200;

/// A pool, and the memory that it has.
fn pool() -> (Classes, FrameRun) {
    let run = frames::allocate_run(BYTES / FRAME_SIZE as usize, FRAME_SIZE);
    let run = run.expect("boot leaves so much in a row");
    let start = NonNull::new(run.range().start.as_ptr::<u8>()).expect("no frame is at 0");
    let mut pool = Classes::EMPTY;
    // SAFETY: the frames are ours, and live as long as the pool.
    unsafe { pool.extend(start, BYTES) };
    (pool, run)
}

fn layout(size: usize, align: usize) -> Layout {
    Layout::from_size_align(size, align).expect("the alignment is a power of two")
}

/// Asks for a block that there must be.
fn take(pool: &mut Classes, layout: Layout) -> NonNull<u8> {
    let block = pool.allocate(layout);
    expect((layout, "is there a block"), block.is_some(), true);
    block.expect("it was just looked at")
}

/// Gives back a block of `pool`, which has this layout.
fn give(pool: &mut Classes, block: NonNull<u8>, layout: Layout) {
    // SAFETY: every test here gives back what `take` gave it, once, with the same layout.
    unsafe { pool.free(block, layout) };
}

/// What it costs to give `block` back and to ask for another one like it.
fn cost(pool: &mut Classes, block: NonNull<u8>, layout: Layout) -> u64 {
    let mut again = None;
    let cost = instructions(|| {
        // SAFETY: the caller has the block from `pool`, and does not use it again.
        unsafe { pool.free(block, layout) };
        again = pool.allocate(layout);
    });
    expect("is there a block, when one has just come back", again.is_some(), true);
    cost
}

#[track_caller]
fn expect_within_budget(input: &str, cost: u64) {
    expect((input, "instructions beyond the budget of", BUDGET), cost.saturating_sub(BUDGET), 0);
}

ktest::test! {
    /// A block begins at a multiple of its alignment.
    fn blocks_are_aligned() {
        let (mut pool, _run) = pool();
        for (size, align) in [(8, 8), (8, 64), (24, 8), (1, 512), (100, 4), (16, 256), (9, 4096)] {
            let block = take(&mut pool, layout(size, align));
            expect((layout(size, align), "past a multiple"), block.addr().get() % align, 0);
        }
    }

    /// No byte is part of two blocks.
    fn blocks_are_apart() {
        let (mut pool, run) = pool();
        let start = run.range().start.as_ptr::<u8>().addr();
        let mut chance = Chance::new(1);
        let mut taken = [(0, 0); 40];
        for index in 0..taken.len() {
            // The first ones are known to be telling, whatever the seed.
            let size = [24, 24, 33, 33, 48, 513, 600][..].get(index).copied();
            let layout = layout(size.unwrap_or_else(|| 1 + chance.below(700)), 8);
            let block = take(&mut pool, layout).addr().get();
            let end = block + layout.size();
            expect((layout, "is it in memory"), start <= block && end <= start + BYTES, true);
            let other = taken[..index].iter().find(|(from, to)| block < *to && *from < end);
            expect((layout, "does it overlap"), other.map(|(from, to)| to - from), None);
            taken[index] = (block, end);
        }
    }

    /// What comes back is given out again, all of it, before there is anything new.
    fn freed_blocks_are_reused() {
        for (size, align) in [(40, 8), (8, 64), (512, 8)] {
            let (mut pool, _run) = pool();
            let mut blocks = [0; 4].map(|_| take(&mut pool, layout(size, align)));
            blocks.iter().for_each(|block| give(&mut pool, *block, layout(size, align)));
            let mut again = [0; 4].map(|_| take(&mut pool, layout(size, align)));
            blocks.sort();
            again.sort();
            expect(("four blocks, again", layout(size, align)), again, blocks);
        }
    }

    /// A block that came back is given to nobody who needs a larger one.
    fn classes_do_not_mix() {
        let (mut pool, _run) = pool();
        let small = take(&mut pool, layout(32, 8));
        let next = take(&mut pool, layout(32, 8));
        give(&mut pool, small, layout(32, 8));
        let large = take(&mut pool, layout(64, 8));
        expect("64 bytes, when 32 came back: is it those", large == small, false);
        expect("64 bytes, when 32 came back: is it others", large == next, false);
    }

    /// What is too large for every class comes from the list, and becomes one hole there again.
    fn large_blocks_become_one_hole() {
        let (mut pool, _run) = pool();
        let before = pool.largest_hole();
        let blocks = [513, 1024, 4096].map(|size| (take(&mut pool, layout(size, 8)), size));
        blocks.iter().for_each(|(block, size)| give(&mut pool, *block, layout(*size, 8)));
        expect("largest hole, after large blocks are back", pool.largest_hole(), before);
    }

    /// However many blocks of its class are free, a small block costs no more than the budget.
    fn many_free_blocks_cost_nothing() {
        let (mut pool, _run) = pool();
        let one = take(&mut pool, layout(24, 8));
        let mut blocks = [one; BLOCKS];
        blocks.iter_mut().for_each(|block| *block = take(&mut pool, layout(24, 8)));
        blocks.iter().for_each(|block| give(&mut pool, *block, layout(24, 8)));
        let cost = cost(&mut pool, one, layout(24, 8));
        expect_within_budget("one of 24 bytes, with 1000 others free", cost);
    }

    /// However many holes the list has, a small block costs no more than the budget.
    fn many_holes_cost_nothing() {
        let (mut pool, _run) = pool();
        let blocks = [0; 2 * HOLES].map(|_| take(&mut pool, layout(600, 8)));
        let one = take(&mut pool, layout(24, 8));
        // From the last to the first: each finds its place at the front of the list.
        blocks.iter().step_by(2).rev().for_each(|block| give(&mut pool, *block, layout(600, 8)));
        let cost = cost(&mut pool, one, layout(24, 8));
        expect_within_budget("one of 24 bytes, behind 200 holes", cost);
    }
}
