//! Any list of regions, and any pages taken out of it, beside a model with a line for each page.

use core::fmt;
use core::ops::Range;

use exercise_host::{Property, holds_for, properties};
use ktest::expect;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use region::{Kind, Region};

#[allow(dead_code, reason = "unused until the holes are filled")]
mod region;
#[allow(clippy::ptr_arg, dead_code, unused_imports, reason = "until its holes are filled")]
mod unmap;

/// What is tried.
pub const PROPERTIES: &[Property] = properties![
    any_split_makes_two,
    any_cut_names_what_lies_within,
    any_page_that_is_taken_is_gone,
    any_page_below_stays,
    any_page_above_stays,
    any_list_stays_in_order,
    any_removal_needs_no_memory,
];

/// Pages that there are.
const PAGES: usize = 24;

/// Bytes of a page.
const PAGE: u64 = 4096;

/// Where the first page is.
const BASE: u64 = 0x40_0000;

/// How many regions more than there are now a list has room for, as the kernel's has.
const MORE: usize = 2;

/// An address, for `region.rs` and `unmap.rs`: what they use of the kernel's own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct VirtAddr(pub u64);

impl fmt::Debug for VirtAddr {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}

/// What may be done with pages, likewise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Nothing,
    Read,
    Write,
}

/// What each page is for, if it is for anything.
type Pages = [Option<(Access, Kind)>; PAGES];

fn address(page: usize) -> VirtAddr {
    VirtAddr(BASE + page as u64 * PAGE)
}

fn addresses(pages: &Range<usize>) -> Range<VirtAddr> {
    address(pages.start)..address(pages.end)
}

/// Lists of regions with gaps between some of them. Neighbours may be equal, as they are in the
/// midst of a change.
fn lists() -> impl Strategy<Value = Vec<Region>> {
    let access = select(vec![Access::Nothing, Access::Read, Access::Write]);
    let kind = select(vec![Kind::Mapping, Kind::Heap]);
    let part = (0..3_usize, 1..6_usize, access, kind);
    vec(part, 0..6).prop_map(|parts| {
        let mut next = 0;
        let place = |(gap, count, access, kind)| {
            let start: usize = next + gap;
            next = start + count;
            (start..next, access, kind)
        };
        let placed = parts.into_iter().map(place).take_while(|(pages, ..)| pages.end <= PAGES);
        let region = |(pages, access, kind)| Region { pages: addresses(&pages), access, kind };
        placed.map(region).collect()
    })
}

fn ranges() -> impl Strategy<Value = Range<usize>> {
    (0..PAGES).prop_flat_map(|start| (Just(start), start + 1..=PAGES)).prop_map(|(a, b)| a..b)
}

/// `list` with room for a change, as it is when the kernel changes it.
fn with_room(list: &[Region]) -> Vec<Region> {
    let mut copy = Vec::with_capacity(list.len() + MORE);
    copy.extend_from_slice(list);
    copy
}

/// What `list` says of each page.
fn look(list: &[Region]) -> Pages {
    core::array::from_fn(|page| {
        let region = list.iter().find(|region| region.pages.contains(&address(page)))?;
        Some((region.access, region.kind))
    })
}

/// `list` as text, one region after the other.
fn show(list: &[Region]) -> Vec<String> {
    let text =
        |region: &Region| format!("{:?} {:?} {:?}", region.pages, region.access, region.kind);
    list.iter().map(text).collect()
}

/// `list` without `pages`, as `unmap.rs` has it.
fn removed(list: &[Region], pages: &Range<usize>) -> Vec<Region> {
    let mut after = with_room(list);
    unmap::remove(&mut after, &addresses(pages));
    after
}

fn any_split_makes_two() {
    holds_for((lists(), 0..=PAGES), |(list, page)| {
        let place = address(page);
        let mut seen = with_room(&list);
        unmap::split(&mut seen, place);
        let mut expected = Vec::new();
        for region in &list {
            let Range { start, end } = region.pages;
            if start < place && place < end {
                expected.push(Region { pages: start..place, ..*region });
                expected.push(Region { pages: place..end, ..*region });
            } else {
                expected.push(region.clone());
            }
        }
        expect(("split", show(&list), "at", place), show(&seen), show(&expected));
    });
}

fn any_cut_names_what_lies_within() {
    holds_for((lists(), ranges()), |(list, pages)| {
        let range = addresses(&pages);
        let mut after = with_room(&list);
        let numbers = unmap::cut(&mut after, &range);
        let input = ("cut", show(&list), "at the ends of", range.clone());
        expect((&input, "what is what"), look(&after), look(&list));
        let lies_within =
            |region: &&Region| region.pages.start >= range.start && region.pages.end <= range.end;
        let seen = after.get(numbers).map(show);
        let expected: Vec<Region> = after.iter().filter(lies_within).cloned().collect();
        expect((&input, "those that are numbered"), seen, Some(show(&expected)));
        let reaches = |end: VirtAddr| {
            after.iter().any(|region| region.pages.start < end && end < region.pages.end)
        };
        let across = reaches(range.start) || reaches(range.end);
        expect((&input, "does one reach across an end"), across, false);
    });
}

/// What `pages` are after `taken` was removed from `list`, beside what they were before.
fn expect_kept(list: &[Region], taken: &Range<usize>, pages: Range<usize>) {
    let after = removed(list, taken);
    let input = ("remove", addresses(taken), "from", show(list), "and look at", addresses(&pages));
    expect(input, &look(&after)[pages.clone()], &look(list)[pages]);
}

fn any_page_that_is_taken_is_gone() {
    holds_for((lists(), ranges()), |(list, pages)| {
        let after = removed(&list, &pages);
        let left = pages.clone().find(|page| look(&after)[*page].is_some()).map(address);
        let input = ("remove", addresses(&pages), "from", show(&list));
        expect((input, "the first page that is left"), left, None);
    });
}

fn any_page_below_stays() {
    holds_for((lists(), ranges()), |(list, pages)| expect_kept(&list, &pages, 0..pages.start));
}

fn any_page_above_stays() {
    holds_for((lists(), ranges()), |(list, pages)| expect_kept(&list, &pages, pages.end..PAGES));
}

fn any_list_stays_in_order() {
    holds_for((lists(), ranges()), |(list, pages)| {
        let after = removed(&list, &pages);
        let is_empty = |region: &Region| region.pages.start >= region.pages.end;
        let is_mixed = |pair: &[Region]| pair[0].pages.end > pair[1].pages.start;
        let is_bad = after.iter().any(is_empty) || after.windows(2).any(is_mixed);
        let input = ("remove", addresses(&pages), "from", show(&list), "gives", show(&after));
        expect((input, "is one empty, or not in order"), is_bad, false);
    });
}

/// The kernel has made room before it begins, since then nothing may fail.
fn any_removal_needs_no_memory() {
    holds_for((lists(), ranges()), |(list, pages)| {
        let mut after = with_room(&list);
        let before = (after.as_ptr(), after.capacity());
        unmap::remove(&mut after, &addresses(&pages));
        let input = ("remove", addresses(&pages), "from", show(&list));
        let is_there = (after.as_ptr(), after.capacity()) == before;
        expect((input, "is the list where it was"), is_there, true);
    });
}
