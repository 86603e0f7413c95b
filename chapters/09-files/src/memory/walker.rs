//! The walk through page tables: to look, to map, to unmap, to change.
//!
//! Each change first looks whether all of it can be done, so an error leaves every translation as
//! it was; only when frames run out in the middle is what was done undone. (A page that was split
//! stays split: it means the same.) An entry that was in use is first made to mean nothing, then
//! forgotten by the processor, then written anew. Two translations of one page must never be known
//! at once, or the processor may mix them. (Arm ARM DDI 0487, D8, "break-before-make".)

use core::ops::Range;

use super::address::{FRAME_SIZE, PhysAddr, VirtAddr};
use super::paging::{
    Access, ENTRIES, Entry, LAST, MapError, Mapping, Meaning, Tables, index, reach,
};

#[cfg(any(exercise = "03-split", exercise = "03-unmap"))]
#[path = "../../../03-paging/exercises/walker.rs"]
mod exercise;

/// The translation that begins with one table of level 0. By a shared reference it can be looked at
/// only.
pub struct Walker<'a, T> {
    root: PhysAddr,
    tables: &'a mut T,
}

impl<'a, T: Tables> Walker<'a, T> {
    /// Walks from the table at `root`.
    ///
    /// # Safety
    ///
    /// - All tables that can be reached from `root`, and itself, must come from `tables`.
    /// - Where the processor uses them, too, nobody may rely on a page that is changed by the
    ///   walker, nor on any in a larger page that is split for that: for a moment they are not
    ///   mapped. Above all, the tables, the code, its stack and its data must not lie there.
    pub unsafe fn new(root: PhysAddr, tables: &'a mut T) -> Self {
        Self { root, tables }
    }

    /// Maps `pages` to the memory from `frame` on.
    pub fn map(
        &mut self,
        pages: Range<VirtAddr>,
        frame: PhysAddr,
        access: Access,
    ) -> Result<(), MapError> {
        check(&pages)?;
        if !frame.is_aligned(FRAME_SIZE) {
            return Err(MapError::Misaligned { address: frame.0 });
        }
        let end = frame.0.checked_add(pages.end - pages.start);
        if end.is_none_or(|end| end > T::Entry::ADDRESS + FRAME_SIZE) {
            return Err(MapError::OutOfReach { frame });
        }
        if let Some(Mapping { page, frame, .. }) = self.next(&pages) {
            return Err(MapError::AlreadyMapped { page, frame });
        }
        let mut page = pages.start;
        while page < pages.end {
            let target = frame + (page - pages.start);
            let level = self.level_for(page..pages.end, target);
            if let Err(error) = self.set(page, level, Meaning::Page(target, access)) {
                // What is mapped so far can be unmapped without a new table: it is whole pages.
                let _ = self.unmap(pages.start..page);
                self.prune(page);
                self.tables.publish();
                return Err(error);
            }
            page = page + reach(level);
        }
        Ok(())
    }

    /// Makes `pages` map nothing, and gives back the tables that are empty then.
    #[cfg(not(exercise = "03-unmap"))]
    pub fn unmap(&mut self, pages: Range<VirtAddr>) -> Result<(), MapError> {
        self.change(pages, |_| Meaning::Nothing)
    }

    /// Makes `access` what may be done with `pages`.
    pub fn protect(&mut self, pages: Range<VirtAddr>, access: Access) -> Result<(), MapError> {
        self.change(pages, |frame| Meaning::Page(frame, access))
    }

    /// What `address` is translated to, and what may be done there.
    pub fn translate(&self, address: VirtAddr) -> Option<(PhysAddr, Access)> {
        let found = self.find(address)?;
        Some((found.frame + (address - found.page), found.access))
    }

    /// The page that `address` lies in, if it maps anything.
    pub fn find(&self, address: VirtAddr) -> Option<Mapping> {
        let mut table = self.root;
        for level in (0..=LAST).take_while(|_| address.is_canonical()) {
            match self.meaning(table, index(address, level), level) {
                Meaning::Nothing => return None,
                Meaning::Table(next) => table = next,
                Meaning::Page(frame, access) => {
                    let page = address.align_down(reach(level));
                    return Some(Mapping { page, level, frame, access });
                }
            }
        }
        None
    }

    /// Calls `see` with the table, the level and the meaning of each entry on the way to `address`.
    pub fn steps(&self, address: VirtAddr, mut see: impl FnMut(PhysAddr, usize, Meaning)) {
        let mut table = self.root;
        for level in (0..=LAST).take_while(|_| address.is_canonical()) {
            let meaning = self.meaning(table, index(address, level), level);
            see(table, level, meaning);
            let Meaning::Table(next) = meaning else { return };
            table = next;
        }
    }

    /// The first page in `pages` that maps anything.
    pub fn next(&self, pages: &Range<VirtAddr>) -> Option<Mapping> {
        let mut page = beyond_hole(pages.start);
        while page < pages.end {
            let (mapping, level) = self.look(page);
            if mapping.is_some() {
                return mapping;
            }
            page = beyond_hole(page.align_down(reach(level)).checked_add(reach(level))?);
        }
        None
    }

    /// The page that `address` lies in, or the level at which the walk found nothing.
    fn look(&self, address: VirtAddr) -> (Option<Mapping>, usize) {
        let mut end = LAST;
        self.steps(address, |_, level, meaning| {
            if meaning == Meaning::Nothing {
                end = level;
            }
        });
        (self.find(address), end)
    }

