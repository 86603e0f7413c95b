//! Pages of all sizes, everywhere, of which some go: in the tables of a processor that remembers.

use std::ops::Range;

use address::{PhysAddr, VirtAddr};
use exercise_host::{Property, holds_for, properties};
use ktest::expect;
use paging::{Access, reach};
use proptest::collection::vec;
use proptest::prelude::*;
use space::Space;
use strict::Strict;
use walker::Walker;

#[allow(dead_code, reason = "the kernel uses the rest")]
#[path = "../../src/memory/address.rs"]
mod address;
#[allow(dead_code, reason = "the kernel uses the rest")]
#[path = "../../src/memory/layout.rs"]
mod layout;
#[allow(dead_code, reason = "the kernel uses the rest")]
#[path = "../../src/memory/paging.rs"]
mod paging;
#[path = "../space.rs"]
mod space;
#[allow(dead_code, reason = "another exercise uses the rest")]
#[path = "../strict.rs"]
mod strict;
#[forbid(unsafe_code)]
mod unmap;
#[allow(dead_code, reason = "the kernel uses the rest")]
#[path = "../../src/memory/walker.rs"]
mod walker;

/// What is tried.
pub const PROPERTIES: &[Property] =
    properties![any_pages_go, last_table_has_an_end, the_processor_is_told];

const SMALL: u64 = reach(3);
const LARGE: u64 = reach(2);
const HUGE: u64 = reach(1);

/// Pages that may be mapped, in order: where they begin, and how large they are. Some lie side by
/// side, also where a table ends between them.
const PLACES: [(u64, u64); 12] = [
    (SMALL, SMALL),
    (2 * SMALL, SMALL),
    (LARGE - SMALL, SMALL),
    (LARGE, LARGE),
    (2 * LARGE, SMALL),
    (HUGE - SMALL, SMALL),
    (HUGE, HUGE),
    (2 * HUGE, SMALL),
    (512 * HUGE - SMALL, SMALL),
    (512 * HUGE, SMALL),
    (0xffff_c000_0000_0000, SMALL),
    (0xffff_c000_0000_1000, SMALL),
];

/// The last places that can be mapped: the very last page cannot be named.
const LAST_PLACES: [(u64, u64); 2] =
    [(u64::MAX - 4 * LARGE + 1, LARGE), (u64::MAX - 2 * SMALL + 1, SMALL)];

fn pages((start, bytes): (u64, u64)) -> Range<VirtAddr> {
    VirtAddr(start)..VirtAddr(start + bytes)
}

/// Tables in which all of `places` are mapped, each to the memory with its own number.
fn mapped(places: &[(u64, u64)]) -> Strict {
    let mut tables = Strict::new(64);
    for (start, bytes) in places {
        // SAFETY: the root is a table of `tables`, and no processor uses it.
        let mut walker = unsafe { Walker::new(tables.root, &mut tables) };
        let frame = PhysAddr(start & ((1 << 47) - 1));
        let done = walker.map(pages((*start, *bytes)), frame, Access::WRITE);
        done.expect("there are tables enough");
    }
    tables
}

/// Unmaps `gone`: what lies side by side in one go.
fn unmap_all(tables: &mut Strict, gone: &[(u64, u64)]) {
    let mut rest = gone;
    while let [(start, _), ..] = rest {
        let joins = rest.windows(2).take_while(|two| two[0].0 + two[0].1 == two[1].0).count();
        let (now, later) = rest.split_at(joins + 1);
        let end = now[joins].0 + now[joins].1;
        // SAFETY: as above.
        let mut space = unsafe { Space::new(tables.root, tables) };
        unmap::unmap(&mut space, VirtAddr(*start)..VirtAddr(end));
        rest = later;
    }
}

/// Places that are mapped, and those of them that go.
type Case = (Vec<(u64, u64)>, Vec<(u64, u64)>);

fn case() -> impl Strategy<Value = Case> {
    let choices = vec((any::<bool>(), any::<bool>()), PLACES.len());
    choices.prop_map(|choices| {
        let of = |wanted: fn(&(bool, bool)) -> bool| {
            let chosen = PLACES.iter().zip(&choices).filter(|(_, choice)| wanted(choice));
            chosen.map(|(place, _)| *place).collect()
        };
        (of(|choice| choice.0), of(|choice| choice.0 && choice.1))
    })
}

/// What goes maps nothing, what stays maps what it did, and no table is left over.
fn check((places, gone): &Case) {
    let mut tables = mapped(places);
    unmap_all(&mut tables, gone);
    let story = || format!("mapped {:x?}, unmapped {:x?}", Ranges(places), Ranges(gone));
    for place in places {
        let (start, bytes) = *place;
        let (first, last) = (VirtAddr(start), VirtAddr(start + bytes - SMALL));
        for page in [first, last] {
            let frame = PhysAddr(page.0 & ((1 << 47) - 1));
            let expected = (!gone.contains(place)).then_some((frame, Access::WRITE));
            // SAFETY: as above.
            let seen = unsafe { Walker::new(tables.root, &mut tables) }.translate(page);
            expect(format!("{}; then {page:?}", story()), seen, expected);
        }
    }
    expect(format!("{}; left over", story()), tables.leftover(), None);
}

fn any_pages_go() {
    holds_for(case(), |case| check(&case));
}

fn last_table_has_an_end() {
    check(&(LAST_PLACES.to_vec(), LAST_PLACES.to_vec()));
    check(&(LAST_PLACES.to_vec(), LAST_PLACES[..1].to_vec()));
}

fn the_processor_is_told() {
    holds_for(case(), |(places, gone)| {
        let mut tables = mapped(&places);
        unmap_all(&mut tables, &gone);
        let story = format!("mapped {:x?}, unmapped {:x?}", Ranges(&places), Ranges(&gone));
        expect(story, tables.mistake(), None);
    });
}

/// Places, shown as ranges.
struct Ranges<'a>(&'a [(u64, u64)]);

impl std::fmt::Debug for Ranges<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|place| pages(*place))).finish()
    }
}
