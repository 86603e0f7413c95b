//! The walker does what the model does, in whatever order it is asked, with however few tables.

use std::ops::Range;

use host_tests::holds_for;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestCaseResult;

use crate::arch::{aarch64, x86_64};
use crate::entries::access;
use crate::machine::Machine;
use crate::memory::address::{PhysAddr, VirtAddr};
use crate::memory::paging::{Access, LAST, MapError, Mapping, reach};
use crate::model::{HOLE, Model, places};
use crate::tables::Memory;

/// What is asked of the walker.
#[derive(Clone, Debug)]
enum Step {
    Map { pieces: Range<usize>, target: Target, access: Access },
    Unmap { pieces: Range<usize> },
    Protect { pieces: Range<usize>, access: Access },
}

/// Memory to be mapped: as far behind a multiple of `alignment` as the first page is.
#[derive(Clone, Debug)]
struct Target {
    base: u64,
    alignment: u64,
    bytes_off: u64,
}

impl Target {
    fn frame(&self, page: VirtAddr) -> PhysAddr {
        let off = page.0 % self.alignment + self.bytes_off;
        PhysAddr(self.base - self.base % self.alignment + off)
    }
}

/// Neighbouring pieces, mostly; seldom so many that they reach across the hole, or reversed.
fn pieces() -> impl Strategy<Value = Range<usize>> {
    let last = places().len() - 1;
    let length = prop_oneof![16 => 1..6_usize, 4 => 0..12_usize, 1 => 0..100_usize];
    let forward =
        (0..last, length).prop_map(move |(start, length)| start..(start + length).min(last));
    (forward, 0..60_u8).prop_map(
        |(pieces, lot)| {
            if lot == 0 { pieces.end..pieces.start } else { pieces }
        },
    )
}

