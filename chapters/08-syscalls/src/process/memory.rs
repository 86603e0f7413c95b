//! The memory of a process: its regions, and the frames that are behind them.
//!
//! Every page of a region has a frame from the moment at which the program asks for the page.
//! (Linux gives it one when the page is first used; that needs page faults that are no errors.)
//! Only where a program may do nothing, there need be none, and for that such regions are there: a
//! program asks for much of the address space and opens it little by little.
//!
//! What the program may not touch must not be mapped for the kernel, either, which copies from
//! wherever the program says. So pages that become inaccessible go to an address space that is
//! *aside*: page tables like others, which no processor ever uses. There they keep their frames.
//!
//! ```text
//!  region        page in `space`   page in `aside`
//!  accessible    mapped            nothing
//!  inaccessible  nothing           mapped, if it ever was accessible
//!  none          nothing           nothing
//! ```
//!
//! A change that fails changes nothing. So whatever takes memory comes first: room in the list of
//! regions, frames, page tables. What can still be undone then is undone; behind that, nothing can
//! fail. Memory is written or executed, never both, as everywhere in this kernel.

mod change;
mod error;

use core::ops::Range;

use super::layout::{HIGHEST, LOWEST, STACK_TOP, USER_END};
use super::regions::{Kind, Region, Regions};
use super::space::AddressSpace;
use crate::memory::address::{FRAME_SIZE, PhysAddr, VirtAddr};
use crate::memory::paging::{Access, MapError};
pub use error::MemoryError;

/// How many regions a process may have. Those of all processes are in the kernel's heap.
pub const MOST_REGIONS: usize = 4096;

/// The memory of a process.
#[derive(Debug)]
pub struct Memory {
    space: AddressSpace,
    /// What the program may not touch now.
    aside: Option<AddressSpace>,
    regions: Regions,
    /// Where the heap begins, and the end that the program wanted.
    heap: Range<VirtAddr>,
}

/// How an address is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// Where the program would like it, or else anywhere.
    Hint,
    /// Where the program says, in the place of what is there.
    Fixed,
    /// Where the program says, or nowhere.
    FixedNoReplace,
}

impl Memory {
    /// Makes one without any region.
    pub fn new() -> Result<Self, MapError> {
        let heap = VirtAddr(0)..VirtAddr(0);
        Ok(Self { space: AddressSpace::new()?, aside: None, regions: Regions::new(), heap })
    }

    /// Gives a program that is loaded `pages`, as [`AddressSpace::map`] does.
    pub fn map(&mut self, pages: Range<VirtAddr>, access: Access) -> Result<(), MapError> {
        self.add(pages, access, Kind::Program)
    }

    /// Gives it a stack of `bytes`; the result is the address behind it.
    pub fn map_stack(&mut self, bytes: u64) -> Result<VirtAddr, MapError> {
        self.add(VirtAddr(STACK_TOP.0 - bytes)..STACK_TOP, Access::WRITE, Kind::Stack)?;
        Ok(STACK_TOP)
    }

    fn add(&mut self, pages: Range<VirtAddr>, access: Access, kind: Kind) -> Result<(), MapError> {
        self.regions.reserve().map_err(|_| MapError::OutOfFrames)?;
        self.space.map(pages.clone(), access)?;
        self.regions.insert(Region { pages, access: access | Access::USER, kind });
        Ok(())
    }

    /// Writes `bytes` from `start` on, whatever the program may do there.
    pub fn write(&mut self, start: VirtAddr, bytes: &[u8]) -> Result<(), MapError> {
        self.space.write(start, bytes)
    }

    /// Says where the heap begins: behind the program.
    pub fn set_heap_start(&mut self, start: VirtAddr) {
        self.heap = start..start;
    }

    /// The table at the root of its address space, which stays as long as this.
    pub fn root(&self) -> PhysAddr {
        self.space.root()
    }

    /// Its regions.
    #[cfg(feature = "ktest")]
    pub fn regions(&self) -> &Regions {
        &self.regions
    }

    /// Gives the program `bytes`, rounded up to pages, full of zeroes. The result is where.
    pub fn mmap(
        &mut self,
        hint: VirtAddr,
        bytes: u64,
        access: Access,
        placement: Placement,
    ) -> Result<VirtAddr, MemoryError> {
        check(access)?;
        let pages = self.place(hint, bytes, placement)?;
        let start = pages.start;
        self.replace(Region { pages, access, kind: Kind::Mapping })?;
        Ok(start)
    }

