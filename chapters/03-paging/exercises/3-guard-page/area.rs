//! Pages that stacks may lie in.
//!
//! Given, not to be written.

use core::ops::Range;

use super::address::{FRAME_SIZE, VirtAddr};

/// Why there is no stack.
#[allow(dead_code, reason = "as long as nothing is written nobody says so")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StackError {
    /// Nowhere in the area are there pages enough.
    NoRoom,
    /// No frame is left for a page.
    OutOfFrames,
}

/// A part of the address space in which there is nothing but stacks.
#[allow(dead_code, reason = "as long as nothing is written nobody asks")]
pub trait Area {
    /// Its pages.
    fn pages(&self) -> Range<VirtAddr>;

    /// Whether `page`, one of the area's, maps anything.
    fn is_mapped(&self, page: VirtAddr) -> bool;

    /// Makes `page`, which maps nothing, map a frame of its own.
    fn map(&mut self, page: VirtAddr) -> Result<(), StackError>;

    /// Makes `page`, which is mapped, map nothing, and gives the frame back.
    fn unmap(&mut self, page: VirtAddr);
}

/// Each page of `pages`, from the lowest up.
#[allow(dead_code, reason = "as long as nothing is written nobody asks")]
pub fn each(pages: &Range<VirtAddr>) -> impl Iterator<Item = VirtAddr> + use<> {
    let Range { start, end } = pages.clone();
    (0..(end - start) / FRAME_SIZE).map(move |number| start + number * FRAME_SIZE)
}
