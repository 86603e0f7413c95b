//! Taking pages out of regions: first the ends are cut, then whole regions go.

use alloc::vec::Vec;
use core::ops::Range;

use super::VirtAddr;
use super::region::{Region, first_behind};

/// Makes two of the region of `list` that reaches across `address`, if there is one. Both are for
/// the same thing as it was.
pub fn split(list: &mut Vec<Region>, address: VirtAddr) {
    todo!("split the region of {} that reaches across {address:?}", list.len())
}

/// Sees to it that no region of `list` reaches across an end of `pages`. The result is the numbers
/// of those that lie within, in the list as it is then.
pub fn cut(list: &mut Vec<Region>, pages: &Range<VirtAddr>) -> Range<usize> {
    todo!("cut {} regions at both ends of {pages:?}", list.len())
}

/// Takes away what lies in `pages`. Of a region that reaches beyond, the rest stays.
pub fn remove(list: &mut Vec<Region>, pages: &Range<VirtAddr>) {
    todo!("take {pages:?} out of {} regions", list.len())
}
