//! Frames: the physical memory that can be given out, 4 KiB at a time.
//!
//! A [`Frame`] is owned. It cannot be copied, so no two owners can believe that it is theirs, and
//! dropping it gives the memory back. A double free is then a bug in this file or in unsafe code,
//! and still it is found: the bitmap knows what it gave out.

use core::fmt;
use core::mem::ManuallyDrop;
use core::ops::Range;
use core::slice;

use super::address::{FRAME_SIZE, PhysAddr, whole_frames};
use super::bitmap::{Bitmap, FrameError, Statistics, words_needed};
use super::map::{Kind, MapIsFull, MemoryMap, Region};
use crate::sync::Lock;

/// Protects the bitmap. Nothing else may be locked while it is held.
static BITMAP: Lock<Option<Bitmap<'static>>> = Lock::new(None);

/// What is given out sooner or later.
const GIVEN_OUT: &[Kind] = &[Kind::Usable, Kind::BootTables];

/// A frame that somebody owns.
#[derive(Debug, PartialEq, Eq)]
pub struct Frame {
    start: PhysAddr,
}

/// Frames that lie side by side, with one owner.
#[derive(Debug, PartialEq, Eq)]
pub struct FrameRun {
    start: PhysAddr,
    count: usize,
}

/// Why the frame allocator could not be set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InitError {
    /// The map has no usable frame. (The largest region always has room for the bitmap: a frame
    /// holds 512 words, and no map has as many regions.)
    NoMemory,
    /// The bitmap's place cannot be noted in the map.
    Map(MapIsFull),
}

