//! Measurements: an operation, who did it, how often, and what it cost.

use alloc::vec::Vec;
use core::hint::black_box;

use crate::clock;

/// Room for results. They are on the heap that is measured too, so it does not grow in between.
const CAPACITY: usize = 64;

/// The measurements so far.
pub struct Bench {
    /// How often each operation is done.
    pub repetitions: usize,
    results: Vec<Measurement>,
}

/// What `count` repetitions cost.
struct Measurement {
    operation: &'static str,
    by: &'static str,
    count: usize,
    instructions: u64,
}

impl Bench {
    /// No measurements yet.
    pub fn new(repetitions: usize) -> Self {
        Self { repetitions, results: Vec::with_capacity(CAPACITY) }
    }

    /// The instructions of all repetitions of `act`, and of the loop around it.
    pub fn cost(&self, act: impl FnMut()) -> u64 {
        cost(self.repetitions, act)
    }

    /// Measures `act`, which does `operation` `count` times; as often as it takes.
    pub fn batch(
        &mut self,
        operation: &'static str,
        by: &'static str,
        count: usize,
        act: impl FnMut(),
    ) {
        let batches = self.repetitions.div_ceil(count);
        let instructions = cost(batches, act);
        let count = batches * count;
        self.results.push(Measurement { operation, by, count, instructions });
    }

    /// Notes that `by` did `operation` at a `cost` of which `empty` is the loop's.
    pub fn note(&mut self, operation: &'static str, by: &'static str, cost: u64, empty: u64) {
        let (count, instructions) = (self.repetitions, cost.saturating_sub(empty));
        self.results.push(Measurement { operation, by, count, instructions });
    }

    /// Notes that `by` did `operation` `count` times, which took so many `instructions`.
    pub fn note_count(
        &mut self,
        operation: &'static str,
        by: &'static str,
        count: usize,
        instructions: u64,
    ) {
        self.results.push(Measurement { operation, by, count, instructions });
    }

    /// Prints a line for each measurement.
    pub fn print(&self) {
        for Measurement { operation, by, count, instructions } in &self.results {
            println!("bench {operation}/{by} {count} {instructions}");
        }
    }
}

#[inline(never)]
fn cost(repetitions: usize, mut act: impl FnMut()) -> u64 {
    let start = clock::instructions();
    for _ in 0..repetitions {
        act();
        // An empty loop must stay one.
        black_box(());
    }
    clock::instructions() - start
}
