//! What a change of memory does to regions and page tables: first all that can fail, then the rest.
//!
//! Until the end the regions are as they were, so they say what to undo. Pieces that are *open* to
//! the program were mapped before the change, *closed* ones, which are inaccessible or in no
//! region, were not.

use core::ops::Range;

use super::{MOST_REGIONS, Memory, MemoryError};
use crate::memory::address::{FRAME_SIZE, VirtAddr};
use crate::memory::frames::{self, Frame};
use crate::memory::paging::Access;
use crate::process::regions::{Region, Regions};
use crate::process::space::AddressSpace;
use crate::process::user::{BadAddress, UserSlice};

/// From how many pages on it is worth to count the frames that are free. To find out after half of
/// them that there are too few takes long, and nobody else gets any meanwhile.
const MANY: u64 = 256;

impl Memory {
    /// Makes sure that the list of regions has room for one change.
    pub(super) fn reserve(&mut self) -> Result<(), MemoryError> {
        let has_room = self.regions.iter().len() < MOST_REGIONS;
        let reserved = has_room.then(|| self.regions.reserve().and(self.files.reserve()).ok());
        reserved.flatten().ok_or(MemoryError::OutOfMemory)
    }

    /// Puts `region` in the place of what is there. Pages that have a frame keep it, cleared: so
    /// nothing has to go before all is there that comes.
    pub(super) fn replace(&mut self, region: Region) -> Result<(), MemoryError> {
        self.reserve()?;
        let Region { pages, access, .. } = region.clone();
        if access.is_empty() {
            self.take_away(&pages);
        } else {
            self.map_closed(&pages, access)?;
            let Self { space, regions, .. } = self;
            for piece in open_pieces(regions, &pages) {
                space.clear(&piece);
                space.protect(&piece, access);
            }
            self.drop_aside(&pages);
        }
        self.files.remove(&region.pages);
        self.regions.insert(region);
        Ok(())
    }

    /// Writes `bytes` from `start` on for the program, which is not asked: only where it could have
    /// written itself. The kernel's own right to write goes much further.
    pub fn write_as_program(&mut self, start: u64, bytes: &[u8]) -> Result<(), BadAddress> {
        UserSlice::new(start, bytes.len())?;
        let range = VirtAddr(start)..VirtAddr(start) + bytes.len() as u64;
        let may_write = |access: Option<Access>| access.is_some_and(|a| a.contains(Access::WRITE));
        if !self.regions.pieces(&range).all(|(_, access)| may_write(access)) {
            return Err(BadAddress);
        }
        self.write(range.start, bytes).map_err(|_| BadAddress)
    }

    /// Takes away all that is mapped in `pages`.
    pub(super) fn take_away(&mut self, pages: &Range<VirtAddr>) {
        self.space.unmap(pages);
        self.drop_aside(pages);
    }

    fn drop_aside(&mut self, pages: &Range<VirtAddr>) {
        if let Some(aside) = &mut self.aside {
            aside.unmap(pages);
        }
    }

    /// Makes `access` what may be done with `pages`, all of which are in regions.
    pub(super) fn change_access(
        &mut self,
        pages: &Range<VirtAddr>,
        access: Access,
    ) -> Result<(), MemoryError> {
        self.reserve()?;
        if access.is_empty() {
            self.close(pages)?
        } else {
            self.open(pages, access)?
        }
        self.regions.protect(pages, access);
        Ok(())
    }

    /// Puts aside what is mapped in `pages`.
    fn close(&mut self, pages: &Range<VirtAddr>) -> Result<(), MemoryError> {
        if self.aside.is_none() && open_pieces(&self.regions, pages).next().is_some() {
            self.aside = Some(AddressSpace::new()?);
        }
        let Self { space, aside: Some(aside), regions, .. } = self else { return Ok(()) };
        if let Err(error) = aside.share(space, pages, Access::empty()) {
            for piece in open_pieces(regions, pages) {
                aside.detach(&piece, |_, _| ());
            }
            return Err(error.into());
        }
        space.detach(pages, |_, _| ());
        Ok(())
    }

    /// Maps `pages` again that were put aside, and to new frames those that never had one.
    fn open(&mut self, pages: &Range<VirtAddr>, access: Access) -> Result<(), MemoryError> {
        if let Self { space, aside: Some(aside), .. } = self
            && let Err(error) = space.share(aside, pages, access)
        {
            self.unmap_closed(pages);
            return Err(error.into());
        }
        self.map_closed(pages, access)?;
        let Self { space, regions, .. } = self;
        for piece in open_pieces(regions, pages) {
            space.protect(&piece, access);
        }
        if let Some(aside) = &mut self.aside {
            aside.detach(pages, |_, _| ());
        }
        Ok(())
    }

    /// Maps what is closed of `pages` and not mapped yet to new frames. On an error nothing of it
    /// is mapped.
    fn map_closed(&mut self, pages: &Range<VirtAddr>, access: Access) -> Result<(), MemoryError> {
        let mapped = self.try_map_closed(pages, access);
        if mapped.is_err() {
            self.unmap_closed(pages);
        }
        mapped
    }

    fn try_map_closed(
        &mut self,
        pages: &Range<VirtAddr>,
        access: Access,
    ) -> Result<(), MemoryError> {
        let sizes = closed_pieces(&self.regions, pages).map(|piece| piece.end - piece.start);
        let count = sizes.sum::<u64>() / FRAME_SIZE;
        if count > MANY && count > frames::statistics().free as u64 {
            return Err(MemoryError::OutOfMemory);
        }
        for piece in closed_pieces(&self.regions, pages) {
            self.space.map_missing(&piece, access)?;
        }
        Ok(())
    }

    /// Undoes what was mapped of what is closed in `pages`. What is aside stays there.
    fn unmap_closed(&mut self, pages: &Range<VirtAddr>) {
        let Self { space, aside, regions, .. } = self;
        for piece in closed_pieces(regions, pages) {
            space.detach(&piece, |page, frame| {
                let owner = aside.as_ref().and_then(|aside| aside.frame(page));
                if owner != Some(frame) {
                    // SAFETY: `map_missing` took the frame for its page, which is gone again.
                    drop(unsafe { Frame::from_start(frame) });
                }
            });
        }
    }
}

/// The parts of `pages` that a program may use in some way.
fn open_pieces(
    regions: &Regions,
    pages: &Range<VirtAddr>,
) -> impl Iterator<Item = Range<VirtAddr>> {
    let is_open = |access: Option<Access>| access.is_some_and(|access| !access.is_empty());
    let pieces = regions.pieces(pages);
    pieces.filter(move |(_, access)| is_open(*access)).map(|(piece, _)| piece)
}

/// The parts of `pages` that a program may not use.
fn closed_pieces(
    regions: &Regions,
    pages: &Range<VirtAddr>,
) -> impl Iterator<Item = Range<VirtAddr>> {
    let is_closed = |access: Option<Access>| access.is_none_or(|access| access.is_empty());
    let pieces = regions.pieces(pages);
    pieces.filter(move |(_, access)| is_closed(*access)).map(|(piece, _)| piece)
}
