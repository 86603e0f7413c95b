//! Memory for tables that watches what is done to them, and a processor that remembers too well.
//!
//! A processor may remember any entry from the moment it is in use until it is told to forget it,
//! and it need not see a write before it is told of it. So three things are mistakes here, though
//! on most machines, most of the time, they have no effect: to change what an entry in use means
//! without making it mean nothing and having that forgotten first; to point to a table whose
//! contents may not be seen yet; to free a table to which a remembered entry points.

use std::collections::{BTreeMap, BTreeSet};

use crate::machine::Machine;
use crate::memory::address::{FRAME_SIZE, PhysAddr, VirtAddr};
use crate::memory::paging::{Access, ENTRIES, LAST, Mapping, Meaning, Tables, index, reach};
use crate::memory::walker::Walker;

/// Where tables begin: high, so that an address that is cut off is noticed.
const BASE: PhysAddr = PhysAddr(0xffab_0000_0000);

/// A table and where it is used.
struct Watched<M> {
    entries: Box<[M; ENTRIES]>,
    /// The first address that it speaks of, and its level; nothing, while no entry points to it.
    place: Option<(u64, usize)>,
}

impl<M: Machine> Watched<M> {
    fn is_empty(&self, level: usize) -> bool {
        self.entries.iter().all(|entry| entry.meaning(level) == Meaning::Nothing)
    }

    /// Whether it may be empty: in the upper half tables of level 1 stay.
    fn may_be_empty(&self) -> bool {
        self.place.is_none_or(|(start, level)| {
            level == 0 || level == 1 && index(VirtAddr(start), 0) >= ENTRIES / 2
        })
    }
}

/// Memory for tables.
pub struct Memory<M> {
    /// The table of level 0.
    pub root: PhysAddr,
    /// The lowest level whose entries may map memory.
    pub largest: usize,
    /// How many tables there may be besides the root.
    pub limit: usize,
    /// How many were asked for in vain.
    pub refused: usize,
    tables: BTreeMap<PhysAddr, Watched<M>>,
    /// Entries that were in use, and that the processor may remember: by the first page and the
    /// level, as it does.
    broken: BTreeMap<(u64, usize), Meaning>,
    /// Tables whose contents may not be seen yet.
    unseen: BTreeSet<PhysAddr>,
    /// Whether there is an entry in use that may not be seen yet.
    is_late: bool,
    /// What the processor remembers of pages.
    cached: Vec<Mapping>,
}

impl<M: Machine> Memory<M> {
    /// A root, and room for `limit` other tables.
    pub fn new(largest: usize, limit: usize) -> Self {
        let mut memory = Self {
            root: BASE,
            largest,
            limit: 1,
            refused: 0,
            tables: BTreeMap::new(),
            broken: BTreeMap::new(),
            unseen: BTreeSet::new(),
            is_late: false,
            cached: Vec::new(),
        };
        memory.root = memory.allocate().expect("there is room for one");
        memory.tables.get_mut(&memory.root).expect("it is new").place = Some((0, 0));
        memory.unseen.clear();
        memory.limit = limit;
        memory
    }

    /// A walk from the root.
    pub fn walker(&mut self) -> Walker<'_, Self> {
        // SAFETY: the root is a table of this memory, as is what the walker adds. No processor uses
        // them but the one that is made out to, by `access`.
        unsafe { Walker::new(self.root, self) }
    }

    /// How many tables there are besides the root, and those that stay though they are empty.
    pub fn count(&self) -> usize {
        let stays = |table: &&Watched<M>| table.may_be_empty() && table.is_empty(1);
        let tables = self.tables.iter().filter(|(address, _)| **address != self.root);
        tables.filter(|(_, table)| !stays(table)).count()
    }

    /// Makes the root contain `bits`, as if they had been there all the time.
    pub fn plant(&mut self, entry: usize, bits: u64) {
        let watched = self.tables.get_mut(&self.root).expect("it is one of the tables");
        watched.entries[entry] = M::from_bits(bits);
    }

    /// What an access to `address` reaches, by a processor that prefers to remember.
    pub fn access(&mut self, address: VirtAddr) -> Option<(PhysAddr, Access)> {
        let knows = |found: &&Mapping| found.page <= address && address - found.page < size(found);
        let known = self.cached.iter().find(knows).copied();
        let found = known.or_else(|| self.walker().find(address))?;
        if known.is_none() {
            self.cached.push(found);
        }
        Some((found.frame + (address - found.page), found.access))
    }

    /// Looks whether a change is complete: all is seen, all is forgotten, and no table is empty.
    pub fn check_complete(&self) {
        assert!(!self.is_late, "an entry in use was not published");
        assert!(self.broken.is_empty(), "an entry that was in use was not forgotten");
        for (address, table) in self.tables.iter().filter(|(_, table)| !table.may_be_empty()) {
            let (_, level) = table.place.expect("it may not be empty");
            assert!(!table.is_empty(level), "table {address:?} is empty");
        }
        let is_lost = |table: &Watched<M>| table.place.is_none();
        assert!(!self.tables.values().any(is_lost), "a table that no entry points to is freed");
    }

    /// Notes that the entry for the pages from `place` on meant `before` and means `after`.
    fn note(&mut self, place: (u64, usize), before: Meaning, after: Meaning) {
        let (first, level) = place;
        if before != Meaning::Nothing {
            assert_eq!(after, Meaning::Nothing, "{before} is in use, at {first:#x}");
            return self.cut(place, before);
        }
        assert!(!self.broken.contains_key(&place), "the page at {first:#x} is not forgotten");
        self.is_late = true;
        if let Meaning::Page(frame, _) = after {
            assert!(frame.is_aligned(reach(level)), "{frame:?} is mapped at level {level}");
        }
        if let Meaning::Table(next) = after {
            assert!(!self.unseen.contains(&next), "table {next:?} may not be seen as it is");
            let table = self.tables.get_mut(&next).expect("entries point to tables");
            assert_eq!(table.place, None, "two entries point to table {next:?}");
            table.place = Some((first & ((1 << 48) - 1), level + 1));
        }
    }

    /// The entry at `place` is not in use any more, nor is what it leads to: of all that the
    /// processor may know.
    fn cut(&mut self, place: (u64, usize), meaning: Meaning) {
        self.broken.insert(place, meaning);
        let Meaning::Table(next) = meaning else { return };
        let table = self.tables.get_mut(&next).expect("an entry points to it");
        let (start, level) = table.place.take().expect("an entry points to it");
        let meanings = table.entries.map(|entry| entry.meaning(level));
        for (index, meaning) in meanings.into_iter().enumerate() {
            if meaning != Meaning::Nothing {
                self.cut((page_of(start, level, index), level), meaning);
            }
        }
    }

    fn settle(&mut self) {
        self.unseen.clear();
        self.is_late = false;
    }
}

