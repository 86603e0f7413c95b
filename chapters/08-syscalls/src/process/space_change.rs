//! Changes of an address space that is in use: pages go, become other ones, or are copied.
//!
//! What goes is first forgotten by the processor and then given back, or somebody else would have a
//! frame that a program can still reach. And what stays must not be missed: the walker takes an
//! entry away before it writes another one, and another thread of the program would find nothing
//! there in between. One processor runs, so it is enough that nothing interrupts that.

use core::ops::Range;

use super::AddressSpace;
use crate::arch;
use crate::interrupts::Masked;
use crate::memory::address::{FRAME_SIZE, PhysAddr, VirtAddr};
use crate::memory::frames::{self, Frame};
use crate::memory::kernel_space::KernelTables;
use crate::memory::paging::{Access, MapError, Mapping};
use crate::memory::walker::Walker;
use crate::process::layout::USER_END;
use crate::process::regions::Regions;

/// How many pages go at once. Whether a table has become empty is looked at once for all of them.
const AT_ONCE: usize = 64;

/// How many pages change while nothing interrupts.
const WHILE_MASKED: u64 = 8;

impl AddressSpace {
    /// Takes away what is mapped in `pages`, and gives back its frames.
    pub fn unmap(&mut self, pages: &Range<VirtAddr>) {
        self.detach(pages, |_, frame| {
            // SAFETY: `map_page` took the frame for its page, which nobody can use any more.
            drop(unsafe { Frame::from_start(frame) });
        });
    }

    /// Takes away what is mapped in `pages`, and tells of each page and its frame, whose owner is
    /// whoever is told.
    pub fn detach(&mut self, pages: &Range<VirtAddr>, mut tell: impl FnMut(VirtAddr, PhysAddr)) {
        let mut rest = lower_half(pages);
        while let Some(first) = self.look(|walker| walker.next(&rest)) {
            let (mut found, mut count) = ([PhysAddr(0); AT_ONCE], 0);
            let mut end = first.page;
            while let Some(frame) = self.frame(end).filter(|_| count < AT_ONCE && end < rest.end) {
                found[count] = frame;
                (count, end) = (count + 1, end + FRAME_SIZE);
            }
            let unmapped = self.change(|walker| walker.unmap(first.page..end));
            unmapped.expect("what was found is mapped, in pages of a frame each");
            for (index, frame) in found[..count].iter().enumerate() {
                tell(first.page + index as u64 * FRAME_SIZE, *frame);
            }
            rest.start = end;
        }
    }

    /// Makes `access` what the program may do with `pages`, which are mapped.
    pub fn protect(&mut self, pages: &Range<VirtAddr>, access: Access) {
        if access.contains(Access::EXECUTE) {
            self.for_each(pages, |_, frame| publish(frame));
        }
        let mut page = pages.start;
        while page < pages.end {
            let end = pages.end.min(page + WHILE_MASKED * FRAME_SIZE);
            let _masked = Masked::new();
            let changed = self.change(|walker| walker.protect(page..end, access | Access::USER));
            changed.expect("the pages are mapped, each with a frame of its own");
            page = end;
        }
    }

    /// Makes what is mapped in `pages` zeroes.
    pub fn clear(&mut self, pages: &Range<VirtAddr>) {
        self.for_each(pages, |_, frame| {
            // SAFETY: the frame is the program's, which may find zeroes there at any time.
            unsafe { arch::clear_page(frame.as_ptr()) };
        });
    }

    /// Maps those of `pages` that are not mapped to frames full of zeroes. On an error some may be.
    pub fn map_missing(&mut self, pages: &Range<VirtAddr>, access: Access) -> Result<(), MapError> {
        let mut page = pages.start;
        while page < pages.end {
            if self.frame(page).is_none() {
                self.map_page(page, access | Access::USER)?;
            }
            page = page + FRAME_SIZE;
        }
        if access.contains(Access::EXECUTE) {
            self.for_each(pages, |_, frame| publish(frame));
        }
        Ok(())
    }

    /// Maps what is mapped in `pages` of `other` here, too: the same frames. Until it is detached
    /// in one of both, they have two owners. On an error some may be mapped.
    pub fn share(
        &mut self,
        other: &AddressSpace,
        pages: &Range<VirtAddr>,
        access: Access,
    ) -> Result<(), MapError> {
        let access = access | Access::USER;
        other.try_for_each(pages, |Mapping { page, frame, .. }| {
            if access.contains(Access::EXECUTE) {
                publish(frame);
            }
            self.change(|walker| walker.map(page..page + FRAME_SIZE, frame, access))
        })
    }

    /// The same again, in frames of its own: all that is mapped in `regions`. (To seek what is
    /// mapped in the whole address space takes longer than to copy it, since tables are mostly
    /// empty.)
    pub fn copy(&self, regions: &Regions) -> Result<Self, MapError> {
        let mut copy = Self::new()?;
        for region in regions.iter() {
            self.try_for_each(&region.pages, |mapping| copy.copy_page(mapping))?;
        }
        Ok(copy)
    }

    fn copy_page(&mut self, original: Mapping) -> Result<(), MapError> {
        let Mapping { page, frame, access, .. } = original;
        let copy = frames::allocate().map_err(|_| MapError::OutOfFrames)?;
        // SAFETY: both are frames in the direct map; one is a program's, and the other is ours.
        unsafe { arch::copy_page(copy.start().as_ptr(), frame.as_ptr()) };
        if access.contains(Access::EXECUTE) {
            publish(copy.start());
        }
        self.change(|walker| walker.map(page..page + FRAME_SIZE, copy.start(), access))?;
        copy.into_start();
        Ok(())
    }

    /// The frame of `page`, if it is mapped.
    pub fn frame(&self, page: VirtAddr) -> Option<PhysAddr> {
        self.look(|walker| walker.find(page)).map(|found| found.frame)
    }

    fn for_each(&self, pages: &Range<VirtAddr>, mut see: impl FnMut(VirtAddr, PhysAddr)) {
        let seen: Result<(), MapError> =
            self.try_for_each(pages, |Mapping { page, frame, .. }| {
                see(page, frame);
                Ok(())
            });
        seen.expect("to look at a page cannot fail");
    }

    fn try_for_each(
        &self,
        pages: &Range<VirtAddr>,
        mut see: impl FnMut(Mapping) -> Result<(), MapError>,
    ) -> Result<(), MapError> {
        let mut rest = lower_half(pages);
        while let Some(found) = self.look(|walker| walker.next(&rest)) {
            see(found)?;
            rest.start = found.page + FRAME_SIZE;
        }
        Ok(())
    }

    fn look<T>(&self, act: impl FnOnce(&Walker<KernelTables>) -> T) -> T {
        let mut tables = KernelTables;
        // SAFETY: all tables come from `KernelTables`; by a shared reference nothing is changed.
        let walker = unsafe { Walker::new(self.root, &mut tables) };
        act(&walker)
    }
}

/// What of `pages` a program may have: the rest is the kernel's, which is in the same tables.
fn lower_half(pages: &Range<VirtAddr>) -> Range<VirtAddr> {
    pages.start..pages.end.min(VirtAddr(USER_END))
}

/// Sees to it that the processor executes what is in `frame` now, not what was there once.
fn publish(frame: PhysAddr) {
    arch::publish_code(frame.as_ptr(), FRAME_SIZE as usize);
}
