//! The bitmap at its edges: nothing to search, too much to hold, and who comes next.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::memory::address::{FRAME_SIZE, PhysAddr};
use crate::memory::bitmap::{Bitmap, FrameError, Statistics, words_needed};

/// The most regions that a bitmap can hold.
const CAPACITY: usize = 128;

/// `count` frames from the frame of number `first` on.
fn frames(first: u64, count: u64) -> Range<PhysAddr> {
    PhysAddr(first * FRAME_SIZE)..PhysAddr((first + count) * FRAME_SIZE)
}

/// Lets `act` have a bitmap of `ranges` with exactly the words that it needs.
fn with_bitmap(ranges: &[Range<PhysAddr>], act: impl FnOnce(&mut Bitmap)) {
    let mut words = vec![u64::MAX; words_needed(ranges.iter().cloned())];
    act(&mut Bitmap::new(&mut words, ranges.iter().cloned()));
}

#[test]
fn a_bitmap_of_nothing_gives_nothing() {
    for ranges in [&[][..], &[PhysAddr(1)..PhysAddr(0x1fff)]] {
        assert_eq!(words_needed(ranges.iter().cloned()), 0);
        with_bitmap(ranges, |bitmap| {
            let nothing = Statistics { total: 0, free: 0, largest_run: 0 };
            assert_eq!(bitmap.statistics(), nothing);
            assert_eq!(bitmap.allocate(), Err(FrameError::OutOfFrames { count: 1 }));
            for count in [0, 1, usize::MAX] {
                let error = FrameError::OutOfFrames { count };
                assert_eq!(bitmap.allocate_run(count, FRAME_SIZE), Err(error));
                let frame = PhysAddr(0x1000);
                assert_eq!(bitmap.free(frame, count), Err(FrameError::Foreign { frame }));
            }
        });
    }
}

#[test]
fn every_free_frame_gets_its_turn() {
    with_bitmap(&[frames(5, 70), frames(100, 1), frames(200, 64)], |bitmap| {
        for _ in 0..3 {
            let mut seen = BTreeSet::new();
            for _ in 0..135 {
                let frame = bitmap.allocate().expect("all frames are free");
                bitmap.free(frame, 1).expect("it was given out");
                assert!(seen.insert(frame), "{frame:?} comes before others had their turn");
            }
        }
    });
}

#[test]
fn words_too_few_hold_what_they_can() {
    let ranges = [frames(10, 70), frames(100, 70), frames(200, 1)];
    for (count, total) in [(0, 0), (1, 64), (2, 70), (3, 134), (4, 140), (5, 141), (9, 141)] {
        let mut words = vec![u64::MAX; count];
        let mut bitmap = Bitmap::new(&mut words, ranges.iter().cloned());
        for taken in 0..total {
            assert_eq!(bitmap.statistics().free, total - taken);
            bitmap.allocate().expect("one is left");
        }
        assert_eq!(bitmap.allocate(), Err(FrameError::OutOfFrames { count: 1 }));
    }
}

#[test]
fn regions_too_many_are_left_out() {
    let ranges: Vec<_> = (0..CAPACITY as u64 + 2).map(|index| frames(10 * index, 1)).collect();
    with_bitmap(&ranges, |bitmap| {
        assert_eq!(bitmap.statistics().total, CAPACITY);
        let frame = ranges[CAPACITY].start;
        assert_eq!(bitmap.free(frame, 1), Err(FrameError::Foreign { frame }));
        bitmap.allocate_run(1, FRAME_SIZE).expect("the others are there");
    });
}

#[test]
fn regions_without_a_frame_take_no_room() {
    let crumb = |index| PhysAddr(100 * index)..PhysAddr(100 * index + 1);
    let mut ranges: Vec<_> = (1..=CAPACITY as u64).map(crumb).collect();
    ranges.push(frames(100, 1));
    with_bitmap(&ranges, |bitmap| assert_eq!(bitmap.allocate(), Ok(PhysAddr(100 * FRAME_SIZE))));
}

#[test]
fn a_search_at_the_top_of_the_address_space_ends() {
    let end = u64::MAX / FRAME_SIZE;
    with_bitmap(&[frames(end - 600, 600)], |bitmap| {
        let alignment = 512 * FRAME_SIZE;
        let start = bitmap.allocate_run(511, alignment).expect("all frames are free");
        assert_eq!(start, PhysAddr(0).align_down(alignment) + (u64::MAX - alignment + 1));
        for count in [1, 512] {
            let error = FrameError::OutOfFrames { count };
            assert_eq!(bitmap.allocate_run(count, alignment), Err(error), "{count}");
        }
    });
}

#[test]
fn more_than_there_can_be_is_not_taken_back() {
    with_bitmap(&[frames(10, 70), frames(90, 3)], |bitmap| {
        let start = bitmap.allocate_run(70, FRAME_SIZE).expect("all frames are free");
        let frame = PhysAddr(80 * FRAME_SIZE);
        for (skipped, count) in [(0, 71), (1, 70), (0, usize::MAX), (1, usize::MAX)] {
            let freed = bitmap.free(start + skipped * FRAME_SIZE, count);
            assert_eq!(freed, Err(FrameError::Foreign { frame }));
        }
        assert_eq!(bitmap.statistics().free, 3);
    });
}

#[test]
fn no_run_leaves_its_region() {
    with_bitmap(&[frames(10, 64), frames(75, 64)], |bitmap| {
        assert_eq!(bitmap.statistics().largest_run, 64);
        let count = 65;
        let error = FrameError::OutOfFrames { count };
        assert_eq!(bitmap.allocate_run(count, FRAME_SIZE), Err(error));
    });
}

#[test]
fn errors_say_what_is_missing_or_wrong() {
    let frame = PhysAddr(0x3000);
    for (error, words) in [
        (FrameError::OutOfFrames { count: 1 }, "no frame is left"),
        (FrameError::OutOfFrames { count: 2 }, "no 2 frames in a row are left"),
        (FrameError::Foreign { frame }, "0x3000 is no frame of ours"),
        (FrameError::AlreadyFree { frame }, "frame 0x3000 is free already"),
    ] {
        assert_eq!(error.to_string(), words);
    }
}
