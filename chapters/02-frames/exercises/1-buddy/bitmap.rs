//! The frames of some regions, behind the face of the bitmap, in the blocks of a buddy allocator.
//!
//! Given, not to be written: this file only translates. Frames are numbered from an address on that
//! is aligned for the largest block, so that a block is as aligned in memory as in its number.
//!
//! ```text
//!  frames ── allocate_run, free ──> this file ── allocate, free ──> buddy.rs
//! ```

use core::ops::Range;

use super::address;
use address::{FRAME_SIZE, PhysAddr, whole_frames};
use blocks::Blocks;

mod blocks;
#[forbid(unsafe_code)]
mod buddy;
#[allow(dead_code, reason = "only its types are used")]
#[path = "../../src/memory/bitmap.rs"]
mod original;
#[cfg(feature = "ktest")]
mod tests;

pub use original::{FrameError, Statistics};

/// How many regions there can be.
const CAPACITY: usize = 32;

/// A piece of memory and its blocks.
struct Region<'a> {
    /// The address of frame 0.
    base: PhysAddr,
    /// The frames that there are.
    frames: Range<usize>,
    blocks: Blocks<'a>,
}

/// The frames of some regions, free or not.
pub struct Bitmap<'a> {
    regions: [Option<Region<'a>>; CAPACITY],
    total: usize,
    free: usize,
}

/// How many words the blocks of `ranges` need.
pub fn words_needed(ranges: impl Iterator<Item = Range<PhysAddr>>) -> usize {
    ranges.map(|range| Blocks::words_for(numbers(&range).1.end)).sum()
}

/// The address of frame 0, and the numbers of the whole frames in `range`.
fn numbers(range: &Range<PhysAddr>) -> (PhysAddr, Range<usize>) {
    let Range { start, end } = whole_frames(range);
    let largest = ((end - start).max(1)).next_power_of_two().max(FRAME_SIZE);
    let base = start.align_down(largest);
    (base, ((start - base) / FRAME_SIZE) as usize..((end - base) / FRAME_SIZE) as usize)
}

impl<'a> Bitmap<'a> {
    /// Makes the blocks of the whole frames in `ranges`, all free, in `words`, whatever they hold.
    pub fn new(words: &'a mut [u64], ranges: impl Iterator<Item = Range<PhysAddr>>) -> Self {
        let mut bitmap = Self { regions: [const { None }; CAPACITY], total: 0, free: 0 };
        let mut rest = words;
        let ranges = ranges.filter(|range| !numbers(range).1.is_empty());
        for (place, range) in bitmap.regions.iter_mut().zip(ranges) {
            let (base, frames) = numbers(&range);
            let (own, others) = rest.split_at_mut(Blocks::words_for(frames.end).min(rest.len()));
            rest = others;
            let mut region = Region { base, blocks: Blocks::new(own, frames.end), frames };
            region.free(region.frames.clone());
            bitmap.total += region.frames.len();
            *place = Some(region);
        }
        bitmap.free = bitmap.total;
        bitmap
    }

    /// Keeps the frames in `range`, all of them free and of one region, from being given out.
    #[allow(dead_code, reason = "the next chapter asks for it")]
    pub fn reserve(&mut self, range: &Range<PhysAddr>) {
        let (start, end) = (whole_frames(range).start, whole_frames(range).end);
        let count = ((end - start) / FRAME_SIZE) as usize;
        let mut regions = self.regions.iter_mut().flatten();
        if let Some((region, first)) = regions.find_map(|it| it.number(start).map(|at| (it, at))) {
            (first..first + count).for_each(|frame| region.blocks.take(frame));
            self.free -= count;
        }
    }

    /// Gives out a frame.
    pub fn allocate(&mut self) -> Result<PhysAddr, FrameError> {
        self.allocate_run(1, FRAME_SIZE)
    }

    /// Gives out `count` frames that lie side by side, the first at a multiple of `alignment` bytes
    /// (a power of two, at least [`FRAME_SIZE`]).
    pub fn allocate_run(&mut self, count: usize, alignment: u64) -> Result<PhysAddr, FrameError> {
        let mut regions = self.regions.iter_mut().flatten();
        let found = regions.find_map(|region| region.allocate(count, alignment));
        let start = found.ok_or(FrameError::OutOfFrames { count })?;
        self.free -= count;
        Ok(start)
    }

    /// Takes back `count` frames from `start` on. If one of them cannot be taken back, none is.
    pub fn free(&mut self, start: PhysAddr, count: usize) -> Result<(), FrameError> {
        let mut regions = self.regions.iter_mut().flatten();
        let found = regions.find_map(|region| region.number(start).map(|first| (region, first)));
        let (region, first) = found.ok_or(FrameError::Foreign { frame: start })?;
        if count > region.frames.end - first {
            return Err(FrameError::Foreign { frame: region.address(region.frames.end) });
        }
        let frames = first..first + count;
        if let Some(frame) = frames.clone().find(|frame| region.blocks.has_free(*frame)) {
            return Err(FrameError::AlreadyFree { frame: region.address(frame) });
        }
        region.free(frames);
        self.free += count;
        Ok(())
    }

    /// Counts the frames. As a run counts what can be had at once: the largest block.
    pub fn statistics(&self) -> Statistics {
        let largest = self.regions.iter().flatten().filter_map(|it| it.blocks.largest()).max();
        let largest_run = largest.map_or(0, |order| 1 << order);
        Statistics { total: self.total, free: self.free, largest_run }
    }
}

impl Region<'_> {
    fn address(&self, frame: usize) -> PhysAddr {
        self.base + frame as u64 * FRAME_SIZE
    }

    /// The number of the frame at `address`, if it starts a frame here.
    fn number(&self, address: PhysAddr) -> Option<usize> {
        let is_above = address >= self.base && address.is_aligned(FRAME_SIZE);
        let frame = is_above.then(|| ((address - self.base) / FRAME_SIZE) as usize)?;
        self.frames.contains(&frame).then_some(frame)
    }

    /// Takes a block that is large and aligned enough, and gives back what is too much of it.
    fn allocate(&mut self, count: usize, alignment: u64) -> Option<PhysAddr> {
        let size = count.max((alignment / FRAME_SIZE) as usize).checked_next_power_of_two()?;
        let first = buddy::allocate(&mut self.blocks, size.ilog2() as usize)?;
        self.free(first + count..first + size);
        Some(self.address(first))
    }

    /// Gives back `frames`, in the largest blocks that they are made of.
    fn free(&mut self, frames: Range<usize>) {
        let mut first = frames.start;
        while first < frames.end {
            let order = first.trailing_zeros().min((frames.end - first).ilog2()) as usize;
            let order = order.min(self.blocks.orders() - 1);
            buddy::free(&mut self.blocks, first, order);
            first += 1 << order;
        }
    }
}
