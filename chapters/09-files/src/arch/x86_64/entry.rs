//! The entries of page tables.
//!
//! ```text
//!  63  62       52 51                     12 11   9 8 7  6 5 4   3   2 1 0
//! |NX|     -      |    physical address     |  -   |G|PS|D|A|PCD|PWT|U|W|P|
//! ```
//!
//! At level 3 bit 7, and in larger pages bit 12, choose from the upper half of the table PAT. It
//! says the same as the lower after reset, so they mean nothing here.
//!
//! Intel SDM vol. 3A, "4-Level Paging and 5-Level Paging" and "Access Rights".

use crate::memory::address::PhysAddr;
use crate::memory::paging::{Access, Entry, LAST, Meaning, reach};

bitflags::bitflags! {
    /// The bits of an entry.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Descriptor: u64 {
        /// The walk may use it (P).
        const PRESENT = 1 << 0;
        /// It may be written (R/W).
        const WRITABLE = 1 << 1;
        /// Ring 3 may access it (U/S).
        const USER = 1 << 2;
        /// Writes go through the caches (PWT).
        const WRITE_THROUGH = 1 << 3;
        /// It is not cached (PCD).
        const CACHE_DISABLE = 1 << 4;
        /// It has been accessed; set by the processor (A).
        const ACCESSED = 1 << 5;
        /// It has been written; set by the processor (D).
        const DIRTY = 1 << 6;
        /// Levels 1 and 2: it maps memory and is no table (PS).
        const HUGE = 1 << 7;
        /// It is everybody's and not one program's (G).
        const GLOBAL = 1 << 8;
        /// Nobody may execute it (XD, called NX by AMD and by us).
        const NO_EXECUTE = 1 << 63;

        /// A pointer to the next table. What may be done is said at the end of the walk: the
        /// processor allows what all entries on the way allow.
        const TABLE = Self::PRESENT.bits() | Self::WRITABLE.bits() | Self::USER.bits();
    }
}

/// An entry as it lies in memory.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct PageTableEntry(pub u64);

impl Entry for PageTableEntry {
    /// Bits 51 to 12.
    const ADDRESS: u64 = 0x000f_ffff_ffff_f000;

    fn new(meaning: Meaning, level: usize) -> Self {
        match meaning {
            Meaning::Nothing => Self(0),
            Meaning::Table(table) => Self(table.0 | Descriptor::TABLE.bits()),
            Meaning::Page(frame, access) => Self(frame.0 | page(access, level).bits()),
        }
    }

    fn meaning(self, level: usize) -> Meaning {
        let bits = Descriptor::from_bits_truncate(self.0);
        let address = PhysAddr(self.0 & Self::ADDRESS);
        match (level, bits.contains(Descriptor::HUGE)) {
            _ if !bits.contains(Descriptor::PRESENT) => Meaning::Nothing,
            (0..LAST, false) => Meaning::Table(address),
            // Reserved: an access faults.
            (0, true) => Meaning::Nothing,
            _ => Meaning::Page(address.align_down(reach(level)), access(bits)),
        }
    }
}

/// The bits of a page that may be used as `access` says.
fn page(access: Access, level: usize) -> Descriptor {
    let mut bits = Descriptor::PRESENT;
    bits.set(Descriptor::HUGE, level < LAST);
    let is_device = access.contains(Access::DEVICE);
    bits.set(Descriptor::WRITE_THROUGH | Descriptor::CACHE_DISABLE, is_device);
    bits.set(Descriptor::WRITABLE, access.contains(Access::WRITE));
    let is_user = access.contains(Access::USER);
    bits.set(Descriptor::USER, is_user);
    bits.set(Descriptor::GLOBAL, !is_user);
    bits.set(Descriptor::NO_EXECUTE, !access.contains(Access::EXECUTE));
    bits
}

fn access(bits: Descriptor) -> Access {
    let mut access = Access::empty();
    access.set(Access::WRITE, bits.contains(Descriptor::WRITABLE));
    access.set(Access::EXECUTE, !bits.contains(Descriptor::NO_EXECUTE));
    access.set(Access::USER, bits.contains(Descriptor::USER));
    access.set(Access::DEVICE, bits.contains(Descriptor::CACHE_DISABLE));
    access
}
