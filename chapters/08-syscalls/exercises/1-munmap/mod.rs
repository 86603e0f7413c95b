//! Regions, with your way to cut them: the kernel takes this file for its own `regions.rs`.
//!
//! Given, not to be written. What a region is stands in `region.rs`; how a list of them is cut, and
//! how something is taken out of it, in `unmap.rs`.
//!
//! ```text
//!  munmap   ── remove ──> mod.rs ── remove ──> unmap.rs
//!  mmap     ── insert ──> mod.rs ── cut ─────> unmap.rs, then one is put in
//!  mprotect ── protect ─> mod.rs ── cut ─────> unmap.rs, then all within are changed
//! ```

use alloc::collections::TryReserveError;
use alloc::vec::Vec;
use core::ops::Range;

use crate::memory::address::VirtAddr;
use crate::memory::paging::Access;

mod region;
#[forbid(unsafe_code)]
#[allow(clippy::ptr_arg, dead_code, unused_imports, reason = "until its holes are filled")]
mod unmap;

use region::first_behind;
pub use region::{Kind, Region};

/// The regions of a program.
#[derive(Debug)]
pub struct Regions {
    list: Vec<Region>,
}

/// By how many regions a change may make more of them, at least while it is done: it cuts two.
const MORE: usize = 2;

impl Regions {
    /// No regions.
    pub const fn new() -> Self {
        Self { list: Vec::new() }
    }

    /// Makes room for one change, so that it cannot fail.
    pub fn reserve(&mut self) -> Result<(), TryReserveError> {
        self.list.try_reserve(MORE)
    }

    /// The same again.
    pub fn copy(&self) -> Result<Self, TryReserveError> {
        let mut list = Vec::new();
        list.try_reserve(self.list.len() + MORE)?;
        list.extend_from_slice(&self.list);
        Ok(Self { list })
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Region> + ExactSizeIterator {
        self.list.iter()
    }

    /// The region that `address` lies in.
    pub fn find(&self, address: VirtAddr) -> Option<&Region> {
        self.list.get(self.index(address)).filter(|region| region.pages.start <= address)
    }

    /// Puts `region` in, in the place of whatever was there.
    pub fn insert(&mut self, region: Region) {
        let within = unmap::cut(&mut self.list, &region.pages);
        let place = within.start;
        self.list.drain(within);
        self.list.insert(place, region);
        self.join();
    }

    /// Takes away what lies in `pages`. Of a region that reaches beyond, the rest stays.
    pub fn remove(&mut self, pages: &Range<VirtAddr>) {
        unmap::remove(&mut self.list, pages);
    }

    /// Makes `access` what the program may do in `pages`, as far as there are regions.
    pub fn protect(&mut self, pages: &Range<VirtAddr>, access: Access) {
        let within = unmap::cut(&mut self.list, pages);
        self.list[within].iter_mut().for_each(|region| region.access = access);
        self.join();
    }

    /// `pages` in pieces, from the lowest on: those that are in a region, with what the program may
    /// do there, and those between.
    pub fn pieces(
        &self,
        pages: &Range<VirtAddr>,
    ) -> impl Iterator<Item = (Range<VirtAddr>, Option<Access>)> {
        let (end, mut next) = (pages.end, pages.start);
        let mut regions = self.list[self.index(next)..].iter().peekable();
        core::iter::from_fn(move || {
            let start = next;
            let inside = regions.next_if(|region| region.pages.start <= start);
            let hole_end = regions.peek().map_or(end, |region| region.pages.start);
            next = end.min(inside.map_or(hole_end, |region| region.pages.end));
            (start < end).then(|| (start..next, inside.map(|region| region.access)))
        })
    }

    /// The first address from `start` on that is in no region.
    pub fn end_of_run(&self, start: VirtAddr) -> VirtAddr {
        let regions = self.list[self.index(start)..].iter();
        regions.fold(
            start,
            |end, region| if region.pages.start <= end { region.pages.end } else { end },
        )
    }

    /// Whether nothing in `pages` is in a region.
    pub fn is_free(&self, pages: &Range<VirtAddr>) -> bool {
        let above = self.list.get(self.index(pages.start));
        above.is_none_or(|region| region.pages.start >= pages.end)
    }

    /// The highest place in `room` where `bytes` are in no region.
    pub fn gap(&self, bytes: u64, room: &Range<VirtAddr>) -> Option<VirtAddr> {
        let mut end = room.end;
        for region in self.list.iter().rev() {
            if end.0.saturating_sub(region.pages.end.0) >= bytes {
                break;
            }
            end = end.min(region.pages.start);
        }
        let start = VirtAddr(end.0.checked_sub(bytes)?);
        (start >= room.start).then_some(start)
    }

    /// The number of the first region that ends behind `address`.
    fn index(&self, address: VirtAddr) -> usize {
        first_behind(&self.list, address)
    }

    /// Makes one of neighbours that are equal.
    fn join(&mut self) {
        self.list.dedup_by(|next, region| {
            let are_equal = (next.access, next.kind) == (region.access, region.kind);
            let is_one = are_equal && next.pages.start == region.pages.end;
            if is_one {
                region.pages.end = next.pages.end;
            }
            is_one
        });
    }
}
