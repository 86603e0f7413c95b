//! A table that maps itself: on x86_64 the last entries of tables read as pages.
//!
//! An entry of the root that points to the root makes the walk go through it once and end one level
//! early: at a table, which so becomes a page. The bits of a table's entry allow that, since they
//! mean the same at every level. (Not on ARM64, where such a page would lack the access flag.)

use std::iter::once;

use crate::arch::x86_64::PageTableEntry;
use crate::machine::Machine;
use crate::memory::address::{FRAME_SIZE, PhysAddr, VirtAddr};
use crate::memory::paging::{Access, Entry, LAST, Meaning, Tables, index, reach};
use crate::tables::Memory;

/// The entry of the root that points to the root.
const ITSELF: u64 = 510;

/// Where the entry of `level` on the way to `page` is found by its own translation.
fn entry_of(page: VirtAddr, level: usize) -> VirtAddr {
    let way = (0..=level).map(|above| index(page, above) as u64);
    let indices = std::iter::repeat_n(ITSELF, LAST - level).chain(once(ITSELF)).chain(way);
    // The last index counts entries of 8 bytes and not of 1.
    let indices: Vec<_> = indices.collect();
    let (last, others) = indices.split_last().expect("there are five");
    let start = others.iter().fold(0, |address, index| address << 9 | index);
    VirtAddr(!0 << 48 | start << 12 | last << 3)
}

#[test]
fn both_ways_to_an_entry_are_alike() {
    let mut memory = Memory::<PageTableEntry>::new(1, 20);
    let root = memory.root;
    let small = VirtAddr(0x7fff_ffff_e000)..VirtAddr(0x7fff_ffff_f000);
    let large = VirtAddr(!0 << 47)..VirtAddr((!0 << 47) + reach(1) + reach(2));
    for pages in [&small, &large] {
        let mapped = memory.walker().map(pages.clone(), PhysAddr(0x4000_0000), Access::WRITE);
        mapped.expect("there is room for the tables");
    }
    let itself = PageTableEntry::new(Meaning::Table(root), 0);
    memory.plant(ITSELF as usize, itself.bits());
    for page in [small.start, large.start, large.start + reach(1)] {
        let mut steps = Vec::new();
        memory.walker().steps(page, |table, level, meaning| steps.push((table, level, meaning)));
        for (table, level, meaning) in steps {
            let address = entry_of(page, level);
            let (found, _) = memory.walker().translate(address).expect("the tables map themselves");
            assert_eq!(found, table + index(page, level) as u64 * 8, "{page:?}, level {level}");
            let (table, entry) = (found.align_down(FRAME_SIZE), found.0 % FRAME_SIZE / 8);
            // SAFETY: it is the table that the walk came through.
            let entry = unsafe { memory.read(table, entry as usize) };
            assert_eq!(entry.meaning(level), meaning);
        }
    }
}
