//! The walker at its edges: of the address space, of a range, of what tables there are.

use std::ops::Range;

use crate::arch::{aarch64, x86_64};
use crate::machine::Machine;
use crate::memory::address::{PhysAddr, VirtAddr};
use crate::memory::paging::{Access, ENTRIES, LAST, MapError, Mapping, Meaning, index, reach};
use crate::model::HOLE;
use crate::tables::Memory;

const FRAME: PhysAddr = PhysAddr(0x1_4020_0000);
const PAGE: u64 = 0x1000;

fn pages(start: u64, end: u64) -> Range<VirtAddr> {
    VirtAddr(start)..VirtAddr(end)
}

fn memory(limit: usize) -> Memory<aarch64::PageTableEntry> {
    Memory::new(1, limit)
}

fn map<M: Machine>(memory: &mut Memory<M>, range: Range<u64>) -> Result<(), MapError> {
    memory.walker().map(pages(range.start, range.end), FRAME, Access::WRITE)
}

#[test]
fn what_is_not_canonical_is_refused() {
    for (range, address) in [
        (HOLE.start..HOLE.start + PAGE, HOLE.start),
        (HOLE.end - PAGE..HOLE.end, HOLE.end - PAGE),
        (HOLE.end - PAGE..HOLE.end + PAGE, HOLE.end - PAGE),
        (HOLE.start - PAGE..HOLE.end + PAGE, HOLE.start),
        (0..u64::MAX - 0xfff, HOLE.start),
    ] {
        let error = Err(MapError::NotCanonical { address: VirtAddr(address) });
        let mut memory = memory(8);
        assert_eq!(map(&mut memory, range.clone()), error, "{range:#x?}");
        let range = pages(range.start, range.end);
        assert_eq!(memory.walker().unmap(range.clone()), error);
        assert_eq!(memory.walker().protect(range, Access::WRITE), error);
        assert_eq!(memory.count(), 0);
    }
    // Whichever address is named for a range that ends in the hole, it is one that is in both.
    let found = map(&mut memory(8), HOLE.start - PAGE..HOLE.start + PAGE);
    let Err(MapError::NotCanonical { address }) = found else { panic!("{found:?}") };
    assert!((HOLE.start..HOLE.start + PAGE).contains(&address.0), "{address:?}");
}

#[test]
fn pages_up_to_the_hole_and_from_it_on_are_mapped() {
    for range in [HOLE.start - PAGE..HOLE.start, HOLE.end..HOLE.end + PAGE] {
        let mut memory = memory(8);
        assert_eq!(map(&mut memory, range.clone()), Ok(()));
        let walker = &mut memory.walker();
        assert_eq!(walker.translate(VirtAddr(range.start)), Some((FRAME, Access::WRITE)));
        // The same bits below, and other bits above.
        let other = VirtAddr(range.start ^ 1 << 60);
        assert_eq!(walker.find(other), None);
        let mut steps = 0;
        walker.steps(other, |_, _, _| steps += 1);
        assert_eq!(steps, 0, "there is no way to {other:?}");
    }
}

#[test]
fn a_range_without_pages_is_nothing_to_do() {
    for start in [0, PAGE, HOLE.start, HOLE.end, u64::MAX - 0xfff] {
        let mut memory = memory(8);
        assert_eq!(map(&mut memory, start..start), Ok(()));
        let range = pages(start, start);
        assert_eq!(memory.walker().protect(range.clone(), Access::WRITE), Ok(()));
        assert_eq!(memory.walker().unmap(range.clone()), Ok(()));
        assert_eq!(memory.walker().next(&range), None);
        assert_eq!(memory.count(), 0);
    }
}

/// The last page of all cannot be named: where it ends there is no address. That is no success.
#[test]
fn a_reversed_range_is_refused() {
    for (start, end) in [(2 * PAGE, PAGE), (u64::MAX - 0xfff, 0), (HOLE.end, HOLE.start - PAGE)] {
        let error = Err(MapError::Reversed { end: VirtAddr(end) });
        let (mut memory, range) = (memory(8), pages(start, end));
        assert_eq!(map(&mut memory, start..end), error);
        assert_eq!(memory.walker().protect(range.clone(), Access::WRITE), error);
        assert_eq!(memory.walker().unmap(range.clone()), error);
        assert_eq!(memory.walker().next(&range), None);
    }
}

