//! What it costs to take a frame and give it back, and the same for 512 in a row.
//!
//! Everyone keeps account of as many frames as the kernel has; the others only count, since memory
//! that is not used need not be there.

mod peers;

use alloc::vec::Vec;
use core::hint::black_box;

use crate::bench::Bench;
use crate::memory::address::{FRAME_SIZE, PhysAddr};
use crate::memory::frames::{self, Frame, FrameRun};
use crate::random::Random;
use peers::{Buddy, Naive, Nothing, Stack};

/// Frames in a page of 2 MiB.
const RUN: usize = 512;

/// What gives out frames, by their numbers, and takes them back.
trait Frames {
    /// The run that [`Frames::allocate_run`] gives out.
    type Run;

    /// Gives out a frame.
    fn allocate(&mut self) -> Option<usize>;

    /// Takes back a frame that was given out.
    fn free(&mut self, frame: usize);

    /// Gives out [`RUN`] frames in a row, aligned so; `None` from who cannot.
    fn allocate_run(&mut self) -> Option<Self::Run>;

    /// Takes back a run.
    fn free_run(&mut self, run: Self::Run);

    /// Gives out all frames, as many as fit into `held` without moving it.
    fn allocate_all(&mut self, held: &mut Vec<usize>) {
        while held.len() < held.capacity()
            && let Some(frame) = self.allocate()
        {
            held.push(frame);
        }
    }
}

/// The kernel's own.
struct Kernel;

impl Frames for Kernel {
    type Run = FrameRun;

    fn allocate(&mut self) -> Option<usize> {
        frames::allocate().ok().map(|frame| (frame.into_start().0 / FRAME_SIZE) as usize)
    }

    fn free(&mut self, frame: usize) {
        // SAFETY: it comes from `allocate` above, and is freed once; nothing is kept in it.
        drop(unsafe { Frame::from_start(PhysAddr(frame as u64 * FRAME_SIZE)) });
    }

    fn allocate_run(&mut self) -> Option<FrameRun> {
        frames::allocate_run(RUN, RUN as u64 * FRAME_SIZE).ok()
    }

    fn free_run(&mut self, run: FrameRun) {
        drop(run);
    }
}

/// Measures the kernel and the others.
pub fn measure(bench: &mut Bench) {
    let total = frames::statistics().total;
    let mut held = Vec::with_capacity(total);
    let empty = Costs::of(&mut Nothing(total), bench, &mut held);
    let kernel = Costs::of(&mut Kernel, bench, &mut held);
    let naive = Costs::of(&mut Naive::new(total), bench, &mut held);
    let stack = Costs::of(&mut Stack::new(total), bench, &mut held);
    let buddy = Costs::of(&mut Buddy::new(total), bench, &mut held);
    for (by, costs) in [("kernel", kernel), ("naive", naive), ("stack", stack), ("buddy", buddy)] {
        costs.note(bench, by, &empty);
    }
}

/// What all repetitions of each operation cost.
struct Costs {
    /// To take a frame and give it back when nothing else is held.
    single: u64,
    /// To give back one of many frames and take another.
    half_held: u64,
    /// To take a run and give it back when nothing else is held.
    run: Option<u64>,
    /// The same when no run is free in the lower half of memory.
    run_above: Option<u64>,
}

impl Costs {
    fn of(frames: &mut impl Frames, bench: &Bench, held: &mut Vec<usize>) -> Self {
        let single = single(frames, bench);
        let run = run(frames, bench);

        let mut random = Random::new();
        hold(frames, held, |_, _| random.below(2) == 0);
        let half_held = exchange(frames, bench, held, random);
        release(frames, held);

        hold(frames, held, |index, total| index < total / 2 && index % RUN == RUN / 2);
        let run_above = self::run(frames, bench);
        release(frames, held);
        Self { single, half_held, run, run_above }
    }

    fn note(&self, bench: &mut Bench, by: &'static str, empty: &Self) {
        bench.note("frame", by, self.single, empty.single);
        bench.note("frame-half-held", by, self.half_held, empty.half_held);
        let runs = [("run", self.run, empty.run), ("run-above", self.run_above, empty.run_above)];
        for (operation, cost, empty) in runs {
            if let (Some(cost), Some(empty)) = (cost, empty) {
                bench.note(operation, by, cost, empty);
            }
        }
    }
}

/// Takes a frame and gives it back.
fn single(frames: &mut impl Frames, bench: &Bench) -> u64 {
    bench.cost(|| {
        let frame = frames.allocate().expect("nothing is held");
        frames.free(black_box(frame));
    })
}

/// Takes a run and gives it back, if that can be done at all.
fn run(frames: &mut impl Frames, bench: &Bench) -> Option<u64> {
    let first = frames.allocate_run()?;
    frames.free_run(first);
    Some(bench.cost(|| {
        let run = frames.allocate_run().expect("there was one before");
        frames.free_run(black_box(run));
    }))
}

/// Gives back a frame of those in `held`, chosen by `random`, and takes another in its place.
fn exchange(
    frames: &mut impl Frames,
    bench: &Bench,
    held: &mut [usize],
    mut random: Random,
) -> u64 {
    bench.cost(|| {
        let place = &mut held[random.below(held.len())];
        frames.free(black_box(*place));
        *place = black_box(frames.allocate().expect("one was given back"));
    })
}

/// Takes those frames of which `is_held` is true, given the place among all and their number.
fn hold(
    frames: &mut impl Frames,
    held: &mut Vec<usize>,
    mut is_held: impl FnMut(usize, usize) -> bool,
) {
    frames.allocate_all(held);
    held.sort_unstable();
    let (total, mut index) = (held.len(), 0);
    held.retain(|frame| {
        let stays = is_held(index, total);
        index += 1;
        if !stays {
            frames.free(*frame);
        }
        stays
    });
}

/// Gives all frames in `held` back.
fn release(frames: &mut impl Frames, held: &mut Vec<usize>) {
    held.drain(..).for_each(|frame| frames.free(frame));
}
