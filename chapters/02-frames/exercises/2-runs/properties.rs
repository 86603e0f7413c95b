//! Frames in a row in any memory, against a model that tries every frame as the first.

use core::ops::Range;

use address::{FRAME_SIZE, PhysAddr};
use exercise_host::{Property, holds_for, properties};
use frames::Frames;
use ktest::expect;
use proptest::collection::vec;
use proptest::prelude::*;

#[allow(dead_code, reason = "the kernel uses what no property here does")]
#[path = "../../src/memory/address.rs"]
mod address;
#[allow(dead_code, reason = "the kernel uses what no property here does")]
mod frames;
#[forbid(unsafe_code)]
mod runs;

/// What is tried.
pub const PROPERTIES: &[Property] = properties![any_memory_is_searched];

/// What is asked for in which memory. All is in units of a frame.
#[derive(Clone, Debug)]
#[allow(dead_code, reason = "shown, if it fails")]
struct Case {
    regions: Vec<Range<u64>>,
    in_use: Vec<u64>,
    count: usize,
    alignment: u64,
}

fn case() -> impl Strategy<Value = Case> {
    let regions = vec((0..4_u64, 1..12_u64), 1..5);
    (regions, vec(any::<prop::sample::Index>(), 0..6), 1..6_usize, 0..4_u32).prop_map(
        |(sizes, used, count, shift)| {
            let mut end = 0;
            let regions = sizes.into_iter().map(|(gap, size)| {
                let start = end + gap;
                end = start + size;
                start..end
            });
            let regions: Vec<Range<u64>> = regions.collect();
            let all: Vec<u64> = regions.iter().cloned().flatten().collect();
            let mut in_use: Vec<u64> = used.iter().map(|index| *index.get(&all)).collect();
            in_use.sort_unstable();
            in_use.dedup();
            Case { regions, in_use, count, alignment: 1 << shift }
        },
    )
}

impl Case {
    /// The addresses of the frames, by number.
    fn addresses(&self) -> Vec<u64> {
        self.regions.iter().cloned().flatten().collect()
    }

    /// The answer, by definition.
    fn answer(&self) -> Option<usize> {
        let all = self.addresses();
        (0..all.len()).find(|first| {
            let run = all[*first]..all[*first] + self.count as u64;
            let is_there = |frame: u64| all.contains(&frame) && !self.in_use.contains(&frame);
            run.start.is_multiple_of(self.alignment) && run.into_iter().all(is_there)
        })
    }
}

fn any_memory_is_searched() {
    holds_for(case(), |case| {
        let mut words = [0; 2];
        let address = |frame: u64| PhysAddr(frame * FRAME_SIZE);
        let ranges = case.regions.iter().map(|it| address(it.start)..address(it.end));
        let mut frames = Frames::new(&mut words, ranges);
        for used in &case.in_use {
            let number = frames.number(address(*used)).expect("it is one of them");
            frames.mark_used(number..number + 1);
        }
        let seen = runs::find_run(&frames, case.count, case.alignment * FRAME_SIZE);
        expect(&case, seen, case.answer());
    });
}