/// The first page of which entry `index` speaks, in a table of `level` that begins with `start`.
fn page_of(start: u64, level: usize, index: usize) -> u64 {
    let address = start + index as u64 * reach(level);
    // Bits 63 to 48 repeat bit 47.
    ((address << 16) as i64 >> 16) as u64
}

fn size(mapping: &Mapping) -> u64 {
    reach(mapping.level)
}

impl<M: Machine> Tables for Memory<M> {
    type Entry = M;

    fn largest(&self) -> usize {
        self.largest
    }

    fn allocate(&mut self) -> Option<PhysAddr> {
        if self.tables.len() > self.limit {
            self.refused += 1;
            return None;
        }
        let mut addresses = (0..).map(|number| BASE + number * FRAME_SIZE);
        let address = addresses.find(|address| !self.tables.contains_key(address))?;
        let entries = Box::new([M::new(Meaning::Nothing, LAST); ENTRIES]);
        self.tables.insert(address, Watched { entries, place: None });
        self.unseen.insert(address);
        Some(address)
    }

    unsafe fn free(&mut self, table: PhysAddr) {
        let freed = self.tables.remove(&table).expect("it is one of the tables");
        assert_eq!(freed.place, None, "an entry points to table {table:?}");
        for broken in self.broken.values() {
            assert_ne!(*broken, Meaning::Table(table), "the way to it is not forgotten");
        }
    }

    unsafe fn read(&self, table: PhysAddr, index: usize) -> M {
        self.tables.get(&table).expect("it is one of the tables").entries[index]
    }

    unsafe fn write(&mut self, table: PhysAddr, index: usize, entry: M) {
        let watched = self.tables.get_mut(&table).expect("it is one of the tables");
        let before = std::mem::replace(&mut watched.entries[index], entry);
        if before.bits() == entry.bits() {
            return;
        }
        let Some((start, level)) = watched.place else {
            self.unseen.insert(table);
            return;
        };
        let place = (page_of(start, level, index), level);
        self.note(place, before.meaning(level), entry.meaning(level));
    }

    fn publish(&mut self) {
        self.settle();
    }

    fn forget(&mut self, page: VirtAddr) {
        self.settle();
        self.broken.retain(|(first, level), _| page.0 < *first || page.0 - first >= reach(*level));
        self.cached.retain(|found| page < found.page || page - found.page >= size(found));
    }
}

/// Who cuts off a table that is in use must have each page below it forgotten, not only the way.
#[test]
#[should_panic(expected = "an entry that was in use was not forgotten")]
fn what_a_table_meant_is_remembered_when_it_is_cut_off() {
    let mut memory = Memory::<crate::arch::x86_64::PageTableEntry>::new(1, 8);
    let pages = VirtAddr(0)..VirtAddr(2 * FRAME_SIZE);
    let mapped = memory.walker().map(pages.clone(), PhysAddr(0), Access::WRITE);
    mapped.expect("there is room");
    let nothing = Machine::from_bits(0);
    // SAFETY: the root is one of the tables, and 0 is the index of an entry.
    unsafe { memory.write(memory.root, 0, nothing) };
    memory.forget(pages.start);
    memory.check_complete();
}
