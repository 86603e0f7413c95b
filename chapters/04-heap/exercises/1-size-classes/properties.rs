//! Blocks that come and go in any order, with what is written in them.

use core::alloc::Layout;
use core::ops::Range;
use core::ptr::NonNull;

use classes::Classes;
use exercise_host::{Property, holds_for, properties};
use ktest::expect;
use pool::Pool;
use proptest::collection::vec;
use proptest::prelude::*;

#[allow(dead_code, reason = "the kernel uses the rest")]
mod classes;
#[path = "../../src/memory/list.rs"]
mod original;
#[allow(dead_code, reason = "the kernel uses the rest")]
#[path = "../../src/memory/pool.rs"]
mod pool;

/// What is tried.
pub const PROPERTIES: &[Property] = properties![small_blocks_stay_whole, any_story_ends_well,];

/// Words of the memory that a pool gets.
const WORDS: usize = 8192;

/// What is done.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Asks for a block of so many bytes, aligned to 2 to this power.
    Allocate { size: usize, power: u32 },
    /// Gives back one of those that are out, modulo their number.
    Free { which: usize },
}

/// A block that is out, and the byte that fills it.
struct Block {
    start: NonNull<u8>,
    layout: Layout,
    fill: u8,
}

fn step(size: impl Strategy<Value = usize>) -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (size, 0..8_u32).prop_map(|(size, power)| Step::Allocate { size, power }),
        2 => (0..8_usize).prop_map(|which| Step::Free { which }),
    ]
}

fn small_blocks_stay_whole() {
    holds_for(vec(step(1..=512_usize), 0..40), |story| tell(&story));
}

fn any_story_ends_well() {
    let size = prop_oneof![4 => 1..80_usize, 2 => 80..600_usize, 1 => 600..4000_usize];
    holds_for(vec(step(size), 0..40), |story| tell(&story));
}

/// Does what `story` says, and looks at each block that comes or goes.
fn tell(story: &[Step]) {
    let mut memory = vec![0_u64; WORDS];
    let start = NonNull::from(&mut memory[..]).cast::<u8>();
    let mut pool = Classes::EMPTY;
    // SAFETY: the memory is ours, and outlives the pool.
    unsafe { pool.extend(start, WORDS * 8) };
    let all = start.addr().get()..start.addr().get() + WORDS * 8;
    let mut out: Vec<Block> = Vec::new();
    for (number, step) in story.iter().enumerate() {
        match *step {
            Step::Allocate { size, power } => {
                let layout = Layout::from_size_align(size, 1 << power);
                let layout = layout.expect("the size is small");
                let Some(start) = pool.allocate(layout) else { continue };
                expect((story, "is it free", layout), is_free(&all, &out, start, layout), true);
                let fill = number as u8;
                // SAFETY: the block lies in the memory, apart from all others.
                unsafe { start.write_bytes(fill, size) };
                out.push(Block { start, layout, fill });
            }
            Step::Free { which } if !out.is_empty() => {
                let block = out.swap_remove(which % out.len());
                come_and_go(&mut pool, block, story);
            }
            Step::Free { .. } => {}
        }
    }
    out.into_iter().for_each(|block| come_and_go(&mut pool, block, story));
}

/// Whether a new block is aligned, lies in the memory, and is apart from all that are out.
fn is_free(all: &Range<usize>, out: &[Block], start: NonNull<u8>, layout: Layout) -> bool {
    let range = |start: NonNull<u8>, size| start.addr().get()..start.addr().get() + size;
    let new = range(start, layout.size());
    let is_apart = |block: &Block| {
        let old = range(block.start, block.layout.size());
        new.end <= old.start || old.end <= new.start
    };
    new.start.is_multiple_of(layout.align())
        && all.start <= new.start
        && new.end <= all.end
        && out.iter().all(is_apart)
}

/// Gives a block back, which must be as it was written. Then there must be another one like it.
fn come_and_go(pool: &mut Classes, block: Block, story: &[Step]) {
    let Block { start, layout, fill } = block;
    // SAFETY: the block is this long, and all of it was written.
    let bytes = unsafe { core::slice::from_raw_parts(start.as_ptr(), layout.size()) };
    let is_whole = bytes.iter().all(|byte| *byte == fill);
    expect((story, "is what was written still there", layout), is_whole, true);
    // SAFETY: the block came from this pool with this layout, and is forgotten here.
    unsafe { pool.free(start, layout) };
    let again = pool.allocate(layout);
    expect((story, "is there one, when one came back", layout), again.is_some(), true);
    if let Some(again) = again {
        // SAFETY: it was given out above, with this layout.
        unsafe { pool.free(again, layout) };
    }
}