#[test]
fn what_is_misaligned_is_refused() {
    for (start, end, frame, address) in [
        (PAGE + 1, 2 * PAGE, FRAME.0, PAGE + 1),
        (PAGE, 2 * PAGE - 1, FRAME.0, 2 * PAGE - 1),
        (PAGE, 2 * PAGE, FRAME.0 + 0x800, FRAME.0 + 0x800),
    ] {
        let mut memory = memory(8);
        let found = memory.walker().map(pages(start, end), PhysAddr(frame), Access::WRITE);
        assert_eq!(found, Err(MapError::Misaligned { address }));
        assert_eq!(memory.count(), 0);
    }
}

/// Memory up to where the addresses end that an entry has room for.
fn check_reach<M: Machine>(end: u64) {
    let page = pages(PAGE, 2 * PAGE);
    for frame in [end - PAGE, end, u64::MAX - 0xfff] {
        let mut memory = Memory::<M>::new(1, 8);
        let found = memory.walker().map(page.clone(), PhysAddr(frame), Access::WRITE);
        if frame < end {
            assert_eq!(found, Ok(()));
            let found = memory.walker().translate(page.start);
            assert_eq!(found, Some((PhysAddr(frame), Access::WRITE)));
        } else {
            assert_eq!(found, Err(MapError::OutOfReach { frame: PhysAddr(frame) }));
            assert_eq!(memory.count(), 0);
        }
    }
    let frame = PhysAddr(end - PAGE);
    let found = Memory::<M>::new(1, 8).walker().map(pages(0, 2 * PAGE), frame, Access::WRITE);
    assert_eq!(found, Err(MapError::OutOfReach { frame }));
}

#[test]
fn memory_that_no_entry_can_name_is_refused() {
    check_reach::<aarch64::PageTableEntry>(1 << 48);
    check_reach::<x86_64::PageTableEntry>(1 << 52);
}

/// Every program's root will point to them.
#[test]
fn tables_of_level_1_stay_in_the_upper_half_only() {
    for (start, expected) in [(0, 0), (HOLE.start - PAGE, 0), (HOLE.end, 1), (!0 << 39, 1)] {
        let mut memory = memory(8);
        map(&mut memory, start..start + PAGE).expect("there is room for the tables");
        memory.walker().unmap(pages(start, start + PAGE)).expect("it is mapped");
        let mut tables = 0;
        memory.walker().steps(VirtAddr(start), |_, level, _| tables = level);
        assert_eq!(tables, expected, "{start:#x}");
        memory.check_complete();
    }
}

#[test]
fn the_search_for_a_page_ends_at_the_top() {
    let all = pages(0, u64::MAX);
    let mut memory = memory(8);
    assert_eq!(memory.walker().next(&all), None);
    let top = u64::MAX - 0xfff;
    map(&mut memory, top - PAGE..top).expect("there is room for the tables");
    let found =
        Mapping { page: VirtAddr(top - PAGE), level: LAST, frame: FRAME, access: Access::WRITE };
    assert_eq!(memory.walker().next(&all), Some(found));
    assert_eq!(memory.walker().next(&pages(top, u64::MAX)), None);
}

/// The upper half looks like the hole to who reads bits 47 to 12 only.
#[test]
fn nothing_is_found_in_the_hole() {
    let mut memory = memory(8);
    map(&mut memory, HOLE.end..HOLE.end + reach(1)).expect("there is room for the tables");
    map(&mut memory, 0..PAGE).expect("there is room for the tables");
    assert_eq!(memory.walker().next(&pages(HOLE.start, HOLE.end)), None);
    let found = memory.walker().next(&pages(PAGE, u64::MAX)).map(|found| found.page.0);
    assert_eq!(found, Some(HOLE.end));
}

#[test]
fn steps_lead_from_the_root_to_the_page() {
    let mut memory = memory(8);
    let page = VirtAddr(0xffff_ffff_8000_0000);
    map(&mut memory, page.0..page.0 + reach(2)).expect("there is room for the tables");
    let mut steps = Vec::new();
    memory.walker().steps(page + 5, |table, level, meaning| steps.push((table, level, meaning)));
    let [(root, 0, Meaning::Table(first)), (one, 1, Meaning::Table(second)), last] = steps[..]
    else {
        panic!("{steps:?}")
    };
    assert_eq!((root, one), (memory.root, first));
    assert_eq!(last, (second, 2, Meaning::Page(FRAME, Access::WRITE)));
}

