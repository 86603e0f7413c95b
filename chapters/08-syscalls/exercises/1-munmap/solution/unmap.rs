//! Taking pages out of regions: first the ends are cut, then whole regions go.
//!
//! What a program gives back seldom begins and ends where regions do. After a cut at both ends
//! every region is within or without, and nothing is left that is half a case of its own.
//!
//! ```text
//!  list     |    rw-    |   r--   |
//!  remove          |        |
//!  cut      | rw-  | rw-|r--| r-- |         numbers 1 and 2 are within
//!  drained  | rw-  |        | r-- |
//! ```

use alloc::vec::Vec;
use core::ops::Range;

use super::VirtAddr;
use super::region::{Region, first_behind};

/// Makes two of the region of `list` that reaches across `address`, if there is one. Both are for
/// the same thing as it was.
pub fn split(list: &mut Vec<Region>, address: VirtAddr) {
    let index = first_behind(list, address);
    let Some(region) = list.get_mut(index) else { return };
    if region.pages.start < address {
        let upper = Region { pages: address..region.pages.end, ..*region };
        region.pages.end = address;
        list.insert(index + 1, upper);
    }
}

/// Sees to it that no region of `list` reaches across an end of `pages`. The result is the numbers
/// of those that lie within, in the list as it is then.
pub fn cut(list: &mut Vec<Region>, pages: &Range<VirtAddr>) -> Range<usize> {
    split(list, pages.start);
    split(list, pages.end);
    first_behind(list, pages.start)..first_behind(list, pages.end)
}

/// Takes away what lies in `pages`. Of a region that reaches beyond, the rest stays.
pub fn remove(list: &mut Vec<Region>, pages: &Range<VirtAddr>) {
    let within = cut(list, pages);
    list.drain(within);
}
