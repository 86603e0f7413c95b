//! What it costs to free a block and allocate another, of mixed sizes.
//!
//! A few hundred blocks live. Each repetition frees one of them, chosen at random, and allocates
//! another of random size in its place; this goes on for a while before it is measured, until there
//! are holes as in a heap that has been in use.

mod peers;

use alloc::vec::Vec;
use core::alloc::Layout;
use core::ptr::NonNull;

use crate::bench::Bench;
use crate::memory::address::FRAME_SIZE;
use crate::memory::bump::Bump;
use crate::memory::frames::{self, FrameRun};
use crate::memory::list::List;
use crate::random::Random;
use peers::{Buddy, Kernel, Nothing, Pooled, Talc};

/// Blocks that live at a time.
const LIVE: usize = 256;

/// Exchanges before it is measured.
const WARM_UP: usize = 4 * LIVE;

/// The sizes of blocks, in bytes.
const SMALLEST: usize = 16;
const LARGEST: usize = 4096;

/// Frames for each of the others: enough for a bump allocator, which takes nothing back.
const ARENA: usize = 2048;

/// What gives out blocks and takes them back.
trait Blocks {
    /// Gives out a block.
    fn allocate(&mut self, layout: Layout) -> Option<NonNull<u8>>;

    /// Takes a block back.
    ///
    /// # Safety
    ///
    /// It must come from [`Blocks::allocate`] with the same `layout`, and is not used any more.
    unsafe fn free(&mut self, block: NonNull<u8>, layout: Layout);
}

/// A block, and what it was asked for with.
type Block = (NonNull<u8>, Layout);

/// Measures the kernel and the others.
pub fn measure(bench: &mut Bench) {
    let mut live = Vec::with_capacity(LIVE);
    let empty = cost(&mut Nothing, bench, &mut live);
    let kernel = cost(&mut Kernel, bench, &mut live);
    let list = in_arena(|arena| cost(&mut Pooled::<List>::new(arena), bench, &mut live));
    let bump = in_arena(|arena| cost(&mut Pooled::<Bump>::new(arena), bench, &mut live));
    let buddy = in_arena(|arena| cost(&mut Buddy::new(arena), bench, &mut live));
    let talc = in_arena(|arena| cost(&mut Talc::new(arena), bench, &mut live));
    let all =
        [("kernel", kernel), ("list", list), ("bump", bump), ("buddy", buddy), ("talc", talc)];
    for (by, cost) in all {
        bench.note("heap", by, cost, empty);
    }
}

/// Lets `act` have memory of its own.
fn in_arena<T>(act: impl FnOnce(&FrameRun) -> T) -> T {
    let arena = frames::allocate_run(ARENA, FRAME_SIZE).expect("boot leaves 8 MiB in a row");
    act(&arena)
}

/// The cost of exchanging blocks.
fn cost(blocks: &mut impl Blocks, bench: &Bench, live: &mut Vec<Block>) -> u64 {
    let mut random = Random::new();
    while live.len() < LIVE {
        live.push(allocate(blocks, &mut random));
    }
    for _ in 0..WARM_UP {
        exchange(blocks, live, &mut random);
    }
    let cost = bench.cost(|| exchange(blocks, live, &mut random));
    for (block, layout) in live.drain(..) {
        // SAFETY: the block is one of those that live, and is not one any more.
        unsafe { blocks.free(block, layout) };
    }
    cost
}

/// Frees one of the blocks in `live` and allocates another.
#[inline(always)]
fn exchange(blocks: &mut impl Blocks, live: &mut [Block], random: &mut Random) {
    let place = &mut live[random.below(LIVE)];
    let (block, layout) = *place;
    // SAFETY: the block is one of those that live, and another takes its place below.
    unsafe { blocks.free(block, layout) };
    *place = allocate(blocks, random);
}

#[inline(always)]
fn allocate(blocks: &mut impl Blocks, random: &mut Random) -> Block {
    let size = SMALLEST + random.below(LARGEST - SMALLEST + 1);
    let layout = Layout::from_size_align(size, 8).expect("8 is a power of two");
    (blocks.allocate(layout).expect("there is room for all that live"), layout)
}
