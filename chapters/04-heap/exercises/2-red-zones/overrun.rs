//! What is said of a block whose owner wrote beyond it.
//!
//! Given, not to be written.

use core::alloc::Layout;
use core::fmt;

/// The bytes of a red zone.
pub const ZONE: usize = 16;

/// Which end of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Somebody wrote before its first byte.
    Before,
    /// Somebody wrote behind its last byte.
    Behind,
}

/// A block whose red zone was written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overrun {
    /// Its address.
    pub block: usize,
    /// What was asked for.
    pub layout: Layout,
    /// Which of its zones it is.
    pub side: Side,
    /// How far from the block the nearest byte is that has changed; 1 is next to the block.
    pub distance: usize,
}

impl fmt::Display for Overrun {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { block, layout, side, distance } = self;
        let (size, align) = (layout.size(), layout.align());
        let end = match side {
            Side::Before => "before its start",
            Side::Behind => "behind its end",
        };
        write!(f, "the block of {size} bytes, aligned to {align}, at {block:#x}: ")?;
        write!(f, "somebody wrote {end}, at a distance of {distance}")
    }
}

impl core::error::Error for Overrun {}
