//! The bitmap does what the model does, whatever is asked of it.

use std::ops::Range;

use host_tests::holds_for;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::TestCaseResult;

use crate::memory::address::{FRAME_SIZE, PhysAddr};
use crate::memory::bitmap::{Bitmap, FrameError, words_needed};
use crate::model::{Model, memory};

/// What is asked of the bitmap.
#[derive(Clone, Debug)]
enum Step {
    /// A frame.
    Allocate,
    /// A run of `count` frames.
    AllocateRun { count: usize, alignment: u64 },
    /// To take back what was given out.
    Free { which: Index },
    /// To take back something else, near what was given out.
    FreeOther { which: Index, frames_off: i64, bytes_off: u64, count: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let alignment = prop_oneof![0..12_u32, 12..20_u32, 0..64_u32].prop_map(|shift| 1 << shift);
    let count = || prop_oneof![0..8_usize, 0..150_usize, select(vec![64, 128, usize::MAX])];
    let bytes_off = prop_oneof![4 => Just(0), 1 => 1..FRAME_SIZE];
    prop_oneof![
        4 => Just(Step::Allocate),
        4 => (count(), alignment)
            .prop_map(|(count, alignment)| Step::AllocateRun { count, alignment }),
        4 => any::<Index>().prop_map(|which| Step::Free { which }),
        1 => (any::<Index>(), -70..70_i64, bytes_off, count()).prop_map(
            |(which, frames_off, bytes_off, count)| {
                Step::FreeOther { which, frames_off, bytes_off, count }
            }
        ),
    ]
}

/// A bitmap, its model, and what was given out.
struct Pair<'a> {
    bitmap: Bitmap<'a>,
    model: Model,
    runs: Vec<(PhysAddr, usize)>,
}

impl<'a> Pair<'a> {
    fn new(words: &'a mut Vec<u64>, memory: &[Range<PhysAddr>]) -> Self {
        words.resize(words_needed(memory.iter().cloned()), 0x5555_aaaa_5555_aaaa);
        let bitmap = Bitmap::new(words, memory.iter().cloned());
        Self { bitmap, model: Model::new(memory), runs: Vec::new() }
    }

    fn take(&mut self, step: &Step) -> TestCaseResult {
        match *step {
            Step::Allocate => self.allocate()?,
            Step::AllocateRun { count, alignment } => self.allocate_run(count, alignment)?,
            Step::Free { .. } | Step::FreeOther { .. } if self.runs.is_empty() => (),
            Step::Free { which } => {
                let (start, count) = self.runs.swap_remove(which.index(self.runs.len()));
                self.free(start, count)?;
            }
            Step::FreeOther { which, frames_off, bytes_off, count } => {
                let (start, _) = *which.get(&self.runs);
                let off = (frames_off * FRAME_SIZE as i64) as u64 + bytes_off;
                self.free(PhysAddr(start.0.wrapping_add(off)), count)?;
            }
        }
        prop_assert_eq!(self.bitmap.statistics(), self.model.statistics());
        Ok(())
    }

    fn allocate(&mut self) -> TestCaseResult {
        let expected = self.model.allocate().map(|frame| PhysAddr(frame * FRAME_SIZE));
        let found = self.bitmap.allocate();
        prop_assert_eq!(found, expected.ok_or(FrameError::OutOfFrames { count: 1 }));
        self.runs.extend(expected.map(|frame| (frame, 1)));
        Ok(())
    }

    /// Which run is given out, if there are several, is the bitmap's choice.
    fn allocate_run(&mut self, count: usize, alignment: u64) -> TestCaseResult {
        match self.bitmap.allocate_run(count, alignment) {
            Ok(start) => {
                prop_assert!(start.is_aligned(FRAME_SIZE));
                let first = start.0 / FRAME_SIZE;
                prop_assert!(self.model.is_run(first, count as u64, alignment), "{:?}", start);
                self.model.free.retain(|frame| !(first..first + count as u64).contains(frame));
                self.runs.push((start, count));
            }
            Err(error) => {
                prop_assert_eq!(error, FrameError::OutOfFrames { count });
                prop_assert!(!self.model.has_run(count as u64, alignment), "there is one");
            }
        }
        Ok(())
    }

    fn free(&mut self, start: PhysAddr, count: usize) -> TestCaseResult {
        let expected = self.model.take_back(start, count);
        prop_assert_eq!(self.bitmap.free(start, count), expected);
        Ok(())
    }

    /// Takes what is free, frame by frame, and then gives all back.
    fn drain_and_refill(&mut self) -> TestCaseResult {
        for _ in 0..=self.model.free.len() {
            self.allocate()?;
        }
        for frame in self.model.given_out() {
            self.free(PhysAddr(frame * FRAME_SIZE), 1)?;
        }
        let statistics = self.bitmap.statistics();
        prop_assert_eq!(statistics.free, statistics.total);
        prop_assert_eq!(statistics, self.model.statistics());
        Ok(())
    }
}

#[test]
fn a_bitmap_is_a_set_of_free_frames() {
    holds_for((memory(), vec(step(), 0..150)), |(memory, steps)| {
        let mut words = Vec::new();
        let mut pair = Pair::new(&mut words, &memory);
        for step in steps {
            pair.take(&step)?;
        }
        pair.drain_and_refill()
    });
}

/// Frames that were never given out cannot be taken back, and the attempt changes nothing.
#[test]
fn all_frames_are_free_at_first() {
    holds_for(memory(), |memory| {
        let mut words = Vec::new();
        let mut pair = Pair::new(&mut words, &memory);
        for frame in pair.model.regions.clone().into_iter().flatten() {
            let frame = PhysAddr(frame * FRAME_SIZE);
            prop_assert_eq!(pair.bitmap.free(frame, 1), Err(FrameError::AlreadyFree { frame }));
        }
        prop_assert_eq!(pair.bitmap.statistics(), pair.model.statistics());
        pair.drain_and_refill()
    });
}
