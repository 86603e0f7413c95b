//! Memory for tables that watches what is done to them, and a processor that remembers too well.
//!
//! A processor may remember any entry from the moment it is in use until it is told to forget it,
//! and it need not see a write before it is told of it. So three things are mistakes here, though
//! on most machines, most of the time, they have no effect: to change what an entry in use means
//! without making it mean nothing and having that forgotten first; to point to a table whose
//! contents may not be seen yet; to free a table to which a remembered entry points.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use crate::machine::Machine;
use crate::memory::address::{FRAME_SIZE, PhysAddr, VirtAddr};
use crate::memory::paging::{Access, ENTRIES, Entry, LAST, Mapping, Meaning, Table, Tables, reach};
use crate::memory::walker::Walker;

/// Where tables begin: high, so that an address that is cut off is noticed.
const BASE: PhysAddr = PhysAddr(0xffab_0000_0000);

thread_local! {
    /// How many entries were made by this thread. Only what is made can be written.
    static MADE: Cell<u64> = const { Cell::new(0) };
}

/// A machine's entry that is counted when it is made.
#[derive(Clone, Copy, Debug)]
pub struct Counted<M>(pub M);

impl<M: Machine> Entry for Counted<M> {
    fn new(meaning: Meaning, level: usize) -> Self {
        MADE.set(MADE.get() + 1);
        Self(M::new(meaning, level))
    }

    fn meaning(self, level: usize) -> Meaning {
        self.0.meaning(level)
    }
}

/// A table and what is known of it.
struct Watched<M> {
    table: Box<Table<Counted<M>>>,
    /// What it contained when it was looked at last.
    known: [u64; ENTRIES],
    /// The first address that it speaks of, and its level; nothing, while no entry points to it.
    place: Option<(u64, usize)>,
}

impl<M: Machine> Watched<M> {
    /// The entries that were changed since the last look, with what they were and are.
    fn changes(&mut self) -> Vec<(usize, u64, u64)> {
        let mut changes = Vec::new();
        // This is where the tests spend their time: nothing is quicker, unoptimised, than `while`.
        let mut entry = 0;
        while entry < ENTRIES {
            let (before, after) = (self.known[entry], self.table.0[entry].0.bits());
            if before != after {
                self.known[entry] = after;
                changes.push((entry, before, after));
            }
            entry += 1;
        }
        changes
    }
}

/// An entry that was in use, and that the processor may remember.
struct Broken {
    pages: RangeInclusive<u64>,
    meaning: Meaning,
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
    /// The table that was handed out last, which may have been written since.
    open: Option<PhysAddr>,
    /// What `MADE` was then.
    made: u64,
    /// Whether entries had been made that might be written to it.
    may_change: bool,
    broken: BTreeMap<(PhysAddr, usize), Broken>,
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
            open: None,
            made: 0,
            may_change: false,
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
        Walker::new(self.root, self)
    }

    /// How many tables there are besides the root.
    pub fn count(&self) -> usize {
        self.tables.len() - 1
    }

    /// Makes the root contain `bits`, as if they had been there all the time.
    pub fn plant(&mut self, entry: usize, bits: u64) {
        let watched = self.tables.get_mut(&self.root).expect("it is one of the tables");
        watched.table.0[entry] = Counted(M::from_bits(bits));
        watched.known[entry] = bits;
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
    pub fn check_complete(&mut self) {
        self.may_change = true;
        self.look();
        assert!(!self.is_late, "an entry in use was not published");
        assert!(self.broken.is_empty(), "an entry that was in use was not forgotten");
        for (address, watched) in self.tables.iter().filter(|(address, _)| **address != self.root) {
            let (_, level) = watched.place.expect("a table that no entry points to is freed");
            let is_nothing = |bits: &u64| M::from_bits(*bits).meaning(level) == Meaning::Nothing;
            assert!(!watched.known.iter().all(is_nothing), "table {address:?} is empty");
        }
    }

    /// Looks what was written to the table that was handed out last.
    fn look(&mut self) {
        let Some(address) = self.open.take() else { return };
        if !self.may_change && self.made == MADE.get() {
            return;
        }
        let watched = self.tables.get_mut(&address).expect("it was handed out");
        let place = watched.place;
        for (entry, before, after) in watched.changes() {
            let Some((start, level)) = place else {
                self.unseen.insert(address);
                continue;
            };
            let first = extended(start + entry as u64 * reach(level));
            let [before, after] = [before, after].map(|bits| M::from_bits(bits).meaning(level));
            self.note((address, entry), (first, level), before, after);
        }
    }

    /// Notes that the `entry` for the pages from `place` on meant `before` and means `after`.
    fn note(
        &mut self,
        entry: (PhysAddr, usize),
        place: (u64, usize),
        before: Meaning,
        after: Meaning,
    ) {
        let (first, level) = place;
        if before != Meaning::Nothing {
            assert_eq!(after, Meaning::Nothing, "{before} is in use, at {first:#x}");
            let pages = first..=first + (reach(level) - 1);
            self.broken.insert(entry, Broken { pages, meaning: before });
            if let Meaning::Table(next) = before {
                self.tables.get_mut(&next).expect("an entry points to it").place = None;
            }
            return;
        }
        assert!(!self.broken.contains_key(&entry), "the page at {first:#x} is not forgotten");
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

    fn settle(&mut self) {
        self.look();
        self.unseen.clear();
        self.is_late = false;
    }
}

/// Bits 63 to 48 repeat bit 47.
fn extended(address: u64) -> u64 {
    ((address << 16) as i64 >> 16) as u64
}

fn size(mapping: &Mapping) -> u64 {
    reach(mapping.level)
}

impl<M: Machine> Tables for Memory<M> {
    type Entry = Counted<M>;

    fn largest(&self) -> usize {
        self.largest
    }

    fn allocate(&mut self) -> Option<PhysAddr> {
        self.look();
        if self.tables.len() > self.limit {
            self.refused += 1;
            return None;
        }
        let mut addresses = (0..).map(|number| BASE + number * FRAME_SIZE);
        let address = addresses.find(|address| !self.tables.contains_key(address))?;
        let nothing = Counted(M::new(Meaning::Nothing, LAST));
        let table = Box::new(Table([nothing; ENTRIES]));
        let known = [nothing.0.bits(); ENTRIES];
        self.tables.insert(address, Watched { table, known, place: None });
        self.unseen.insert(address);
        Some(address)
    }

    fn free(&mut self, table: PhysAddr) {
        self.look();
        let freed = self.tables.remove(&table).expect("it is one of the tables");
        assert_eq!(freed.place, None, "an entry points to table {table:?}");
        for broken in self.broken.values() {
            assert_ne!(broken.meaning, Meaning::Table(table), "the way to it is not forgotten");
        }
    }

    fn table(&mut self, address: PhysAddr) -> &mut Table<Counted<M>> {
        self.look();
        self.open = Some(address);
        let made = std::mem::replace(&mut self.made, MADE.get());
        self.may_change = made != self.made;
        &mut self.tables.get_mut(&address).expect("it is one of the tables").table
    }

    fn publish(&mut self) {
        self.settle();
    }

    fn forget(&mut self, page: VirtAddr) {
        self.settle();
        self.broken.retain(|_, broken| !broken.pages.contains(&page.0));
        self.cached.retain(|found| page < found.page || page - found.page >= size(found));
    }
}
