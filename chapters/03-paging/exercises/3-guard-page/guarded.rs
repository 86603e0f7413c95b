//! Stacks with a guard page at either end: whoever leaves one is stopped at the first byte.

use core::ops::Range;

use super::address::VirtAddr;
use super::area::{Area, StackError};

/// Gives out a stack of `count` pages, one at least, in `area`: the lowest that are free and have a
/// free page before and behind them.
pub fn allocate(area: &mut impl Area, count: u64) -> Result<Range<VirtAddr>, StackError> {
    todo!("find room for {count} pages and two guards in {:?}, and map the pages", area.pages())
}

/// Takes back a stack that was given out.
pub fn free(area: &mut impl Area, stack: Range<VirtAddr>) {
    todo!("unmap {stack:?} in {:?}", area.pages())
}
