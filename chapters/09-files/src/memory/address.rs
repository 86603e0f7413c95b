//! Addresses, physical and virtual, as two types.
//!
//! Both are 64-bit numbers, and mixing them up is the classic mistake of memory management: it
//! works as long as they are equal and fails the day they are not. So neither turns into the other
//! or into a pointer by itself. [`PhysAddr::as_ptr`] is the one way from a physical address to
//! memory, and [`VirtAddr::of_image`] the one way back, for what the linker placed.

use core::fmt;
use core::ops::{Add, Range, Sub};

use super::layout::{DIRECT_MAP, DIRECT_MAP_BYTES, IMAGE_OFFSET};

/// Bytes in a frame, the unit in which memory is given out.
pub const FRAME_SIZE: u64 = 4096;

/// An address on the memory bus: what a page table holds and a device sees.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct PhysAddr(pub u64);

/// An address as an instruction names it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct VirtAddr(pub u64);

impl PhysAddr {
    /// A pointer to the memory at this address.
    ///
    /// Making it is safe, using it is not: there may be no memory, or memory that is not ours.
    pub fn as_ptr<T>(self) -> *mut T {
        // All of memory is in the direct map.
        debug_assert!(self.0 < DIRECT_MAP_BYTES, "{self:?} is beyond the direct map");
        (DIRECT_MAP + self.0) as *mut T
    }

    /// Whether the address is a multiple of `alignment` bytes, a power of two.
    pub const fn is_aligned(self, alignment: u64) -> bool {
        self.0 & (alignment - 1) == 0
    }

    /// The last multiple of `alignment` that is not above this address.
    pub const fn align_down(self, alignment: u64) -> Self {
        Self(self.0 & !(alignment - 1))
    }

    /// The first multiple of `alignment` that is not below this address; the highest there is, if
    /// that does not fit into 64 bits.
    pub const fn align_up(self, alignment: u64) -> Self {
        match self.0.checked_add(alignment - 1) {
            Some(sum) => Self(sum).align_down(alignment),
            None => Self(u64::MAX).align_down(alignment),
        }
    }
}

impl VirtAddr {
    /// The physical address of something in the kernel's image.
    pub const fn of_image(self) -> PhysAddr {
        PhysAddr(self.0 - IMAGE_OFFSET)
    }

    /// Whether the processor can translate it: bits 63 to 47 are all equal.
    pub const fn is_canonical(self) -> bool {
        matches!(self.0 >> 47, 0 | 0x1_ffff)
    }

    /// Whether the address is a multiple of `alignment` bytes, a power of two.
    pub const fn is_aligned(self, alignment: u64) -> bool {
        self.0 & (alignment - 1) == 0
    }

    /// The last multiple of `alignment` that is not above this address.
    pub const fn align_down(self, alignment: u64) -> Self {
        Self(self.0 & !(alignment - 1))
    }

    /// The address `bytes` above this one, if there is one.
    pub fn checked_add(self, bytes: u64) -> Option<Self> {
        self.0.checked_add(bytes).map(Self)
    }
}

/// The frames that lie wholly in `range`: it may shrink, and if nothing is left it is empty.
pub fn whole_frames(range: &Range<PhysAddr>) -> Range<PhysAddr> {
    let start = range.start.align_up(FRAME_SIZE);
    start..range.end.align_down(FRAME_SIZE).max(start)
}

impl Add<u64> for PhysAddr {
    type Output = Self;

    fn add(self, bytes: u64) -> Self {
        Self(self.0 + bytes)
    }
}

impl Add<u64> for VirtAddr {
    type Output = Self;

    fn add(self, bytes: u64) -> Self {
        Self(self.0 + bytes)
    }
}

impl Sub for VirtAddr {
    type Output = u64;

    fn sub(self, other: Self) -> u64 {
        self.0 - other.0
    }
}

impl Sub for PhysAddr {
    type Output = u64;

    fn sub(self, other: Self) -> u64 {
        self.0 - other.0
    }
}

impl fmt::Debug for PhysAddr {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}

impl fmt::Debug for VirtAddr {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}
