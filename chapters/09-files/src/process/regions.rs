//! Regions: what the pages of a program are for, and what it may do there.
//!
//! The page tables say where a page is. They do not say that a page is none on purpose, nor how
//! far something reaches that was asked for as a whole. That is noted here: ranges of pages in the
//! order of their addresses, none of which overlap. What a program changes seldom fits the ranges
//! that there are, so each change begins with a cut at both of its ends; behind that whole regions
//! are taken away, or changed. Neighbours that have become equal are joined again.
//!
//! ```text
//!  before   |        rw-        |   |   r--   |
//!  change        |   protect: r--     |            the hole is nobody's: not for `protect`
//!  cut      | rw-|      rw-     |   |r--| r-- |
//!  after    | rw-|      r--     |   |   r--   |
//! ```
//!
//! They lie in a vector, in which a region is found by bisection. To put one in moves all behind
//! it; a program has a few dozen. (Linux has up to 65,530, in a tree.)

use alloc::collections::TryReserveError;
use alloc::vec::Vec;
use core::ops::Range;

use crate::memory::address::VirtAddr;
use crate::memory::paging::Access;

/// Pages that are for one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// The pages. There is at least one.
    pub pages: Range<VirtAddr>,
    /// What the program may do with them: with [`Access::USER`], or nothing at all.
    pub access: Access,
    /// What they are for.
    pub kind: Kind,
}

/// What pages are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The program's file was loaded there.
    Program,
    /// What `brk` has added behind the program.
    Heap,
    /// What `mmap` has given.
    Mapping,
    /// The stack of the first thread.
    Stack,
}

/// The regions of a program.
#[derive(Debug)]
pub struct Regions {
    list: Vec<Region>,
}

/// By how many regions a change may make more of them, at least while it is done: it cuts two.
/// Where a file ends before its mapping, there is one more to put in.
const MORE: usize = 3;

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
    #[cfg(any(test, feature = "ktest"))]
    pub fn find(&self, address: VirtAddr) -> Option<&Region> {
        self.list.get(self.index(address)).filter(|region| region.pages.start <= address)
    }

    /// Puts `region` in, in the place of whatever was there.
    pub fn insert(&mut self, region: Region) {
        let within = self.cut(&region.pages);
        let place = within.start;
        self.list.drain(within);
        self.list.insert(place, region);
        self.join();
    }

    /// Takes away what lies in `pages`. Of a region that reaches beyond, the rest stays.
    pub fn remove(&mut self, pages: &Range<VirtAddr>) {
        let within = self.cut(pages);
        self.list.drain(within);
    }

    /// Makes `access` what the program may do in `pages`, as far as there are regions.
    pub fn protect(&mut self, pages: &Range<VirtAddr>, access: Access) {
        let within = self.cut(pages);
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
        self.list.partition_point(|region| region.pages.end <= address)
    }

    /// Sees to it that no region reaches across an end of `pages`. The result is the numbers of
    /// those within.
    fn cut(&mut self, pages: &Range<VirtAddr>) -> Range<usize> {
        self.split(pages.start);
        self.split(pages.end);
        self.index(pages.start)..self.index(pages.end)
    }

    /// Makes two of the region that reaches across `address`, if there is one.
    fn split(&mut self, address: VirtAddr) {
        let index = self.index(address);
        let Some(region) = self.list.get_mut(index) else { return };
        if region.pages.start < address {
            let upper = Region { pages: address..region.pages.end, ..*region };
            region.pages.end = address;
            self.list.insert(index + 1, upper);
        }
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
