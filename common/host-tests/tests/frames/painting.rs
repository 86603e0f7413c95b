//! The memory map: the model is a row of units, each with its kind.

use std::ops::Range;

use host_tests::holds_for;
use proptest::prelude::*;
use proptest::sample::select;

use crate::memory::address::PhysAddr;
use crate::memory::map::{Kind, MapIsFull, MemoryMap, Region};

const KINDS: [Kind; 6] =
    [Kind::Usable, Kind::Firmware, Kind::Loader, Kind::Initrd, Kind::Kernel, Kind::Bitmap];

/// The most regions that a map can hold.
const CAPACITY: usize = 256;

/// A row of units that starts at `base`.
#[derive(Clone, Debug)]
struct Row {
    base: u64,
    units: Vec<Option<Kind>>,
}

impl Row {
    fn paint(&mut self, range: &Range<usize>, kind: Kind) {
        self.units.iter_mut().take(range.end).skip(range.start).for_each(|u| *u = Some(kind));
    }

    fn addresses(&self, range: &Range<usize>) -> Range<PhysAddr> {
        PhysAddr(self.base + range.start as u64)..PhysAddr(self.base + range.end as u64)
    }

    /// What a map of this row must be: each region as long as it can be.
    fn regions(&self) -> Vec<Region> {
        let mut at = 0;
        let mut regions = Vec::new();
        for chunk in self.units.chunk_by(PartialEq::eq) {
            let range = self.addresses(&(at..at + chunk.len()));
            regions.extend(chunk[0].map(|kind| Region { range, kind }));
            at += chunk.len();
        }
        regions
    }
}

/// Paints a map and its model, which start with `units`, with strokes of up to `longest` units.
fn check_strokes(units: &[Option<Kind>], longest: usize) {
    let length = units.len();
    let stroke = (0..=length, 0..=longest, select(&KINDS[..]));
    let strokes = prop::collection::vec(stroke, 0..60);
    let bases = vec![0, 0xfff, 0x4000_0000, u64::MAX - length as u64];
    holds_for((select(bases), strokes), |(base, strokes)| {
        let mut map = MemoryMap::new();
        let mut row = Row { base, units: units.to_vec() };
        for Region { range, kind } in row.regions() {
            prop_assert_eq!(map.paint(range, kind), Ok(()));
        }
        for (start, size, kind) in strokes {
            let range = start..(start + size).min(length);
            let before = row.clone();
            row.paint(&range, kind);
            let painted = map.paint(row.addresses(&range), kind);
            if row.regions().len() > CAPACITY {
                prop_assert_eq!(painted, Err(MapIsFull));
                row = before;
            } else {
                prop_assert_eq!(painted, Ok(()));
            }
            prop_assert!(map.regions() == row.regions());
        }
        Ok(())
    });
}

#[test]
fn later_paint_wins() {
    check_strokes(&[None; 40], 40);
}

#[test]
fn a_map_may_be_full() {
    check_strokes(&[None, Some(Kind::Usable)].repeat(CAPACITY - 10), 3);
}

#[test]
fn what_is_empty_or_reversed_paints_nothing() {
    let mut map = MemoryMap::new();
    for range in [PhysAddr(5)..PhysAddr(5), PhysAddr(6)..PhysAddr(5)] {
        assert_eq!(map.paint(range, Kind::Usable), Ok(()));
    }
    assert!(map.regions().is_empty());
}

/// A map with as many regions as there can be: each a unit, none touching another.
fn full_map() -> MemoryMap {
    let mut map = MemoryMap::new();
    for start in (0..CAPACITY as u64).map(|index| 10 * index) {
        map.paint(PhysAddr(start)..PhysAddr(start + 4), Kind::Usable).expect("it has room");
    }
    map
}

#[test]
fn what_does_not_fit_changes_nothing() {
    let mut map = full_map();
    let before = map.regions().to_vec();
    for range in [PhysAddr(5)..PhysAddr(6), PhysAddr(1)..PhysAddr(2), PhysAddr(1)..PhysAddr(9)] {
        assert_eq!(map.paint(range, Kind::Kernel), Err(MapIsFull));
        assert!(map.regions() == before);
    }
}

#[test]
fn what_adds_no_region_fits_a_full_map() {
    let mut map = full_map();
    assert_eq!(map.paint(PhysAddr(4)..PhysAddr(6), Kind::Usable), Ok(()));
    assert_eq!(map.paint(PhysAddr(10)..PhysAddr(14), Kind::Kernel), Ok(()));
    assert_eq!(map.regions().len(), CAPACITY);
    assert_eq!(map.paint(PhysAddr(0)..PhysAddr(u64::MAX), Kind::Loader), Ok(()));
    assert_eq!(map.regions().len(), 1);
}

#[test]
fn a_region_is_shown_in_hexadecimal_and_kib() {
    let region = Region { range: PhysAddr(0x1000)..PhysAddr(0x3001), kind: Kind::Kernel };
    assert_eq!(region.to_string(), "0x000000001000..0x000000003001         9 KiB  kernel");
}
