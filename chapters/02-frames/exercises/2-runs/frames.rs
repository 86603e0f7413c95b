//! The frames of some regions, by number: which are free, and where they lie.
//!
//! Given, not to be written. The numbers go from region to region without a gap. The addresses do
//! not: between two regions there may be anything.
//!
//! ```text
//!  region    |    0x5000..0x9000   |   0xc000..0xf000   |
//!  address   0x5000 6000 7000 8000  0xc000 d000 e000
//!  number         0    1    2    3       4    5    6
//! ```

use core::cell::Cell;
use core::fmt;
use core::ops::Range;

use super::address::{FRAME_SIZE, PhysAddr, whole_frames};

/// How many regions there can be.
const CAPACITY: usize = 128;

/// Frames that one word speaks of.
const WORD: usize = u64::BITS as usize;

/// Which bits to look for.
const FREE: u64 = 0;
const USED: u64 = u64::MAX;

/// A piece of memory.
#[derive(Clone, Copy, Debug, Default)]
struct Region {
    start: PhysAddr,
    /// The number of its first frame.
    first: usize,
    count: usize,
}

/// The frames of some regions.
pub struct Frames<'a> {
    words: &'a mut [u64],
    regions: [Region; CAPACITY],
    region_count: usize,
    count: usize,
    looks: Cell<usize>,
}

/// How many frames lie wholly in `range`.
pub fn frames_in(range: &Range<PhysAddr>) -> usize {
    let whole = whole_frames(range);
    ((whole.end - whole.start) / FRAME_SIZE) as usize
}

impl<'a> Frames<'a> {
    /// How many words are needed for `count` frames.
    pub fn words_for(count: usize) -> usize {
        count.div_ceil(WORD)
    }

    /// The whole frames in `ranges`, all free, with their bits in `words`, whatever they hold. What
    /// does not fit is left out.
    pub fn new(words: &'a mut [u64], ranges: impl Iterator<Item = Range<PhysAddr>>) -> Self {
        words.fill(0);
        let regions = [Region::default(); CAPACITY];
        let mut frames = Self { words, regions, region_count: 0, count: 0, looks: Cell::new(0) };
        for range in ranges.filter(|range| frames_in(range) > 0).take(CAPACITY) {
            let first = frames.count;
            let count = frames_in(&range).min(frames.words.len() * WORD - first);
            let region = Region { start: whole_frames(&range).start, first, count };
            frames.regions[frames.region_count] = region;
            frames.region_count += 1;
            frames.count += count;
        }
        frames.mark_free(0..frames.count);
        frames
    }

    /// How many frames there are: their numbers are `0..count()`.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Whether frame `number` is free.
    #[allow(dead_code, reason = "a starter does not ask yet")]
    pub fn is_free(&self, number: usize) -> bool {
        assert!(number < self.count, "there is no frame {number}");
        self.looks.set(self.looks.get() + 1);
        self.words[number / WORD] >> (number % WORD) & 1 == 1
    }

    /// The address of frame `number`.
    pub fn address(&self, number: usize) -> PhysAddr {
        for region in &self.regions[..self.region_count] {
            if number < region.first + region.count {
                return region.start + (number - region.first) as u64 * FRAME_SIZE;
            }
        }
        panic!("there is no frame {number}")
    }

    /// Whether `count` frames from `first` on are free and side by side.
    pub fn is_run(&self, first: usize, count: usize) -> bool {
        let mut regions = self.regions[..self.region_count].iter();
        let region = regions.find(|it| (it.first..it.first + it.count).contains(&first));
        let is_within = region.is_some_and(|it| first + count <= it.first + it.count);
        is_within && self.next(USED, first..first + count) == first + count
    }

    /// The number of the frame at `address`, if one begins there.
    pub fn number(&self, address: PhysAddr) -> Option<usize> {
        let is_in =
            |it: &&Region| (it.start..it.start + it.count as u64 * FRAME_SIZE).contains(&address);
        let region = self.regions[..self.region_count].iter().find(is_in)?;
        let frame = ((address - region.start) / FRAME_SIZE) as usize;
        address.is_aligned(FRAME_SIZE).then_some(region.first + frame)
    }

    /// Marks the frames `numbers` as free.
    pub fn mark_free(&mut self, numbers: Range<usize>) {
        numbers.for_each(|number| self.words[number / WORD] |= 1 << (number % WORD));
    }

    /// Marks the frames `numbers` as given out.
    pub fn mark_used(&mut self, numbers: Range<usize>) {
        numbers.for_each(|number| self.words[number / WORD] &= !(1 << (number % WORD)));
    }

    /// The first of the frames `numbers` that is free.
    pub fn first_free(&self, numbers: Range<usize>) -> Option<usize> {
        let end = numbers.end;
        Some(self.next(FREE, numbers)).filter(|found| *found < end)
    }

    /// The most frames of one region that lie side by side and free.
    pub fn largest_run(&self) -> usize {
        let mut largest = 0;
        for region in &self.regions[..self.region_count] {
            let end = region.first + region.count;
            let mut at = self.next(FREE, region.first..end);
            while at < end {
                let stop = self.next(USED, at..end);
                largest = largest.max(stop - at);
                at = self.next(FREE, stop..end);
            }
        }
        largest
    }

    /// How often `is_free` was asked.
    #[allow(dead_code, reason = "only tests ask")]
    pub fn looks(&self) -> usize {
        self.looks.get()
    }

    /// The first of the frames `numbers` that is as `wanted`; their end, if none is.
    fn next(&self, wanted: u64, numbers: Range<usize>) -> usize {
        let mut at = numbers.start;
        while at < numbers.end {
            let word = (self.words[at / WORD] ^ wanted) >> (at % WORD);
            if word != 0 {
                return (at + word.trailing_zeros() as usize).min(numbers.end);
            }
            at = (at / WORD + 1) * WORD;
        }
        numbers.end
    }
}

impl fmt::Debug for Frames<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} frames in {} regions", self.count, self.region_count)
    }
}
