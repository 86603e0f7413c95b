//! Tables of a processor that remembers as much, and sees as little, as the manuals allow.
//!
//! Given, not to be written. A real processor may remember any entry from the moment it is in use
//! until it is told to forget it, and need not see a write before it is told of it. A table that
//! is cut off takes nothing with it: what its entries meant may be remembered as well. On most
//! machines, most of the time, whoever does not tell it gets away with it; here the first mistake
//! is noted.

use std::collections::{BTreeMap, BTreeSet};

use super::address::{FRAME_SIZE, PhysAddr, VirtAddr};
use super::paging::{ENTRIES, Entry, LAST, Meaning, Tables, index, reach};

/// Where tables begin.
const BASE: PhysAddr = PhysAddr(0x7_0000_0000);

/// An entry, which is what it means.
#[derive(Clone, Copy)]
pub struct Plain(Meaning);

impl Entry for Plain {
    const ADDRESS: u64 = 0x0000_ffff_ffff_f000;

    fn new(meaning: Meaning, _level: usize) -> Self {
        Self(meaning)
    }

    fn meaning(self, _level: usize) -> Meaning {
        self.0
    }
}

/// A table, and where it is used: the first address that it speaks of, and its level.
struct Table {
    entries: Vec<Plain>,
    place: Option<(u64, usize)>,
}

/// The tables.
pub struct Strict {
    /// The table of level 0.
    pub root: PhysAddr,
    /// How many more tables there may be.
    pub left: usize,
    mistake: Option<String>,
    tables: BTreeMap<PhysAddr, Table>,
    /// Entries that were in use, and that the processor may remember: by the first page and the
    /// level, as it does. Who is in their tables now is another matter.
    broken: BTreeMap<(u64, usize), Meaning>,
    /// Tables whose contents may not be seen yet.
    unseen: BTreeSet<PhysAddr>,
    is_late: bool,
}

impl Strict {
    /// A root, and `left` more tables.
    pub fn new(left: usize) -> Self {
        let entries = vec![Plain(Meaning::Nothing); ENTRIES];
        let tables = BTreeMap::from([(BASE, Table { entries, place: Some((0, 0)) })]);
        let (broken, unseen) = (BTreeMap::new(), BTreeSet::new());
        Self { root: BASE, left, mistake: None, tables, broken, unseen, is_late: false }
    }

    /// How many tables there are besides the root.
    pub fn count(&self) -> usize {
        self.tables.len() - 1
    }

    /// The first mistake in what the processor was told, now that a change is over.
    pub fn mistake(&mut self) -> Option<String> {
        if let Some(page) = self.broken.keys().map(|(page, _)| *page).next() {
            self.note(format!("the processor is never told to forget {page:#x}"));
        }
        if self.is_late {
            self.note("the processor is never told of a new entry".into());
        }
        self.mistake.clone()
    }

    /// A table that is of no use any more, and is not given back.
    pub fn leftover(&self) -> Option<String> {
        let is_empty = |table: &Table| table.entries.iter().all(|it| it.0 == Meaning::Nothing);
        self.tables.values().find_map(|table| match table.place {
            None => Some("a table to which no entry points".into()),
            Some((start, level)) if may_go(start, level) && is_empty(table) => {
                Some(format!("an empty table of level {level}, for {start:#x} and above"))
            }
            Some(_) => None,
        })
    }

    fn note(&mut self, what: String) {
        self.mistake.get_or_insert(what);
    }

    fn settle(&mut self) {
        self.unseen.clear();
        self.is_late = false;
    }

    /// Looks at a change of an entry in use.
    fn look(&mut self, place: (u64, usize), before: Meaning, after: Meaning) {
        let page = place.0;
        if before != Meaning::Nothing {
            if after != Meaning::Nothing {
                self.note(format!("an entry in use is overwritten, the one for {page:#x}"));
            }
            self.cut(place, before);
        }
        if after != Meaning::Nothing {
            self.is_late = true;
            self.join(place, after);
        }
    }

    /// The entry at `place` is not in use any more, nor is what it leads to.
    fn cut(&mut self, place: (u64, usize), meaning: Meaning) {
        self.broken.insert(place, meaning);
        for (below, meaning) in self.move_table(meaning, None) {
            self.cut(below, meaning);
        }
    }

