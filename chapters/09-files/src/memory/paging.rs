//! Page tables, for any machine whose entries implement [`Entry`].
//!
//! Both of ours translate 48 bits in four levels of 512 entries; only the bits of an entry differ.
//! So the walk is written once, here, and a machine supplies the encoding. An entry of level 0 to 2
//! either points to the next table or, from level 1 on, ends the walk early: it maps 1 GiB or 2 MiB
//! in one piece. Every mapping is made of the largest pieces that fit, and a piece is split when a
//! part of it is to become different.
//!
//! ```text
//!  63      48 47    39 38    30 29    21 20    12 11         0
//! | sign ext | level 0| level 1| level 2| level 3| byte offset |
//!              512 GiB    1 GiB    2 MiB    4 KiB   a step of each
//! ```
//!
//! Arm ARM DDI 0487, D8, "Translation process"; Intel SDM vol. 3A, "4-Level Paging and 5-Level
//! Paging". (Intel counts levels from the other end: its PML4 is level 0 here.)

use core::fmt;

use super::address::{FRAME_SIZE, PhysAddr, VirtAddr};

/// Entries in a table.
pub const ENTRIES: usize = 512;

/// The level whose entries map single frames.
pub const LAST: usize = 3;

bitflags::bitflags! {
    /// What may be done with a page. Reading is always allowed.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Access: u8 {
        /// It may be written.
        const WRITE = 1 << 0;
        /// Its bytes may be executed as instructions.
        const EXECUTE = 1 << 1;
        /// Programs may do all that, too.
        const USER = 1 << 2;
        /// It is a device: every access happens once, in order, as it is written.
        const DEVICE = 1 << 3;
    }
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let letter = |access, letter| if self.contains(access) { letter } else { "-" };
        let (write, execute) = (letter(Self::WRITE, "w"), letter(Self::EXECUTE, "x"));
        let (user, device) = (letter(Self::USER, "u"), letter(Self::DEVICE, "d"));
        write!(f, "r{write}{execute}{user}{device}")
    }
}

/// What an entry says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Nothing is mapped.
    Nothing,
    /// The next table is here.
    Table(PhysAddr),
    /// The walk ends: this memory is mapped, and may be used so.
    Page(PhysAddr, Access),
}

impl fmt::Display for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Nothing => write!(f, "nothing"),
            Self::Table(table) => write!(f, "table {table:?}"),
            Self::Page(frame, access) => write!(f, "page {frame:?} {access}"),
        }
    }
}

/// A page-table entry of a machine.
pub trait Entry: Copy {
    /// The bits that hold an address, of a table or of memory.
    const ADDRESS: u64;

    /// Encodes `meaning` for a table of `level`.
    fn new(meaning: Meaning, level: usize) -> Self;

    /// Decodes the entry of a table of `level`.
    fn meaning(self, level: usize) -> Meaning;
}

/// Where tables live, and who must hear of changes.
pub trait Tables {
    /// The machine's entries.
    type Entry: Entry;

    /// The lowest level whose entries may map memory: 1 where there are pages of 1 GiB, else 2.
    fn largest(&self) -> usize;

    /// A new table, in which every entry means nothing; `None` if there is no memory for it.
    fn allocate(&mut self) -> Option<PhysAddr>;

    /// Takes back a table.
    ///
    /// # Safety
    ///
    /// It must come from [`allocate`](Self::allocate), and no entry points to it any more.
    unsafe fn free(&mut self, table: PhysAddr);

    /// The entry `index` of `table`.
    ///
    /// # Safety
    ///
    /// The table must come from [`allocate`](Self::allocate) and not have been freed; `index` must
    /// be less than [`ENTRIES`].
    unsafe fn read(&self, table: PhysAddr, index: usize) -> Self::Entry;

    /// Overwrites the entry `index` of `table`.
    ///
    /// # Safety
    ///
    /// As for [`read`](Self::read).
    unsafe fn write(&mut self, table: PhysAddr, index: usize, entry: Self::Entry);

    /// Sees to it that new entries are known before the next access.
    fn publish(&mut self);

    /// Makes every processor forget what it knows of the translation of `page`, and of the way to
    /// it. Entries that were written before are known then, as after [`publish`](Self::publish).
    fn forget(&mut self, page: VirtAddr);
}

/// Why a mapping could not be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MapError {
    /// No frame was left for a table.
    OutOfFrames,
    /// The page maps `frame` already.
    AlreadyMapped { page: VirtAddr, frame: PhysAddr },
    /// The page maps nothing.
    NotMapped { page: VirtAddr },
    /// The address is not where a page or a frame begins.
    Misaligned { address: u64 },
    /// The memory from `frame` on has addresses that no entry can hold.
    OutOfReach { frame: PhysAddr },
    /// The address cannot be translated: its bits 63 to 47 are not all equal.
    NotCanonical { address: VirtAddr },
    /// The pages end before they begin, or their end is no address: the last page has none.
    Reversed { end: VirtAddr },
}

impl fmt::Display for MapError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::OutOfFrames => write!(f, "no frame is left for a page table"),
            Self::AlreadyMapped { page, frame } => write!(f, "{page:?} already maps {frame:?}"),
            Self::NotMapped { page } => write!(f, "{page:?} maps nothing"),
            Self::Misaligned { address } => write!(f, "{address:#x} is not where a page begins"),
            Self::OutOfReach { frame } => write!(f, "memory from {frame:?} on is out of reach"),
            Self::NotCanonical { address } => write!(f, "{address:?} is not canonical"),
            Self::Reversed { end } => write!(f, "the pages end at {end:?}, before they begin"),
        }
    }
}

impl core::error::Error for MapError {}

/// Bytes that an entry of `level` speaks of.
pub const fn reach(level: usize) -> u64 {
    FRAME_SIZE << (9 * (LAST - level))
}

/// The entry of a table of `level` that speaks of `page`.
pub const fn index(page: VirtAddr, level: usize) -> usize {
    (page.0 / reach(level)) as usize % ENTRIES
}

/// A mapping that was found: a page, how large it is, and what it maps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// Where the page begins.
    pub page: VirtAddr,
    /// The level at which the walk ended: the page has [`reach`] bytes.
    pub level: usize,
    /// The memory that it maps.
    pub frame: PhysAddr,
    /// What may be done with it.
    pub access: Access,
}
