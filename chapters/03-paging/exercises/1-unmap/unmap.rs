//! The end of a mapping: entries go, the processor learns of it, empty tables are given back.

use core::ops::Range;

use super::address::VirtAddr;
use super::paging::Tables;
use super::space::Space;

/// Makes `pages` map nothing, and gives back the tables that are empty then. There is at least one
/// page, all are mapped, and no larger page reaches across an end of the range.
pub fn unmap<T: Tables>(space: &mut Space<T>, pages: Range<VirtAddr>) {
    todo!("make {pages:?} map nothing, in the tables below {:?}", space.root())
}
