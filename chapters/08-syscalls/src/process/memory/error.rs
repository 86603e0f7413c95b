//! Why memory cannot be had, or changed.

use core::fmt;

use crate::memory::address::VirtAddr;
use crate::memory::paging::MapError;
use crate::process::layout::LOWEST;

/// Why memory cannot be had, or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemoryError {
    /// There is no memory left, or no place for so much.
    OutOfMemory,
    /// It does not begin where a page begins.
    Misaligned,
    /// It is nothing at all.
    Empty,
    /// It begins below the lowest address that a program may use.
    TooLow,
    /// Something is there already.
    Taken,
    /// This address is in no region.
    Hole(VirtAddr),
    /// It would be written and executed.
    WriteAndExecute,
}

impl fmt::Display for MemoryError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::OutOfMemory => write!(f, "no memory is left"),
            Self::Misaligned => write!(f, "no page begins there"),
            Self::Empty => write!(f, "there is nothing of it"),
            Self::TooLow => write!(f, "it begins below {LOWEST:?}"),
            Self::Taken => write!(f, "something is there already"),
            Self::Hole(address) => write!(f, "{address:?} is in no region"),
            Self::WriteAndExecute => write!(f, "memory is written or executed, never both"),
        }
    }
}

impl core::error::Error for MemoryError {}

impl From<MapError> for MemoryError {
    /// Pages are looked at before they are mapped, so all that is left to fail is memory.
    fn from(_: MapError) -> Self {
        Self::OutOfMemory
    }
}
