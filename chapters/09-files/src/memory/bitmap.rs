//! Which frames are free: one bit each.
//!
//! A set bit is a free frame, so a word without one is zero and is passed over at a glance, and the
//! first free frame of a word is its number of trailing zeros. The search for one frame goes on
//! where the last one ended and wraps around (next fit). That gives every frame its turn, and costs
//! little: a word that was found empty is not looked at again before the search comes around.
//!
//! Memory is not one piece, so there are several regions. Each starts with a word of its own, and a
//! word never speaks of two regions; so a run of frames that lie side by side is a run of bits that
//! does not leave its region.
//!
//! ```text
//!  region 0: 70 frames          region 1: 3 frames
//!  |word 0, 64 bits|word 1, 6|  |word 2, 3|
//! ```

use core::fmt;
use core::ops::Range;

use super::address::{FRAME_SIZE, PhysAddr, whole_frames};

/// How many regions there can be.
const CAPACITY: usize = 128;

/// Frames that one word speaks of.
const WORD: usize = u64::BITS as usize;

/// Why frames could not be given out or taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameError {
    /// No `count` frames lie side by side and free.
    OutOfFrames { count: usize },
    /// The frame is not one of those that are given out here.
    Foreign { frame: PhysAddr },
    /// The frame is free already.
    AlreadyFree { frame: PhysAddr },
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::OutOfFrames { count: 1 } => write!(f, "no frame is left"),
            Self::OutOfFrames { count } => write!(f, "no {count} frames in a row are left"),
            Self::Foreign { frame } => write!(f, "{frame:?} is no frame of ours"),
            Self::AlreadyFree { frame } => write!(f, "frame {frame:?} is free already"),
        }
    }
}

impl core::error::Error for FrameError {}

/// How much there is of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statistics {
    /// Frames that can be given out at all.
    pub total: usize,
    /// Those that are free now.
    pub free: usize,
    /// The most that lie side by side and free.
    pub largest_run: usize,
}

/// A piece of memory, and the bits that speak of it.
#[derive(Clone, Copy, Debug, Default)]
struct Region {
    start: PhysAddr,
    frames: usize,
    /// The number of the first bit.
    first: usize,
}

impl Region {
    fn bits(&self) -> Range<usize> {
        self.first..self.first + self.frames
    }

    fn address(&self, bit: usize) -> PhysAddr {
        self.start + (bit - self.first) as u64 * FRAME_SIZE
    }

    /// The bit of the frame at `address`, if it starts a frame here.
    fn bit(&self, address: PhysAddr) -> Option<usize> {
        let end = self.address(self.bits().end);
        let is_here = (self.start..end).contains(&address) && address.is_aligned(FRAME_SIZE);
        is_here.then(|| self.first + ((address - self.start) / FRAME_SIZE) as usize)
    }
}

/// The frames of some regions, free or not.
pub struct Bitmap<'a> {
    words: &'a mut [u64],
    regions: [Region; CAPACITY],
    region_count: usize,
    total: usize,
    free: usize,
    /// The bit at which the next search begins.
    hint: usize,
}

/// How many words a bitmap of `ranges` needs.
pub fn words_needed(ranges: impl Iterator<Item = Range<PhysAddr>>) -> usize {
    ranges.map(|range| frames_in(&range).div_ceil(WORD)).sum()
}

fn frames_in(range: &Range<PhysAddr>) -> usize {
    let whole = whole_frames(range);
    ((whole.end - whole.start) / FRAME_SIZE) as usize
}

impl<'a> Bitmap<'a> {
    /// Makes a bitmap in `words`, whatever they hold, of the whole frames in `ranges`, all free.
    /// What does not fit into it is left out.
    pub fn new(words: &'a mut [u64], ranges: impl Iterator<Item = Range<PhysAddr>>) -> Self {
        words.fill(0);
        let regions = [Region::default(); CAPACITY];
        let mut bitmap = Self { words, regions, region_count: 0, total: 0, free: 0, hint: 0 };
        let mut word = 0;
        for range in ranges.filter(|range| frames_in(range) > 0).take(CAPACITY) {
            let room = (bitmap.words.len() - word) * WORD;
            let frames = frames_in(&range).min(room);
            let start = whole_frames(&range).start;
            bitmap.add(Region { start, frames, first: word * WORD });
            word += frames.div_ceil(WORD);
        }
        bitmap
    }

    /// Adds a region whose frames are free.
    fn add(&mut self, region: Region) {
        self.regions[self.region_count] = region;
        self.region_count += 1;
        self.total += region.frames;
        self.set(region.bits());
    }

    /// Keeps a whole region from being given out. One that was left out is not given out anyway.
    pub fn reserve(&mut self, range: &Range<PhysAddr>) {
        let start = whole_frames(range).start;
        let mut regions = self.regions[..self.region_count].iter();
        if let Some(bits) = regions.find(|region| region.start == start).map(Region::bits) {
            assert!(self.last_used(bits.clone()).is_none(), "{range:?} is given out already");
            self.clear(bits);
        }
    }

