//! Stacks with a guard page at either end: whoever leaves one is stopped at the first byte.

use core::ops::Range;

use super::address::{FRAME_SIZE, VirtAddr};
use super::area::{Area, StackError, each};

/// Gives out a stack of `count` pages, one at least, in `area`: the lowest that are free and have a
/// free page before and behind them.
pub fn allocate(area: &mut impl Area, count: u64) -> Result<Range<VirtAddr>, StackError> {
    let stack = find_room(area, count).ok_or(StackError::NoRoom)?;
    for page in each(&stack) {
        if let Err(error) = area.map(page) {
            free(area, stack.start..page);
            return Err(error);
        }
    }
    Ok(stack)
}

/// Takes back a stack that was given out.
pub fn free(area: &mut impl Area, stack: Range<VirtAddr>) {
    let last = VirtAddr(stack.end.0 - FRAME_SIZE);
    each(&(stack.start..last)).for_each(|page| area.unmap(page));
}

/// The lowest `count` pages of `area` that are free, between two that are free and stay so.
fn find_room(area: &impl Area, count: u64) -> Option<Range<VirtAddr>> {
    let mut run = 0;
    for page in each(&area.pages()) {
        run = if area.is_mapped(page) { 0 } else { run + 1 };
        // The guard behind the stack is `page`, and the one before it is the first of the run.
        if run == count + 2 {
            return Some(VirtAddr(page.0 - count * FRAME_SIZE)..page);
        }
    }
    None
}
