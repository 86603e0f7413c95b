//! A model of the bitmap, and memory for both: a set of the frames that are free, by number.

use std::collections::BTreeSet;
use std::ops::Range;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::memory::address::{FRAME_SIZE, PhysAddr};
use crate::memory::bitmap::{FrameError, Statistics};

/// The number of the frame behind the last one that can be named: its end must be an address.
const END: u64 = u64::MAX / FRAME_SIZE;

/// A piece of memory, and how far it lies above the one before it.
#[derive(Clone, Debug)]
struct Piece {
    hole: u64,
    frames: u64,
    /// Bytes at either end that are part of no whole frame.
    head: u64,
    tail: u64,
}

/// Memory: regions in order that do not touch, wherever they are, of whatever length.
pub fn memory() -> impl Strategy<Value = Vec<Range<PhysAddr>>> {
    let frames = prop_oneof![select(vec![0, 1, 63, 64, 65, 128]), 0..200_u64];
    let ragged = || prop_oneof![Just(0), 0..FRAME_SIZE];
    let piece = (2..90_u64, frames, ragged(), ragged())
        .prop_map(|(hole, frames, head, tail)| Piece { hole, frames, head, tail });
    let bases = vec![0, 1, 0x100, 0x4_0000, END / 2 - 100, END];
    (select(bases), vec(piece, 1..6)).prop_map(|(base, pieces)| lay_out(base, &pieces))
}

/// Lays out `pieces` from `base` up, or lower, where that would be too high.
fn lay_out(base: u64, pieces: &[Piece]) -> Vec<Range<PhysAddr>> {
    let length: u64 = pieces.iter().map(|piece| piece.hole + piece.frames).sum();
    let mut end = base.min(END - length);
    let region = |piece: &Piece| {
        let start = if end == 0 { 0 } else { end + piece.hole };
        end = start + piece.frames;
        PhysAddr((start * FRAME_SIZE).saturating_sub(piece.head))
            ..PhysAddr(end * FRAME_SIZE + piece.tail)
    };
    pieces.iter().map(region).collect()
}

/// Frames by number: those there are, region by region, and those of them that are free.
#[derive(Clone, Debug)]
pub struct Model {
    pub regions: Vec<Range<u64>>,
    pub free: BTreeSet<u64>,
    /// Where the search for one frame goes on.
    next: u64,
}

impl Model {
    /// All whole frames of `memory`, free.
    pub fn new(memory: &[Range<PhysAddr>]) -> Self {
        let whole =
            |range: &Range<PhysAddr>| range.start.0.div_ceil(FRAME_SIZE)..range.end.0 / FRAME_SIZE;
        let regions: Vec<_> = memory.iter().map(whole).collect();
        let free = regions.iter().cloned().flatten().collect();
        Self { regions, free, next: 0 }
    }

    pub fn statistics(&self) -> Statistics {
        let total = self.regions.iter().map(|region| region.clone().count()).sum();
        let largest = self.regions.iter().map(|region| self.largest_run(region)).max();
        Statistics { total, free: self.free.len(), largest_run: largest.unwrap_or(0) }
    }

    fn largest_run(&self, region: &Range<u64>) -> usize {
        let mut largest = 0;
        let mut run = 0;
        for frame in region.clone() {
            run = if self.free.contains(&frame) { run + 1 } else { 0 };
            largest = largest.max(run);
        }
        largest
    }

    /// Gives out the first free frame behind the one that was given out last, or from the start.
    pub fn allocate(&mut self) -> Option<u64> {
        let behind = self.free.range(self.next..).next();
        let frame = *behind.or(self.free.first())?;
        self.next = frame + 1;
        self.free.remove(&frame);
        Some(frame)
    }

    /// Whether `count` free frames lie side by side from a multiple of `alignment` bytes on.
    pub fn has_run(&self, count: u64, alignment: u64) -> bool {
        let starts = self.regions.iter().cloned().flatten();
        starts.into_iter().any(|start| self.is_run(start, count, alignment))
    }

    /// Whether `start` is such a multiple.
    pub fn is_run(&self, start: u64, count: u64, alignment: u64) -> bool {
        let fits = |region: &Range<u64>| region.contains(&start) && region.end - start >= count;
        (start * FRAME_SIZE).is_multiple_of(alignment)
            && self.regions.iter().any(fits)
            && (start..start + count).all(|frame| self.free.contains(&frame))
    }

    /// Takes back `count` frames from `start` on, or says what is wrong with that.
    pub fn take_back(&mut self, start: PhysAddr, count: usize) -> Result<(), FrameError> {
        let first = start.0 / FRAME_SIZE;
        let region = self.regions.iter().find(|region| region.contains(&first));
        let region = region.filter(|_| start.0.is_multiple_of(FRAME_SIZE));
        let end = region.ok_or(FrameError::Foreign { frame: start })?.end;
        if count as u64 > end - first {
            return Err(FrameError::Foreign { frame: PhysAddr(end * FRAME_SIZE) });
        }
        let frames = first..first + count as u64;
        if let Some(free) = frames.clone().find(|frame| self.free.contains(frame)) {
            return Err(FrameError::AlreadyFree { frame: PhysAddr(free * FRAME_SIZE) });
        }
        self.free.extend(frames);
        Ok(())
    }

    /// All frames that are not free.
    pub fn given_out(&self) -> Vec<u64> {
        let all = self.regions.iter().cloned().flatten();
        all.filter(|frame| !self.free.contains(frame)).collect()
    }
}