    /// Gives out a frame.
    pub fn allocate(&mut self) -> Result<PhysAddr, FrameError> {
        let end = self.words.len() * WORD;
        let found = self.first_free(self.hint..end).or_else(|| self.first_free(0..self.hint));
        let bit = found.ok_or(FrameError::OutOfFrames { count: 1 })?;
        self.hint = bit + 1;
        self.clear(bit..bit + 1);
        Ok(self.address(bit))
    }

    /// Gives out `count` frames that lie side by side, the first at a multiple of `alignment` bytes
    /// (a power of two, at least [`FRAME_SIZE`]).
    pub fn allocate_run(&mut self, count: usize, alignment: u64) -> Result<PhysAddr, FrameError> {
        let regions = &self.regions[..self.region_count];
        let found = regions.iter().find_map(|region| self.find_run(region, count, alignment));
        let bit = found.ok_or(FrameError::OutOfFrames { count })?;
        self.clear(bit..bit + count);
        Ok(self.address(bit))
    }

    /// Takes back `count` frames from `start` on. If one of them cannot be taken back, none is.
    pub fn free(&mut self, start: PhysAddr, count: usize) -> Result<(), FrameError> {
        let foreign = |frame| FrameError::Foreign { frame };
        let regions = &self.regions[..self.region_count];
        let found = regions.iter().find_map(|region| Some((region, region.bit(start)?)));
        let (region, first) = found.ok_or(foreign(start))?;
        let end = region.bits().end;
        if count > end - first {
            return Err(foreign(region.address(end)));
        }
        let bits = first..first + count;
        if let Some(bit) = self.first_free(bits.clone()) {
            return Err(FrameError::AlreadyFree { frame: region.address(bit) });
        }
        self.set(bits);
        Ok(())
    }

    /// Counts the frames.
    pub fn statistics(&self) -> Statistics {
        let runs = self.regions[..self.region_count].iter().map(|region| self.largest_run(region));
        Statistics { total: self.total, free: self.free, largest_run: runs.max().unwrap_or(0) }
    }

    /// The first bit in `region` from which `count` free frames follow and which is aligned.
    fn find_run(&self, region: &Region, count: usize, alignment: u64) -> Option<usize> {
        let mut start = region.start;
        loop {
            // Near the top of the address space no multiple follows.
            let aligned = Some(start.align_up(alignment)).filter(|address| *address >= start)?;
            let bit = region.bit(aligned)?;
            let end = bit.checked_add(count).filter(|end| *end <= region.bits().end)?;
            match self.last_used(bit..end) {
                None => return Some(bit),
                Some(used) => start = region.address(used + 1),
            }
        }
    }

    /// The most frames of `region` that lie side by side and free.
    fn largest_run(&self, region: &Region) -> usize {
        let mut largest = 0;
        let mut run = 0;
        for (index, _) in words_of(region.bits()) {
            let mut word = self.words[index];
            let mut left = WORD as u32;
            while left > 0 {
                let free = word.trailing_ones().min(left);
                run += free as usize;
                largest = largest.max(run);
                let used = word.checked_shr(free).unwrap_or(0).trailing_zeros().min(left - free);
                run = if used > 0 { 0 } else { run };
                left -= free + used;
                word = word.checked_shr(free + used).unwrap_or(0);
            }
        }
        largest
    }

    /// The address of the frame of `bit`.
    fn address(&self, bit: usize) -> PhysAddr {
        let mut regions = self.regions[..self.region_count].iter();
        let region = regions.find(|region| region.bits().contains(&bit));
        region.expect("only frames of a region have a set bit").address(bit)
    }

    fn first_free(&self, bits: Range<usize>) -> Option<usize> {
        words_of(bits).find_map(|(index, mask)| {
            let free = self.words[index] & mask;
            (free != 0).then(|| index * WORD + free.trailing_zeros() as usize)
        })
    }

    fn last_used(&self, bits: Range<usize>) -> Option<usize> {
        let used = words_of(bits).filter_map(|(index, mask)| {
            let used = !self.words[index] & mask;
            (used != 0).then(|| index * WORD + used.ilog2() as usize)
        });
        used.last()
    }

    /// Marks `bits` as free, which are not.
    fn set(&mut self, bits: Range<usize>) {
        self.free += bits.len();
        words_of(bits).for_each(|(index, mask)| self.words[index] |= mask);
    }

    /// Marks `bits` as given out, which are not.
    fn clear(&mut self, bits: Range<usize>) {
        self.free -= bits.len();
        words_of(bits).for_each(|(index, mask)| self.words[index] &= !mask);
    }
}

/// The words that hold `bits`, each with a mask of those that it holds.
fn words_of(bits: Range<usize>) -> impl Iterator<Item = (usize, u64)> {
    let words = bits.start / WORD..bits.end.div_ceil(WORD);
    words.map(move |index| {
        let first = bits.start.saturating_sub(index * WORD);
        let last = (bits.end - 1 - index * WORD).min(WORD - 1);
        (index, (u64::MAX << first) & (u64::MAX >> (WORD - 1 - last)))
    })
}