    /// Finds the pages for `bytes` at `start`, or near it, or anywhere.
    fn place(
        &self,
        start: VirtAddr,
        bytes: u64,
        how: Placement,
    ) -> Result<Range<VirtAddr>, MemoryError> {
        if bytes == 0 {
            return Err(MemoryError::Empty);
        }
        let bytes = bytes.checked_next_multiple_of(FRAME_SIZE).ok_or(MemoryError::OutOfMemory)?;
        if how == Placement::Hint {
            let hint = start.align_down(FRAME_SIZE);
            let wanted = within_reach(hint.max(LOWEST), bytes);
            let is_good = |pages: &Range<_>| hint > VirtAddr(0) && self.regions.is_free(pages);
            return match wanted.filter(is_good) {
                Some(pages) => Ok(pages),
                None => self.anywhere(bytes),
            };
        }
        let pages = within_reach(start, bytes).ok_or(MemoryError::OutOfMemory)?;
        if !start.is_aligned(FRAME_SIZE) {
            return Err(MemoryError::Misaligned);
        }
        if start < LOWEST {
            return Err(MemoryError::TooLow);
        }
        if how == Placement::FixedNoReplace && !self.regions.is_free(&pages) {
            return Err(MemoryError::Taken);
        }
        Ok(pages)
    }

    fn anywhere(&self, bytes: u64) -> Result<Range<VirtAddr>, MemoryError> {
        let start = self.regions.gap(bytes, &(LOWEST..HIGHEST)).ok_or(MemoryError::OutOfMemory)?;
        Ok(start..start + bytes)
    }

    /// Takes `pages` from the program, as far as they are there.
    pub fn munmap(&mut self, pages: &Range<VirtAddr>) -> Result<(), MemoryError> {
        self.reserve()?;
        self.take_away(pages);
        self.regions.remove(pages);
        Ok(())
    }

    /// Makes `access` what the program may do with `pages`. If one of them is in no region, those
    /// before it have changed all the same, as on Linux.
    pub fn mprotect(&mut self, pages: &Range<VirtAddr>, access: Access) -> Result<(), MemoryError> {
        check(access)?;
        let end = self.regions.end_of_run(pages.start).min(pages.end);
        if end > pages.start {
            self.change_access(&(pages.start..end), access)?;
        }
        if end < pages.end { Err(MemoryError::Hole(end)) } else { Ok(()) }
    }

    /// Makes what the program finds in `pages` zeroes, as far as they are there.
    pub fn clear(&mut self, pages: &Range<VirtAddr>) {
        self.space.clear(pages);
        if let Some(aside) = &mut self.aside {
            aside.clear(pages);
        }
    }

    /// The error is that one of `pages` is in no region.
    pub fn check_all(&self, pages: &Range<VirtAddr>) -> Result<(), MemoryError> {
        let hole = self.regions.pieces(pages).find(|(_, access)| access.is_none());
        hole.map_or(Ok(()), |(pages, _)| Err(MemoryError::Hole(pages.start)))
    }

    /// Makes `end` the end of the heap, if that can be. The result is where it ends, then.
    pub fn brk(&mut self, end: VirtAddr) -> VirtAddr {
        if end >= self.heap.start && end <= HIGHEST && self.move_heap_end(end).is_ok() {
            self.heap.end = end;
        }
        self.heap.end
    }

    fn move_heap_end(&mut self, end: VirtAddr) -> Result<(), MemoryError> {
        let [old, new] = [self.heap.end, end].map(page_end);
        if new < old {
            return self.munmap(&(new..old));
        }
        if new == old {
            return Ok(());
        }
        // Linux leaves a page between the heap and what comes next.
        if !self.regions.is_free(&(old..new + FRAME_SIZE)) {
            return Err(MemoryError::Taken);
        }
        let (pages, access) = (old..new, Access::USER | Access::WRITE);
        self.replace(Region { pages, access, kind: Kind::Heap })
    }

    /// The same again, in frames of its own: what one of both writes, the other never sees.
    pub fn fork(&self) -> Result<Self, MapError> {
        let space = self.space.copy(&self.regions)?;
        let aside = self.aside.as_ref().map(|aside| aside.copy(&self.regions)).transpose()?;
        let regions = self.regions.copy().map_err(|_| MapError::OutOfFrames)?;
        Ok(Self { space, aside, regions, heap: self.heap.clone() })
    }
}

impl Drop for Memory {
    /// Gives back the frames of each region; so nobody needs to seek them in the whole address
    /// space.
    fn drop(&mut self) {
        for region in self.regions.iter() {
            self.space.unmap(&region.pages);
        }
    }
}

/// Refuses memory that is written and executed.
fn check(access: Access) -> Result<(), MemoryError> {
    let is_both = access.contains(Access::WRITE | Access::EXECUTE);
    if is_both { Err(MemoryError::WriteAndExecute) } else { Ok(()) }
}

/// The pages for `bytes` from `start` on, if they are all a program's.
fn within_reach(start: VirtAddr, bytes: u64) -> Option<Range<VirtAddr>> {
    let end = start.checked_add(bytes)?;
    (end <= VirtAddr(USER_END)).then_some(start..end)
}

/// Where the page ends that the byte before `address` is in.
fn page_end(address: VirtAddr) -> VirtAddr {
    (address + (FRAME_SIZE - 1)).align_down(FRAME_SIZE)
}

#[cfg(feature = "ktest")]
mod tests;