impl fmt::Display for InitError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::NoMemory => write!(f, "the memory map has no usable memory"),
            Self::Map(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for InitError {}

/// Makes the usable memory of `map` available. The bitmap goes into the first of it, and `map` is
/// told.
///
/// # Safety
///
/// `map` must be true: nobody uses what it calls usable. This must be called once.
pub unsafe fn init(map: &mut MemoryMap) -> Result<(), InitError> {
    let count = words_needed(of_kinds(map, GIVEN_OUT));
    let bytes = size_of::<u64>() as u64 * count as u64;
    let has_room = |range: &Range<PhysAddr>| !range.is_empty() && size(range) >= bytes;
    let place = usable(map).map(|range| whole_frames(&range)).find(has_room);
    let start = place.ok_or(InitError::NoMemory)?.start;
    let end = (start + bytes).align_up(FRAME_SIZE);
    map.paint(start..end, Kind::Bitmap).map_err(InitError::Map)?;

    // SAFETY: the caller promises that this memory is nobody's, and the map now says that it is the
    // bitmap's; a frame is aligned for words, and any bits are a word.
    let words = unsafe { slice::from_raw_parts_mut(start.as_ptr(), count) };
    let mut bitmap = Bitmap::new(words, of_kinds(map, GIVEN_OUT));
    of_kinds(map, &[Kind::BootTables]).for_each(|range| bitmap.reserve(&range));
    *BITMAP.lock() = Some(bitmap);
    Ok(())
}

/// Makes memory available that `map` called [`Kind::BootTables`].
///
/// # Safety
///
/// Nobody uses it any more.
pub unsafe fn add(range: Range<PhysAddr>) {
    let count = (size(&range) / FRAME_SIZE) as usize;
    take_back(range.start, count);
}

/// Gives out a frame. What is in it is whatever was in it.
pub fn allocate() -> Result<Frame, FrameError> {
    #[cfg(feature = "ktest")]
    if super::faults::strikes() {
        return Err(FrameError::OutOfFrames { count: 1 });
    }
    with_bitmap(|bitmap| bitmap.allocate().map(|start| Frame { start }))
}

/// Gives out `count` frames that lie side by side, the first at a multiple of `alignment` bytes (a
/// power of two, at least [`FRAME_SIZE`]).
pub fn allocate_run(count: usize, alignment: u64) -> Result<FrameRun, FrameError> {
    with_bitmap(|bitmap| {
        bitmap.allocate_run(count, alignment).map(|start| FrameRun { start, count })
    })
}

/// Counts the frames.
pub fn statistics() -> Statistics {
    with_bitmap(|bitmap| bitmap.statistics())
}

impl Frame {
    /// The address of its first byte.
    pub fn start(&self) -> PhysAddr {
        self.start
    }
}

impl Frame {
    /// Takes the frame out of Rust's sight, into a page table. It is given back by
    /// [`Frame::from_start`] or never.
    pub fn into_start(self) -> PhysAddr {
        ManuallyDrop::new(self).start
    }

    /// Owns the frame at `start` again.
    ///
    /// # Safety
    ///
    /// `start` must come from [`Frame::into_start`], and nobody else owns or uses the frame.
    pub unsafe fn from_start(start: PhysAddr) -> Self {
        Self { start }
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        take_back(self.start, 1);
    }
}

impl FrameRun {
    /// The addresses of its first byte and the one behind its last.
    pub fn range(&self) -> Range<PhysAddr> {
        self.start..self.start + self.count as u64 * FRAME_SIZE
    }
}

impl Drop for FrameRun {
    fn drop(&mut self) {
        take_back(self.start, self.count);
    }
}

/// Takes back frames whose owner is gone.
fn take_back(start: PhysAddr, count: usize) {
    if let Err(error) = with_bitmap(|bitmap| bitmap.free(start, count)) {
        panic!("cannot take back {count} frames from {start:?} on: {error}");
    }
}

fn with_bitmap<T>(act: impl FnOnce(&mut Bitmap) -> T) -> T {
    act(BITMAP.lock().as_mut().expect("frames are asked for after `init`"))
}

fn usable(map: &MemoryMap) -> impl Iterator<Item = Range<PhysAddr>> {
    of_kinds(map, &[Kind::Usable])
}

/// What is of one of `kinds`. The frame at 0 is left out: too many take its address for no address.
fn of_kinds(map: &MemoryMap, kinds: &'static [Kind]) -> impl Iterator<Item = Range<PhysAddr>> {
    let regions = map.regions().iter().filter(|region| kinds.contains(&region.kind));
    regions.map(|Region { range, .. }| range.start.max(PhysAddr(FRAME_SIZE))..range.end)
}

fn size(range: &Range<PhysAddr>) -> u64 {
    range.end - range.start
}

#[cfg(feature = "ktest")]
mod tests {
    use super::{Frame, FrameError, allocate, allocate_run, statistics};
    use crate::memory::address::{FRAME_SIZE, PhysAddr};

    ktest::test! {
        /// A frame is aligned, and is not given out twice.
        fn frames_are_aligned_and_distinct() {
            let first = allocate().expect("boot leaves free frames");
            let second = allocate().expect("boot leaves free frames");
            assert!(first.start().is_aligned(FRAME_SIZE));
            assert!(second.start().is_aligned(FRAME_SIZE));
            assert_ne!(first.start(), second.start());
        }

        /// A frame is memory: it keeps what is written.
        fn frames_keep_what_is_written() {
            let frame = allocate_run(1, FRAME_SIZE).expect("boot leaves free frames");
            let word = frame.range().start.as_ptr::<u64>();
            // SAFETY: the frame is ours, and the first in memory, which can be reached.
            unsafe { word.write_volatile(0x0123_4567_89ab_cdef) };
            // SAFETY: as above.
            assert_eq!(unsafe { word.read_volatile() }, 0x0123_4567_89ab_cdef);
        }

        /// A frame that is dropped is free again.
        fn dropped_frame_is_free_again() {
            let before = statistics();
            let frame = allocate().expect("boot leaves free frames");
            assert_eq!(statistics().free, before.free - 1);
            drop(frame);
            assert_eq!(statistics(), before);
        }

        /// A run is as long and as aligned as it was asked for.
        fn runs_are_long_and_aligned() {
            let run = allocate_run(16, 0x1_0000).expect("boot leaves 64 KiB in a row");
            assert!(run.range().start.is_aligned(0x1_0000));
            assert_eq!(run.range().end - run.range().start, 0x1_0000);
        }

        /// Running out is an error, and harms nothing.
        fn running_out_is_an_error() {
            let before = statistics();
            let count = before.largest_run + 1;
            assert_eq!(allocate_run(count, FRAME_SIZE), Err(FrameError::OutOfFrames { count }));
            assert_eq!(statistics(), before);
        }

        /// A frame that is freed twice is a bug, and is called one.
        #[must_die("is free already")]
        fn double_free_is_found() {
            let frame = allocate().expect("boot leaves free frames");
            let forged = Frame { start: frame.start() };
            drop(frame);
            drop(forged);
        }

        /// So is a frame that was never given out here.
        #[must_die("is no frame of ours")]
        fn foreign_frame_is_found() {
            drop(Frame { start: PhysAddr(FRAME_SIZE) });
        }
    }
}
