//! The frames of some regions, behind the face of the bitmap; `runs.rs` finds those in a row.
//!
//! Given, not to be written: this file only translates.
//!
//! ```text
//!  frames ── allocate_run ──> this file ── find_run ──> runs.rs
//! ```

use core::ops::Range;

use super::address;
use address::{FRAME_SIZE, PhysAddr};
use frames::{Frames, frames_in};

mod frames;
#[allow(dead_code, reason = "only its types are used")]
#[path = "../../src/memory/bitmap.rs"]
mod original;
#[forbid(unsafe_code)]
mod runs;
#[cfg(feature = "ktest")]
mod tests;

pub use original::{FrameError, Statistics};

/// The frames of some regions, free or not.
pub struct Bitmap<'a> {
    frames: Frames<'a>,
    free: usize,
}

/// How many words a bitmap of `ranges` needs.
pub fn words_needed(ranges: impl Iterator<Item = Range<PhysAddr>>) -> usize {
    Frames::words_for(ranges.map(|range| frames_in(&range)).sum())
}

impl<'a> Bitmap<'a> {
    /// Makes a bitmap in `words`, whatever they hold, of the whole frames in `ranges`, all free.
    /// What does not fit into it is left out.
    pub fn new(words: &'a mut [u64], ranges: impl Iterator<Item = Range<PhysAddr>>) -> Self {
        let frames = Frames::new(words, ranges);
        let free = frames.count();
        Self { frames, free }
    }

    /// Keeps a whole region from being given out. One that was left out is not given out anyway.
    #[allow(dead_code, reason = "the next chapter asks for it")]
    pub fn reserve(&mut self, range: &Range<PhysAddr>) {
        if let Some(first) = self.frames.number(range.start.align_up(FRAME_SIZE)) {
            self.take(first, frames_in(range));
        }
    }

    /// Gives out a frame.
    pub fn allocate(&mut self) -> Result<PhysAddr, FrameError> {
        let found = self.frames.first_free(0..self.frames.count());
        Ok(self.take(found.ok_or(FrameError::OutOfFrames { count: 1 })?, 1))
    }

    /// Gives out `count` frames that lie side by side, the first at a multiple of `alignment` bytes
    /// (a power of two, at least [`FRAME_SIZE`]).
    pub fn allocate_run(&mut self, count: usize, alignment: u64) -> Result<PhysAddr, FrameError> {
        // What is not there is not searched for, and what is no run is not given out.
        let is_possible = count <= self.frames.largest_run();
        let found = is_possible.then(|| runs::find_run(&self.frames, count, alignment)).flatten();
        let found = found.filter(|first| self.frames.is_run(*first, count));
        Ok(self.take(found.ok_or(FrameError::OutOfFrames { count })?, count))
    }

    /// Takes back `count` frames from `start` on. If one of them cannot be taken back, none is.
    pub fn free(&mut self, start: PhysAddr, count: usize) -> Result<(), FrameError> {
        let foreign = |frame| FrameError::Foreign { frame };
        let first = self.frames.number(start).ok_or(foreign(start))?;
        for (number, frame) in (first..first + count).zip(0_u64..) {
            let frame = start + frame * FRAME_SIZE;
            if self.frames.number(frame) != Some(number) {
                return Err(foreign(frame));
            }
        }
        if let Some(free) = self.frames.first_free(first..first + count) {
            return Err(FrameError::AlreadyFree { frame: self.frames.address(free) });
        }
        self.frames.mark_free(first..first + count);
        self.free += count;
        Ok(())
    }

    /// Counts the frames.
    pub fn statistics(&self) -> Statistics {
        let (total, largest_run) = (self.frames.count(), self.frames.largest_run());
        Statistics { total, free: self.free, largest_run }
    }

    /// Marks `count` frames as given out, and returns the address of the first.
    fn take(&mut self, first: usize, count: usize) -> PhysAddr {
        self.frames.mark_used(first..first + count);
        self.free -= count;
        self.frames.address(first)
    }
}
