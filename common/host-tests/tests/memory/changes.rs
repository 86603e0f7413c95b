//! Any changes, one after the other.

use core::ops::Range;

use host_tests::holds_for_many;
use proptest::prelude::*;
use proptest::sample::select;

use super::model::{Model, PAGES};
use crate::memory::address::{FRAME_SIZE, VirtAddr};
use crate::memory::paging::Access;
use crate::process::regions::{Kind, Region, Regions};

/// Where the first page is.
const BASE: u64 = 0x40_0000;

/// A change of regions.
#[derive(Clone, Debug)]
enum Change {
    Insert(Range<usize>, Access, Kind),
    Remove(Range<usize>),
    Protect(Range<usize>, Access),
}

fn ranges() -> impl Strategy<Value = Range<usize>> {
    (0..PAGES).prop_flat_map(|start| (Just(start), start + 1..=PAGES)).prop_map(|(a, b)| a..b)
}

fn accesses() -> impl Strategy<Value = Access> {
    select(vec![Access::empty(), Access::USER, Access::USER | Access::WRITE])
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let kinds = select(vec![Kind::Mapping, Kind::Mapping, Kind::Heap]);
    let change = prop_oneof![
        3 => (ranges(), accesses(), kinds).prop_map(|(pages, a, k)| Change::Insert(pages, a, k)),
        2 => ranges().prop_map(Change::Remove),
        2 => (ranges(), accesses()).prop_map(|(pages, access)| Change::Protect(pages, access)),
    ];
    prop::collection::vec(change, 1..12)
}

fn address(page: usize) -> VirtAddr {
    VirtAddr(BASE + page as u64 * FRAME_SIZE)
}

fn addresses(pages: &Range<usize>) -> Range<VirtAddr> {
    address(pages.start)..address(pages.end)
}

fn page(address: VirtAddr) -> usize {
    ((address.0 - BASE) / FRAME_SIZE) as usize
}

fn apply(regions: &mut Regions, model: &mut Model, change: &Change) {
    regions.reserve().expect("the host has memory");
    match change {
        Change::Insert(pages, access, kind) => {
            regions.insert(Region { pages: addresses(pages), access: *access, kind: *kind });
            model.insert(pages.clone(), *access, *kind);
        }
        Change::Remove(pages) => {
            regions.remove(&addresses(pages));
            model.remove(pages.clone());
        }
        Change::Protect(pages, access) => {
            regions.protect(&addresses(pages), *access);
            model.protect(pages.clone(), *access);
        }
    }
}

/// What `regions` are, in pages.
fn seen(regions: &Regions) -> Vec<(Range<usize>, Access, Kind)> {
    let in_pages = |region: &Region| page(region.pages.start)..page(region.pages.end);
    regions.iter().map(|region| (in_pages(region), region.access, region.kind)).collect()
}

/// After each change the regions are what the pages say, as few as can be, and in order.
#[test]
fn any_changes_leave_what_the_model_has() {
    holds_for_many(2000, changes(), |changes| {
        let (mut regions, mut model) = (Regions::new(), Model::default());
        for change in &changes {
            let before = regions.iter().len();
            apply(&mut regions, &mut model, change);
            // Neighbours that were not equal may be, behind what was taken away: they do not touch.
            prop_assert_eq!(seen(&regions), model.ranges(), "{:?}", change);
            prop_assert!(regions.iter().len() <= before + 2);
        }
        let copy = regions.copy().expect("the host has memory");
        prop_assert_eq!(seen(&copy), seen(&regions));
        Ok(())
    });
}

/// What is asked of regions is answered as the model answers it.
#[test]
fn any_question_has_the_models_answer() {
    let questions = (changes(), ranges(), ranges(), 1..PAGES);
    holds_for_many(2000, questions, |(changes, pages, room, count)| {
        let (mut regions, mut model) = (Regions::new(), Model::default());
        changes.iter().for_each(|change| apply(&mut regions, &mut model, change));
        prop_assert_eq!(regions.is_free(&addresses(&pages)), model.is_free(pages.clone()));
        let gap = regions.gap(count as u64 * FRAME_SIZE, &addresses(&room)).map(page);
        prop_assert_eq!(gap, model.gap(count, room.clone()), "{} in {:?}", count, room);
        let end = page(regions.end_of_run(address(pages.start)));
        prop_assert_eq!(end, model.end_of_run(pages.start));
        for place in 0..PAGES {
            let found = regions.find(address(place) + 1).map(|found| (found.access, found.kind));
            prop_assert_eq!(found, model.0[place]);
        }
        Ok(())
    });
}

/// Pieces lie side by side, are all of what was asked for, and say of each page what it is.
#[test]
fn any_pieces_are_the_whole() {
    holds_for_many(2000, (changes(), ranges()), |(changes, pages)| {
        let (mut regions, mut model) = (Regions::new(), Model::default());
        changes.iter().for_each(|change| apply(&mut regions, &mut model, change));
        let mut next = pages.start;
        for (piece, access) in regions.pieces(&addresses(&pages)) {
            let piece = page(piece.start)..page(piece.end);
            prop_assert!(piece.start == next && !piece.is_empty(), "{:?} at {}", piece, next);
            for place in piece.clone() {
                prop_assert_eq!(model.0[place].map(|(access, _)| access), access);
            }
            next = piece.end;
        }
        prop_assert_eq!(next, pages.end);
        Ok(())
    });
}