#[test]
fn an_address_is_split_into_indices() {
    let page = VirtAddr(0xffff_ffff_8040_3000);
    let indices: Vec<_> = (0..=LAST).map(|level| index(page, level)).collect();
    assert_eq!(indices, [511, 510, 2, 3]);
    assert_eq!([0, 1, 2, 3].map(reach), [1 << 39, 1 << 30, 1 << 21, 1 << 12]);
    assert_eq!((0..=LAST).map(|level| index(VirtAddr(u64::MAX), level)).sum::<usize>(), 4 * 511);
    assert_eq!(ENTRIES, 512);
}

/// A page of 1 GiB of which 4 KiB change takes two tables: what if there is one, or none?
fn check_split<M: Machine>() {
    let page = reach(1);
    for left in 0..=2 {
        let mut memory = Memory::<M>::new(1, 1 + left);
        let whole = pages(page, 2 * page);
        memory.walker().map(whole.clone(), PhysAddr(page), Access::WRITE).expect("it is one table");
        let part = pages(page + PAGE, page + 2 * PAGE);
        let found = memory.walker().protect(part.clone(), Access::empty());
        let is_done = left == 2;
        assert_eq!(found, if is_done { Ok(()) } else { Err(MapError::OutOfFrames) });
        memory.check_complete();
        for address in [page, page + PAGE, page + 2 * PAGE, page + reach(2), 2 * page - PAGE] {
            let is_part = part.contains(&VirtAddr(address));
            let access = if is_part && is_done { Access::empty() } else { Access::WRITE };
            let found = memory.walker().translate(VirtAddr(address));
            assert_eq!(found, Some((PhysAddr(address), access)), "{left} tables");
        }
        memory.walker().unmap(whole).expect("no table is needed for that");
        assert_eq!(memory.count(), 0);
    }
}

/// Nothing is asked of an empty range, so nothing happens, in the middle of a large page too.
fn check_nothing_asked<M: Machine>() {
    let page = reach(2);
    let mut memory = Memory::<M>::new(2, 4);
    let whole = pages(page, 2 * page);
    memory.walker().map(whole.clone(), PhysAddr(page), Access::WRITE).expect("there are tables");
    let tables = memory.count();
    let nothing = pages(page + PAGE, page + PAGE);
    assert_eq!(memory.walker().protect(nothing.clone(), Access::empty()), Ok(()));
    assert_eq!(memory.walker().unmap(nothing), Ok(()));
    assert_eq!(memory.count(), tables, "a page was split");
}

#[test]
fn an_empty_range_splits_nothing() {
    check_nothing_asked::<aarch64::PageTableEntry>();
    check_nothing_asked::<x86_64::PageTableEntry>();
}

#[test]
fn a_split_that_fails_changes_no_translation() {
    check_split::<aarch64::PageTableEntry>();
    check_split::<x86_64::PageTableEntry>();
}

#[test]
fn a_map_that_fails_in_the_middle_is_undone() {
    // From the last page of one table on: each table that is missing fails at another level.
    let start = reach(0) - PAGE;
    for limit in 0..6 {
        let mut memory = memory(limit);
        assert_eq!(map(&mut memory, start..start + 2 * PAGE), Err(MapError::OutOfFrames));
        memory.check_complete();
        assert_eq!(memory.count(), 0, "of {limit} tables");
        assert_eq!(memory.walker().find(VirtAddr(start)), None);
    }
    assert_eq!(map(&mut memory(6), start..start + 2 * PAGE), Ok(()));
}

#[test]
fn errors_name_the_obstacle() {
    let (page, frame) = (VirtAddr(0x1000), PhysAddr(0x2000));
    for (error, words) in [
        (MapError::OutOfFrames, "no frame is left for a page table"),
        (MapError::AlreadyMapped { page, frame }, "0x1000 already maps 0x2000"),
        (MapError::NotMapped { page }, "0x1000 maps nothing"),
        (MapError::Misaligned { address: 5 }, "0x5 is not where a page begins"),
        (MapError::OutOfReach { frame }, "memory from 0x2000 on is out of reach"),
        (MapError::NotCanonical { address: page }, "0x1000 is not canonical"),
        (MapError::Reversed { end: page }, "the pages end at 0x1000, before they begin"),
    ] {
        assert_eq!(error.to_string(), words);
    }
}

#[test]
fn access_is_shown_letter_by_letter() {
    for (access, letters) in [
        (Access::empty(), "r----"),
        (Access::WRITE, "rw---"),
        (Access::EXECUTE | Access::USER, "r-xu-"),
        (Access::all(), "rwxud"),
    ] {
        assert_eq!(access.to_string(), letters);
    }
}
