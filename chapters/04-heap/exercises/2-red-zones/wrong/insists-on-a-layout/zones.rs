//! Red zones: painted bytes on both sides of a block, which nobody has a reason to write to.
//!
//! Who writes past the end of a block writes into a zone first. Nothing happens then; but the paint
//! is gone, and whoever looks at the zone knows the block, and so whose mistake it is, instead of
//! meeting a damaged neighbour a thousand allocations later.

use core::alloc::Layout;
use core::ptr::NonNull;

use super::overrun::{Overrun, Side, ZONE};

/// What a zone is painted with: a byte that is no part of a text, no small number and no end of a
/// text, since these are what people write by mistake.
const PAINT: u8 = 0xfb;

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
    let align = layout.align().max(header.align());
    let front = (header.size() + ZONE).checked_next_multiple_of(align)?;
    let size = front.checked_add(layout.size())?.checked_add(ZONE)?;
    let outer = Layout::from_size_align(size, align).expect("the block had a layout, too");
    Some(Around { outer, front })
}

/// Paints both zones.
///
/// # Safety
///
/// `block` must be where [`around`] puts a block of `layout`, in memory that is given out.
pub unsafe fn paint(block: NonNull<u8>, layout: Layout) {
    for side in [Side::Before, Side::Behind] {
        // SAFETY: the caller promises that the zones are there.
        let zone = unsafe { zone(block, layout, side) };
        // SAFETY: a zone has so many bytes, and nobody else uses them.
        unsafe { zone.write_bytes(PAINT, ZONE) };
    }
}

/// Looks at both zones, the one before the block first, and names the block if one was written to.
///
/// # Safety
///
/// `block` must be out, with this `layout`.
pub unsafe fn inspect(block: NonNull<u8>, layout: Layout) -> Result<(), Overrun> {
    for side in [Side::Before, Side::Behind] {
        // SAFETY: a block that is out has its zones,
        let zone = unsafe { zone(block, layout, side) };
        // SAFETY: of so many bytes, which were painted.
        let bytes = unsafe { zone.cast::<[u8; ZONE]>().read() };
        let is_changed = |byte: &u8| *byte != PAINT;
        let found = match side {
            Side::Before => bytes.iter().rev().position(is_changed),
            Side::Behind => bytes.iter().position(is_changed),
        };
        if let Some(between) = found {
            let block = block.addr().get();
            return Err(Overrun { block, layout, side, distance: between + 1 });
        }
    }
    Ok(())
}

/// Where a zone begins.
///
/// # Safety
///
/// The block must have its zones around it.
unsafe fn zone(block: NonNull<u8>, layout: Layout, side: Side) -> NonNull<u8> {
    match side {
        // SAFETY: the caller promises that there is a zone before the block,
        Side::Before => unsafe { block.sub(ZONE) },
        // SAFETY: and one right behind it.
        Side::Behind => unsafe { block.add(layout.size()) },
    }
}
