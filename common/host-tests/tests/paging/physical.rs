//! What the third chapter asks of physical memory: the direct map holds it, and the entry's tables
//! are kept until they are given back.

use crate::memory::address::{FRAME_SIZE, PhysAddr};
use crate::memory::bitmap::{Bitmap, FrameError};
use crate::memory::layout::{DIRECT_MAP, DIRECT_MAP_BYTES, HEAP};
use crate::memory::map::{Kind, MemoryMap, Region};

const END: PhysAddr = PhysAddr(DIRECT_MAP_BYTES);

#[test]
fn memory_beyond_the_direct_map_is_left_out() {
    let mut map = MemoryMap::new();
    let start = PhysAddr(END.0 - FRAME_SIZE);
    map.paint(start..END + FRAME_SIZE, Kind::Usable).expect("it has room");
    map.paint(END..PhysAddr(u64::MAX), Kind::Usable).expect("it has room");
    assert!(map.regions() == [Region { range: start..END, kind: Kind::Usable }]);
}

#[test]
fn the_direct_map_ends_at_the_heap() {
    let last = PhysAddr(END.0 - 1).as_ptr::<u8>() as u64;
    assert_eq!((PhysAddr(0).as_ptr::<u8>() as u64, last), (DIRECT_MAP, HEAP - 1));
}

#[test]
#[should_panic(expected = "0x400000000000 is beyond the direct map")]
fn there_is_no_pointer_beyond_the_direct_map() {
    END.as_ptr::<u8>();
}

/// A region of three frames, and one of four.
fn bitmap(words: &mut [u64; 2]) -> Bitmap<'_> {
    let regions = [(1, 4), (8, 12)];
    let ranges =
        regions.map(|(start, end)| PhysAddr(start * FRAME_SIZE)..PhysAddr(end * FRAME_SIZE));
    Bitmap::new(words, ranges.into_iter())
}

#[test]
fn a_region_that_is_kept_is_not_given_out_until_it_is_freed() {
    let mut words = [0; 2];
    let mut bitmap = bitmap(&mut words);
    let start = PhysAddr(8 * FRAME_SIZE);
    bitmap.reserve(&(start..PhysAddr(12 * FRAME_SIZE)));
    assert_eq!(bitmap.allocate_run(4, FRAME_SIZE), Err(FrameError::OutOfFrames { count: 4 }));
    assert_eq!(bitmap.free(start, 4), Ok(()));
    assert_eq!(bitmap.allocate_run(4, FRAME_SIZE), Ok(start));
}

/// Bytes at its ends that are no frame change nothing: the map is made of bytes.
#[test]
fn a_region_is_kept_though_it_begins_within_a_frame() {
    let mut words = [0; 2];
    let mut bitmap = bitmap(&mut words);
    bitmap.reserve(&(PhysAddr(8 * FRAME_SIZE - 8)..PhysAddr(12 * FRAME_SIZE + 8)));
    assert_eq!(bitmap.statistics().free, 3);
}

#[test]
#[should_panic(expected = "0x1000..0x4000 is given out already")]
fn what_is_given_out_cannot_be_kept() {
    let mut words = [0; 2];
    let mut bitmap = bitmap(&mut words);
    assert_eq!(bitmap.allocate(), Ok(PhysAddr(FRAME_SIZE)));
    bitmap.reserve(&(PhysAddr(FRAME_SIZE)..PhysAddr(4 * FRAME_SIZE)));
}
