//! Blocks that come and go in any order, against a model: the set of the frames that are free.

use blocks::Blocks;
use exercise_host::{Property, holds_for, properties};
use ktest::expect;
use proptest::collection::vec;
use proptest::prelude::*;

#[allow(dead_code, reason = "the kernel uses what no property here does")]
mod blocks;
#[forbid(unsafe_code)]
mod buddy;

/// What is tried.
pub const PROPERTIES: &[Property] = properties![any_story_ends_well];

/// Frames of the model.
const FRAMES: usize = 32;

/// What is done.
#[derive(Clone, Copy, Debug)]
enum Step {
    Allocate {
        order: usize,
    },
    /// Gives back one of those that are out, modulo their number.
    Free {
        which: usize,
    },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..5_usize).prop_map(|order| Step::Allocate { order }),
        (0..8_usize).prop_map(|which| Step::Free { which }),
    ]
}

/// Whether 2^`order` frames from a multiple of that on are all free.
fn has_block(free: &[bool; FRAMES], order: usize) -> bool {
    free.chunks(1 << order).any(|block| block.len() == 1 << order && block.iter().all(|it| *it))
}

fn any_story_ends_well() {
    holds_for(vec(step(), 0..24), |story| {
        let mut words = [0; FRAMES];
        let mut blocks = Blocks::new(&mut words, FRAMES);
        buddy::free(&mut blocks, 0, 5);
        let mut model = [true; FRAMES];
        let mut out: Vec<(usize, usize)> = Vec::new();
        for step in &story {
            match *step {
                Step::Allocate { order } => take(&mut blocks, &mut model, &mut out, order, &story),
                Step::Free { which } if !out.is_empty() => {
                    let (first, order) = out.swap_remove(which % out.len());
                    model[first..first + (1 << order)].fill(true);
                    buddy::free(&mut blocks, first, order);
                }
                Step::Free { .. } => {}
            }
            let free: Vec<usize> = (0..FRAMES).filter(|frame| blocks.has_free(*frame)).collect();
            let expected: Vec<usize> = (0..FRAMES).filter(|frame| model[*frame]).collect();
            expect(&story, free, expected);
        }
        out.drain(..).for_each(|(first, order)| buddy::free(&mut blocks, first, order));
        expect((&story, "then all back; largest"), blocks.largest(), Some(5));
    });
}

fn take(
    blocks: &mut Blocks,
    model: &mut [bool; FRAMES],
    out: &mut Vec<(usize, usize)>,
    order: usize,
    story: &[Step],
) {
    let found = buddy::allocate(blocks, order);
    expect((story, "is there one"), found.is_some(), has_block(model, order));
    let Some(first) = found else { return };
    let block = first..first + (1 << order);
    let is_free = block.end <= FRAMES && model[block.clone()].iter().all(|it| *it);
    let is_aligned = first.is_multiple_of(1 << order);
    expect((story, "is it aligned and free", block.clone()), is_aligned && is_free, true);
    model[block].fill(false);
    out.push((first, order));
}
