//! The memory map: what lies where in physical memory.
//!
//! Firmware describes memory in pieces that overlap: here is RAM, and in the middle of it something
//! that must be kept. So the map is painted like a picture. What is painted later covers what was
//! there before, and what comes out is a list of regions that do not overlap, in order.
//!
//! ```text
//!  painted first    |------------- usable -------------|
//!  painted next            |- kernel -|
//!  the map          |usable|- kernel -|---- usable ----|
//! ```

use core::fmt;
use core::ops::Range;

use super::address::PhysAddr;
use super::layout::DIRECT_MAP_BYTES;

/// How many regions a map can hold. A PC with UEFI firmware describes itself in about a hundred.
const CAPACITY: usize = 256;

/// What a region of physical memory is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// RAM that nobody needs.
    Usable,
    /// Kept by the firmware for itself.
    Firmware,
    /// What the loader left for us to read.
    Loader,
    /// The first programs and files, as one file.
    Initrd,
    /// The kernel's image.
    Kernel,
    /// The frame allocator's own notes.
    Bitmap,
    /// The page tables of the entry, until the kernel has its own.
    BootTables,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(match self {
            Self::Usable => "usable",
            Self::Firmware => "firmware",
            Self::Loader => "loader",
            Self::Initrd => "initrd",
            Self::Kernel => "kernel",
            Self::Bitmap => "frame bitmap",
            Self::BootTables => "boot tables",
        })
    }
}

/// A piece of physical memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Where it lies.
    pub range: Range<PhysAddr>,
    /// What it is for.
    pub kind: Kind,
}

impl Region {
    const NONE: Self = Self { range: PhysAddr(0)..PhysAddr(0), kind: Kind::Usable };
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { range: Range { start, end }, kind } = self;
        let size = (*end - *start).div_ceil(1024);
        write!(f, "{:#014x}..{:#014x} {size:>9} KiB  {kind}", start.0, end.0)
    }
}

/// The map has more regions than it can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapIsFull;

impl fmt::Display for MapIsFull {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "the memory map has more than {CAPACITY} regions")
    }
}

impl core::error::Error for MapIsFull {}

/// What lies where: regions in order, which do not overlap, and of which no two that touch are of
/// the same kind.
pub struct MemoryMap {
    regions: [Region; CAPACITY],
    count: usize,
}

impl MemoryMap {
    /// Makes a map of nothing.
    pub const fn new() -> Self {
        Self { regions: [const { Region::NONE }; CAPACITY], count: 0 }
    }

    /// The regions, from the lowest up.
    pub fn regions(&self) -> &[Region] {
        &self.regions[..self.count]
    }

    /// Paints `range` as `kind`, over whatever is there. If that does not fit, nothing changes.
    /// What lies beyond the direct map is left out, since it cannot be reached.
    pub fn paint(&mut self, range: Range<PhysAddr>, kind: Kind) -> Result<(), MapIsFull> {
        let range = range.start..range.end.min(PhysAddr(DIRECT_MAP_BYTES));
        if range.is_empty() {
            return Ok(());
        }
        let mut painted = Self::new();
        let mut new = Some(Region { range: range.clone(), kind });
        for region in self.regions() {
            let Range { start, end } = region.range;
            painted.push(start..end.min(range.start), region.kind)?;
            if end > range.start
                && let Some(Region { range, kind }) = new.take()
            {
                painted.push(range, kind)?;
            }
            painted.push(start.max(range.end)..end, region.kind)?;
        }
        new.map_or(Ok(()), |Region { range, kind }| painted.push(range, kind))?;
        *self = painted;
        Ok(())
    }

    /// Adds a region behind all others.
    fn push(&mut self, range: Range<PhysAddr>, kind: Kind) -> Result<(), MapIsFull> {
        if range.is_empty() {
            return Ok(());
        }
        if let Some(last) = self.regions[..self.count].last_mut()
            && last.kind == kind
            && last.range.end == range.start
        {
            last.range.end = range.end;
            return Ok(());
        }
        *self.regions.get_mut(self.count).ok_or(MapIsFull)? = Region { range, kind };
        self.count += 1;
        Ok(())
    }
}