fn target() -> impl Strategy<Value = Target> {
    let base = select(vec![0, 0x1_0000_0000, 0x2_4020_0000, 0x8000_0020_3000 >> 1, 1 << 46]);
    let alignment = prop_oneof![12 => Just(reach(1)), 4 => Just(reach(2)), 1 => Just(reach(LAST))];
    let bytes_off = prop_oneof![30 => Just(0), 1 => 1..4096_u64];
    (base, alignment, bytes_off).prop_map(|(base, alignment, bytes_off)| Target {
        base,
        alignment,
        bytes_off,
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (pieces(), target(), access())
            .prop_map(|(pieces, target, access)| Step::Map { pieces, target, access }),
        2 => pieces().prop_map(|pieces| Step::Unmap { pieces }),
        2 => (pieces(), access()).prop_map(|(pieces, access)| Step::Protect { pieces, access }),
    ]
}

/// Tables, and their model.
struct Pair<M> {
    memory: Memory<M>,
    model: Model,
}

impl<M: Machine> Pair<M> {
    fn take(&mut self, step: &Step) -> TestCaseResult {
        let count = self.memory.count();
        self.memory.refused = 0;
        let (found, expected) = match step {
            Step::Map { pieces, target, access } => self.map(pieces, target, *access),
            Step::Unmap { pieces } => self.unmap(pieces),
            Step::Protect { pieces, access } => self.protect(pieces, *access),
        };
        if found == Err(MapError::OutOfFrames) {
            prop_assert_eq!(expected, Ok(()));
            prop_assert!(self.memory.refused > 0, "there is a table left");
            let is_map = matches!(step, Step::Map { .. });
            prop_assert!(!is_map || self.memory.count() == count, "tables are left behind");
        } else {
            prop_assert_eq!(found.map_err(any_in_hole), expected.map_err(any_in_hole));
            prop_assert_eq!(self.memory.refused, 0, "it did without a table that it needs");
        }
        prop_assert!(found.is_ok() || self.memory.count() >= count);
        self.check()
    }

    fn map(&mut self, pieces: &Range<usize>, target: &Target, access: Access) -> Pairing {
        let pages = self.model.pages(pieces);
        let frame = target.frame(pages.start);
        let known = |first| {
            let found = self.memory.walker().find(VirtAddr(first)).expect("it is mapped");
            MapError::AlreadyMapped { page: found.page, frame: found.frame }
        };
        let expected = self.model.may_map(pieces, frame, known);
        let found = self.memory.walker().map(pages, frame, access);
        if found.is_ok() {
            self.model.map(pieces.clone(), frame, access);
            self.check_sizes(pieces, frame);
        }
        (found, expected)
    }

    fn unmap(&mut self, pieces: &Range<usize>) -> Pairing {
        let expected = self.model.are_mapped(pieces);
        let found = self.memory.walker().unmap(self.model.pages(pieces));
        if found.is_ok() {
            self.model.unmap(pieces.clone());
        }
        (found, expected)
    }

    fn protect(&mut self, pieces: &Range<usize>, access: Access) -> Pairing {
        let expected = self.model.are_mapped(pieces);
        let found = self.memory.walker().protect(self.model.pages(pieces), access);
        if found.is_ok() {
            self.model.protect(pieces.clone(), access);
        }
        (found, expected)
    }

    /// No page is smaller than it must be.
    fn check_sizes(&mut self, pieces: &Range<usize>, frame: PhysAddr) {
        let Range { start, end } = self.model.pages(pieces);
        let mut rest = start..end;
        // Where pages are small there are too many to see them all.
        for _ in 0..1500 {
            let Some(Mapping { page, level, .. }) = self.memory.walker().next(&rest) else {
                return;
            };
            rest.start = page + reach(level);
            if level == self.memory.largest {
                continue;
            }
            let larger = reach(level - 1);
            let around = page.align_down(larger);
            let fits = around >= start && end - around >= larger;
            let is_aligned = fits && (frame + (around - start)).is_aligned(larger);
            assert!(!is_aligned, "{page:?} is part of a page of {larger:#x} bytes");
        }
    }

    /// The tables are whole, and say what the model says: at the ends of all pieces, within and
    /// right outside of them, to the walker and to a processor that remembers all it may.
    fn check(&mut self) -> TestCaseResult {
        self.memory.check_complete();
        for place in self.model.places.clone() {
            for address in [place.wrapping_sub(1), place, place + 0x5a5] {
                let expected = self.model.translate(address);
                let address = VirtAddr(address);
                prop_assert_eq!(self.memory.walker().translate(address), expected, "{:?}", address);
                prop_assert_eq!(self.memory.access(address), expected, "{:?}: stale", address);
            }
        }
        Ok(())
    }

    /// The first page that is found in a range is the first that is mapped.
    fn check_next(&mut self, pieces: &Range<usize>) -> TestCaseResult {
        let pages = self.model.pages(pieces);
        let found = self.memory.walker().next(&pages);
        let first = self.model.next(pieces);
        prop_assert_eq!(found.is_some(), first.is_some(), "{:?}", pages);
        if let (Some(found), Some(first)) = (found, first) {
            let last = found.page.0 + (reach(found.level) - 1);
            prop_assert!((found.page.0..=last).contains(&first), "{:?} {:?}", pages, found);
            let expected = self.model.translate(found.page.0.max(first));
            prop_assert_eq!(self.memory.walker().translate(VirtAddr(first)), expected);
        }
        Ok(())
    }

    /// Makes everything map nothing, with however many tables that takes.
    fn clear(&mut self) -> TestCaseResult {
        self.memory.limit = usize::MAX;
        while let Some((piece, _)) = self.model.mapped.first_key_value() {
            self.take(&Step::Unmap { pieces: *piece..piece + 1 })?;
        }
        prop_assert_eq!(self.memory.count(), 0, "tables are lost");
        Ok(())
    }
}

/// Which address in the hole is named, if there are several, is the walker's choice.
fn any_in_hole(error: MapError) -> MapError {
    match error {
        MapError::NotCanonical { address } if HOLE.contains(&address.0) => {
            MapError::NotCanonical { address: VirtAddr(HOLE.start) }
        }
        other => other,
    }
}

/// What was answered, and what is right.
type Pairing = (Result<(), MapError>, Result<(), MapError>);

fn check<M: Machine>() {
    let limit = prop_oneof![0..8_usize, 8..16_usize];
    let asked = vec((step(), pieces()), 1..16);
    holds_for((1..=2_usize, limit, asked), |(largest, limit, asked)| {
        let mut pair = Pair::<M> { memory: Memory::new(largest, limit), model: Model::new() };
        for (step, pieces) in asked {
            pair.take(&step)?;
            pair.check_next(&pieces)?;
        }
        pair.clear()
    });
}

#[test]
fn arm_tables_map_what_the_model_maps() {
    check::<aarch64::PageTableEntry>();
}

#[test]
fn intel_tables_map_what_the_model_maps() {
    check::<x86_64::PageTableEntry>();
}

#[test]
fn places_are_in_both_halves() {
    let places = places();
    for place in [0, 0x1000, HOLE.start, HOLE.end, u64::MAX - 0xfff] {
        assert!(places.contains(&place), "{place:#x}");
    }
}
