//! Pages with frames of their own: address space that becomes memory, and stops being it.
//!
//! Where the frames lie does not matter, since nobody sees their addresses; so each page takes
//! whichever is free. The page table is the only owner of them, and they come back with the pages.

use core::ops::Range;

use super::address::{FRAME_SIZE, VirtAddr};
use super::paging::{Access, MapError};
use super::walker::Walker;
use super::{frames, kernel_space};

/// Maps `pages` to frames of their own, which may be written. If there are too few, nothing is
/// mapped.
pub fn map(pages: Range<VirtAddr>) -> Result<(), MapError> {
    let mut page = pages.start;
    while page < pages.end {
        if let Err(error) = map_page(page) {
            // SAFETY: they were mapped a moment ago, and nobody has heard of them.
            unsafe { unmap(pages.start..page) };
            return Err(error);
        }
        page = page + FRAME_SIZE;
    }
    Ok(())
}

fn map_page(page: VirtAddr) -> Result<(), MapError> {
    let frame = frames::allocate().map_err(|_| MapError::OutOfFrames)?;
    let pages = page..page + FRAME_SIZE;
    let map = |walker: &mut Walker<_>| walker.map(pages, frame.start(), Access::WRITE);
    // SAFETY: what is mapped already is refused, so nobody relies on the page; and its other name,
    // in the direct map, belongs to the frame's owner, who is here.
    unsafe { kernel_space::change(map) }?;
    frame.into_start();
    Ok(())
}

/// Undoes [`map`]; pages that are not mapped are left out.
///
/// # Safety
///
/// The pages must come from [`map`], and nobody may use them any more.
pub unsafe fn unmap(pages: Range<VirtAddr>) {
    let mut page = pages.start;
    while page < pages.end {
        let next = page + FRAME_SIZE;
        let found = kernel_space::look(|walker| walker.find(page));
        // SAFETY: the caller promises that nobody uses the page.
        let unmapped = unsafe { kernel_space::change(|walker| walker.unmap(page..next)) };
        if let Some(found) = found.filter(|_| unmapped.is_ok()) {
            // SAFETY: `map_page` took this frame for this page, which is not mapped any more.
            drop(unsafe { frames::Frame::from_start(found.frame) });
        }
        page = next;
    }
}
