//! Pages of 2 MiB and 1 GiB, split again and again: in the tables of a processor that remembers.

use address::{PhysAddr, VirtAddr};
use exercise_host::{Property, holds_for, properties};
use ktest::expect;
use paging::{Access, MapError, Mapping, reach};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
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
#[forbid(unsafe_code)]
mod split;
#[allow(dead_code, reason = "another exercise uses the rest")]
#[path = "../strict.rs"]
mod strict;
#[allow(dead_code, reason = "the kernel uses the rest")]
#[path = "../../src/memory/walker.rs"]
mod walker;

/// What is tried.
pub const PROPERTIES: &[Property] =
    properties![any_part_means_the_same, no_table_no_change, old_page_is_broken_first];

/// A page that is split once for each of `splits`, in which each names an address.
#[derive(Clone, Debug)]
struct Case {
    start: u64,
    level: usize,
    access: Access,
    splits: Vec<u64>,
}

fn case() -> impl Strategy<Value = Case> {
    let starts = select(vec![reach(1), reach(0) - reach(1), 0xffff_c000_4000_0000, !0 << 30]);
    let offsets = select(vec![0, reach(3), reach(2) - 1, 5 * reach(2) + 77, reach(1) - 1]);
    let access = (0..=Access::all().bits()).prop_map(Access::from_bits_retain);
    (starts, 1..=2_usize, access, vec(offsets, 1..4))
        .prop_map(|(start, level, access, splits)| Case { start, level, access, splits })
}

impl Case {
    /// The memory that the page maps.
    fn frame(&self) -> PhysAddr {
        PhysAddr((self.start & ((1 << 40) - 1)) + reach(0))
    }

    /// Addresses to look at, of which some are beside the page.
    fn addresses(&self) -> impl Iterator<Item = VirtAddr> {
        let bytes = reach(self.level);
        let near = self.splits.iter().flat_map(|at| [*at, at ^ reach(3), at ^ reach(2)]);
        let start = self.start;
        near.chain([0, 1, bytes - 1]).map(move |at| VirtAddr(start + at % bytes))
    }

    /// Tables in which the page is mapped, and room for `left` more.
    fn mapped(&self, left: usize) -> Strict {
        let mut tables = Strict::new(self.level + left);
        let mut table = tables.root;
        // SAFETY: the root is a table of `tables`, and no processor uses it.
        let mut space = unsafe { Space::new(table, &mut tables) };
        for above in 0..self.level {
            let next = space.allocate().expect("there is room for these");
            space.publish();
            let entry = paging::index(VirtAddr(self.start), above);
            space.set(table, entry, above, paging::Meaning::Table(next));
            table = next;
        }
        let entry = paging::index(VirtAddr(self.start), self.level);
        let page = paging::Meaning::Page(self.frame(), self.access);
        space.set(table, entry, self.level, page);
        space.publish();
        tables
    }

    /// Splits the page that has the address `offset` bytes into the whole, if it is large.
    fn split(&self, tables: &mut Strict, offset: u64) -> Result<(), MapError> {
        let address = VirtAddr(self.start + offset % reach(self.level));
        match find(tables, address) {
            Some(found) if found.level < paging::LAST => {
                // SAFETY: as above.
                let mut space = unsafe { Space::new(tables.root, tables) };
                split::split(&mut space, found)
            }
            _ => Ok(()),
        }
    }
}

fn find(tables: &mut Strict, address: VirtAddr) -> Option<Mapping> {
    // SAFETY: as above.
    unsafe { Walker::new(tables.root, tables) }.find(address)
}

/// Every address of `case` maps what it did when the page was whole.
fn check_same(case: &Case, tables: &mut Strict) {
    for address in case.addresses() {
        let found = find(tables, address);
        let seen = found.map(|it| (it.frame + (address - it.page), it.access));
        let expected = Some((case.frame() + (address.0 - case.start), case.access));
        expect(format!("{case:x?}, then {address:?}"), seen, expected);
    }
}

fn any_part_means_the_same() {
    holds_for(case(), |case| {
        let mut tables = case.mapped(8);
        for offset in &case.splits {
            let address = VirtAddr(case.start + offset % reach(case.level));
            let before = find(&mut tables, address).map_or(0, |found| found.level);
            expect(format!("{case:x?}, done"), case.split(&mut tables, *offset), Ok(()));
            let level = find(&mut tables, address).map(|found| found.level);
            let expected = Some((before + 1).min(paging::LAST));
            expect(format!("{case:x?}, then the level at {address:?}"), level, expected);
        }
        check_same(&case, &mut tables);
        expect(format!("{case:x?}, left over"), tables.leftover(), None);
    });
}

fn no_table_no_change() {
    holds_for(case(), |case| {
        let mut tables = case.mapped(0);
        let done = case.split(&mut tables, case.splits[0]);
        expect(format!("{case:x?}, without a table"), done, Err(MapError::OutOfFrames));
        check_same(&case, &mut tables);
    });
}

fn old_page_is_broken_first() {
    holds_for(case(), |case| {
        let mut tables = case.mapped(8);
        for offset in &case.splits {
            let _ = case.split(&mut tables, *offset);
        }
        expect(format!("{case:x?}"), tables.mistake(), None);
    });
}
