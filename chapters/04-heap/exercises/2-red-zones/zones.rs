//! Red zones: painted bytes on both sides of a block, which nobody has a reason to write to.
//!
//! Who writes past the end of a block writes into a zone first. Nothing happens then; but the paint
//! is gone, and whoever looks at the zone knows the block, and so whose mistake it is, instead of
//! meeting a damaged neighbour a thousand allocations later.

use core::alloc::Layout;
use core::ptr::NonNull;

use super::overrun::{Overrun, ZONE};

/// How a block lies in what the list of holes is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Around {
    /// What the list is asked for.
    pub outer: Layout,
    /// How far behind the start of that the block begins.
    pub front: usize,
}

/// What to ask for, so that a block of `layout` has a zone on either side, and a `header` right
/// before the first zone. `None` if no memory can be as large as that.
pub fn around(layout: Layout, header: Layout) -> Option<Around> {
    todo!("leave room before and behind {layout:?}, and for {header:?}, in one `Layout`")
}

/// Paints both zones.
///
/// # Safety
///
/// `block` must be where [`around`] puts a block of `layout`, in memory that is given out.
pub unsafe fn paint(block: NonNull<u8>, layout: Layout) {
    todo!("paint {ZONE} bytes on either side of the block at {block:?}, of {layout:?}")
}

/// Looks at both zones, the one before the block first, and names the block if one was written to.
///
/// # Safety
///
/// `block` must be out, with this `layout`.
pub unsafe fn inspect(block: NonNull<u8>, layout: Layout) -> Result<(), Overrun> {
    todo!("see whether the paint around the block at {block:?}, of {layout:?}, is whole")
}