    /// Gives each page in `pages` the meaning that `change` makes of its frame.
    fn change(
        &mut self,
        pages: Range<VirtAddr>,
        change: impl Fn(PhysAddr) -> Meaning,
    ) -> Result<(), MapError> {
        check(&pages)?;
        if pages.is_empty() {
            return Ok(());
        }
        self.check_mapped(&pages)?;
        self.split_at(pages.start)?;
        self.split_at(pages.end)?;
        let mut page = pages.start;
        while page < pages.end {
            let Some(found) = self.find(page) else { return Err(MapError::NotMapped { page }) };
            self.set(page, found.level, change(found.frame))?;
            let next = page + reach(found.level);
            // A table may be empty once it is left.
            if next == pages.end || index(next, found.level) == 0 {
                self.prune(page);
            }
            page = next;
        }
        Ok(())
    }

    fn check_mapped(&self, pages: &Range<VirtAddr>) -> Result<(), MapError> {
        let mut page = pages.start;
        while page < pages.end {
            let found = self.find(page).ok_or(MapError::NotMapped { page })?;
            page = found.page + reach(found.level);
        }
        Ok(())
    }

    /// Sees to it that no larger page reaches across `page`.
    fn split_at(&mut self, page: VirtAddr) -> Result<(), MapError> {
        while let Some(found) = self.find(page).filter(|found| found.page != page) {
            self.split(found)?;
        }
        Ok(())
    }

    /// Makes `found` 512 smaller pages.
    #[cfg(not(exercise = "03-split"))]
    fn split(&mut self, found: Mapping) -> Result<(), MapError> {
        let Mapping { page, level, frame, access } = found;
        let table = self.tables.allocate().ok_or(MapError::OutOfFrames)?;
        for part in 0..ENTRIES {
            let target = frame + part as u64 * reach(level + 1);
            self.write(table, part, level + 1, Meaning::Page(target, access));
        }
        self.set(page, level, Meaning::Table(table))
    }

    /// The level of the largest page that may begin at `pages.start` and map the memory at `frame`.
    fn level_for(&self, pages: Range<VirtAddr>, frame: PhysAddr) -> usize {
        let fits = |level: &usize| {
            let bytes = reach(*level);
            let is_aligned = pages.start.is_aligned(bytes) && frame.is_aligned(bytes);
            is_aligned && pages.end - pages.start >= bytes
        };
        (self.tables.largest()..LAST).find(fits).unwrap_or(LAST)
    }

    /// Gives the entry of `page` in a table of `level` a meaning; makes the tables on the way.
    fn set(&mut self, page: VirtAddr, level: usize, meaning: Meaning) -> Result<(), MapError> {
        let mut table = self.root;
        for above in 0..level {
            let entry = index(page, above);
            table = match self.meaning(table, entry, above) {
                Meaning::Table(next) => next,
                _ => {
                    let next = self.tables.allocate().ok_or(MapError::OutOfFrames)?;
                    // Whoever finds the way to the table must find it empty.
                    self.tables.publish();
                    self.write(table, entry, above, Meaning::Table(next));
                    next
                }
            };
        }
        if self.meaning(table, index(page, level), level) != Meaning::Nothing {
            self.write(table, index(page, level), level, Meaning::Nothing);
            self.tables.forget(page);
        }
        self.write(table, index(page, level), level, meaning);
        self.tables.publish();
        Ok(())
    }

    /// Gives back the tables on the way to `page` that have become empty. In the upper half those
    /// of level 1 stay: every program's root will point to them, and only one is known here.
    fn prune(&mut self, page: VirtAddr) {
        let mut tables = [self.root; LAST + 1];
        let mut depth = 0;
        self.steps(page, |table, level, _| {
            tables[level] = table;
            depth = level;
        });
        let highest = if index(page, 0) < ENTRIES / 2 { 1 } else { 2 };
        for level in (highest..=depth).rev() {
            let is_nothing = |index| self.meaning(tables[level], index, level) == Meaning::Nothing;
            if !(0..ENTRIES).all(is_nothing) {
                return;
            }
            self.write(tables[level - 1], index(page, level - 1), level - 1, Meaning::Nothing);
            // The processor may remember the way through the table, too.
            self.tables.forget(page);
            // SAFETY: the only entry that pointed to it is gone, and is not remembered.
            unsafe { self.tables.free(tables[level]) };
        }
    }

    fn meaning(&self, table: PhysAddr, index: usize, level: usize) -> Meaning {
        // SAFETY: whoever made the walker promised that what its tables lead to are tables, and
        // those that it added are; an index is less than `ENTRIES`.
        unsafe { self.tables.read(table, index) }.meaning(level)
    }

    fn write(&mut self, table: PhysAddr, index: usize, level: usize, meaning: Meaning) {
        // SAFETY: as in `meaning`.
        unsafe { self.tables.write(table, index, T::Entry::new(meaning, level)) };
    }
}

/// `address`, or if it lies between the halves of the address space, where the upper one begins.
fn beyond_hole(address: VirtAddr) -> VirtAddr {
    if address.is_canonical() { address } else { VirtAddr(!0 << 47) }
}

/// Whether `pages` can be mapped at all.
fn check(pages: &Range<VirtAddr>) -> Result<(), MapError> {
    for address in [pages.start, pages.end] {
        if !address.is_aligned(FRAME_SIZE) {
            return Err(MapError::Misaligned { address: address.0 });
        }
    }
    if pages.is_empty() {
        let is_reversed = pages.end < pages.start;
        return if is_reversed { Err(MapError::Reversed { end: pages.end }) } else { Ok(()) };
    }
    let last = VirtAddr(pages.end.0 - 1);
    for address in [pages.start, last] {
        if !address.is_canonical() {
            return Err(MapError::NotCanonical { address });
        }
    }
    if index(pages.start, 0) < ENTRIES / 2 && index(last, 0) >= ENTRIES / 2 {
        return Err(MapError::NotCanonical { address: VirtAddr(1 << 47) });
    }
    Ok(())
}