    /// The entry at `place` is in use, and so is what it leads to.
    fn join(&mut self, (page, level): (u64, usize), meaning: Meaning) {
        if self.broken.contains_key(&(page, level)) {
            self.note(format!("there is a new entry for {page:#x}, and the old is not forgotten"));
        }
        if let Meaning::Table(next) = meaning
            && self.unseen.contains(&next)
        {
            self.note(format!("an entry points to table {next:?} before its entries are seen"));
        }
        let start = page & ((1 << 48) - 1);
        for (below, meaning) in self.move_table(meaning, Some((start, level + 1))) {
            self.join(below, meaning);
        }
    }

    /// Changes where a table is used, if `meaning` is one. Returns the entries in it, with their
    /// places.
    fn move_table(
        &mut self,
        meaning: Meaning,
        place: Option<(u64, usize)>,
    ) -> Vec<((u64, usize), Meaning)> {
        let Meaning::Table(table) = meaning else { return Vec::new() };
        // A table of the last level leads nowhere, whatever a mistake may have written there.
        let place = place.filter(|(_, level)| *level <= LAST);
        let Some(table) = self.tables.get_mut(&table) else { return Vec::new() };
        let before = std::mem::replace(&mut table.place, place);
        let Some((start, level)) = place.or(before) else { return Vec::new() };
        let used = table.entries.iter().enumerate().filter(|(_, it)| it.0 != Meaning::Nothing);
        used.map(|(index, it)| ((page_of(start, level, index), level), it.0)).collect()
    }
}

impl Tables for Strict {
    type Entry = Plain;

    fn largest(&self) -> usize {
        1
    }

    fn allocate(&mut self) -> Option<PhysAddr> {
        self.left = self.left.checked_sub(1)?;
        let mut addresses = (0..).map(|number| BASE + number * FRAME_SIZE);
        let address = addresses.find(|address| !self.tables.contains_key(address))?;
        let entries = vec![Plain(Meaning::Nothing); ENTRIES];
        self.tables.insert(address, Table { entries, place: None });
        self.unseen.insert(address);
        Some(address)
    }

    unsafe fn free(&mut self, table: PhysAddr) {
        self.left += 1;
        let Some(freed) = self.tables.remove(&table) else {
            return self.note(format!("{table:?} is given back, and is no table"));
        };
        if freed.place.is_some() {
            self.note(format!("table {table:?} is given back while an entry points to it"));
        }
        if self.broken.values().any(|broken| *broken == Meaning::Table(table)) {
            self.note(format!("table {table:?} is given back while the way to it is remembered"));
        }
    }

    unsafe fn read(&self, table: PhysAddr, index: usize) -> Plain {
        match self.tables.get(&table) {
            Some(table) => table.entries[index],
            None => panic!("{table:?} is read, and is no table"),
        }
    }

    unsafe fn write(&mut self, table: PhysAddr, index: usize, entry: Plain) {
        let Some(written) = self.tables.get_mut(&table) else {
            panic!("{table:?} is written, and is no table");
        };
        let before = std::mem::replace(&mut written.entries[index], entry);
        let place = written.place;
        if before.0 == entry.0 {
            return;
        }
        match place {
            Some((start, level)) => {
                self.look((page_of(start, level, index), level), before.0, entry.0);
            }
            None => {
                self.unseen.insert(table);
            }
        }
    }

    fn publish(&mut self) {
        self.settle();
    }

    fn forget(&mut self, page: VirtAddr) {
        self.settle();
        // The way to a page is forgotten with it.
        self.broken.retain(|(first, level), _| page.0 < *first || page.0 - first >= reach(*level));
    }
}

/// Whether a table of `level` that speaks of the addresses from `start` on goes when it is empty.
/// In the upper half those of level 1 stay.
fn may_go(start: u64, level: usize) -> bool {
    level > 1 || level == 1 && index(VirtAddr(start), 0) < ENTRIES / 2
}

/// The first page of which entry `index` speaks, in a table of `level` that begins with `start`.
fn page_of(start: u64, level: usize, index: usize) -> u64 {
    let address = start + index as u64 * reach(level);
    // Bits 63 to 48 repeat bit 47.
    ((address << 16) as i64 >> 16) as u64
}
