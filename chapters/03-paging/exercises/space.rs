//! An address space as it lies in memory: tables, entries, and a processor that remembers them.
//!
//! Given, not to be written. The chapter's walker asks the same of its tables, by functions that
//! are unsafe; here whoever makes the space vouches for all that is done with it.

use super::address::{PhysAddr, VirtAddr};
use super::paging::{ENTRIES, Entry, LAST, Meaning, Tables};

/// The tables below one root.
pub struct Space<'a, T> {
    root: PhysAddr,
    tables: &'a mut T,
}

#[allow(dead_code, reason = "no exercise needs all of it")]
impl<'a, T: Tables> Space<'a, T> {
    /// The tables below `root`.
    ///
    /// # Safety
    ///
    /// All of them must come from `tables`. Whoever gets the space must keep to what is said below
    /// of its functions, and may change pages only on which nobody relies.
    pub unsafe fn new(root: PhysAddr, tables: &'a mut T) -> Self {
        Self { root, tables }
    }

    /// The table of level 0.
    pub fn root(&self) -> PhysAddr {
        self.root
    }

    /// What entry `index` of `table`, one of `level`, means.
    pub fn meaning(&self, table: PhysAddr, index: usize, level: usize) -> Meaning {
        check(index, level);
        // SAFETY: whoever made the space promises that it is a table; the index was looked at.
        unsafe { self.tables.read(table, index) }.meaning(level)
    }

    /// Makes entry `index` of `table`, one of `level`, mean `meaning`. The processor may go on
    /// using what it meant before until it is told to [`forget`](Self::forget) the page, and need
    /// not see what it means now before that, or before [`publish`](Self::publish).
    pub fn set(&mut self, table: PhysAddr, index: usize, level: usize, meaning: Meaning) {
        check(index, level);
        // SAFETY: as in `meaning`.
        unsafe { self.tables.write(table, index, T::Entry::new(meaning, level)) };
    }

    /// A new table, in which every entry means nothing; `None` if there is no memory for it.
    pub fn allocate(&mut self) -> Option<PhysAddr> {
        self.tables.allocate()
    }

    /// Gives a table back. No entry may point to it any more, nor the processor remember one that
    /// did.
    pub fn free(&mut self, table: PhysAddr) {
        // SAFETY: whoever made the space promises that it is so.
        unsafe { self.tables.free(table) };
    }

    /// Makes the processor see all entries that were written before.
    pub fn publish(&mut self) {
        self.tables.publish();
    }

    /// Makes the processor forget what it knows of the way to `page`: the entry that maps it, and
    /// those that lead there. New entries are seen, too.
    pub fn forget(&mut self, page: VirtAddr) {
        self.tables.forget(page);
    }
}

fn check(index: usize, level: usize) {
    assert!(level <= LAST, "there is no level {level}");
    assert!(index < ENTRIES, "no table has an entry {index}");
}
