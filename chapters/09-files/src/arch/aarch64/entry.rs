//! The entries of stage 1 translation tables.
//!
//! ```text
//!  63   55   54  53  52    48 47                12 11 10 9  8 7   6  5   4  2  1    0
//! |  -  |UXN|PXN|    -     |   output address    |nG|AF| SH |AP2|AP1|NS|Attr|page|valid|
//! ```
//!
//! What has no name below we leave zero, and tables that others made are not expected here: a
//! table descriptor can forbid for all below it (APTable, UXNTable, PXNTable, 63 to 59), GP (50)
//! restricts branches, and Contiguous (52) is a promise about the neighbours. DBM (51) counts only
//! where TCR_EL1.HD is set, NS (5) in the secure world.
//!
//! Arm ARM DDI 0487, D8, "Translation table descriptor formats" and "Memory access control".

use crate::memory::address::PhysAddr;
use crate::memory::paging::{Access, Entry, LAST, Meaning, reach};

bitflags::bitflags! {
    /// The bits of a descriptor.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Descriptor: u64 {
        /// The walk may use it.
        const VALID = 1 << 0;
        /// Levels 0 to 2: a table follows. Level 3: always set.
        const TABLE_OR_PAGE = 1 << 1;
        /// The memory has attributes number 1, a device's, and not number 0.
        const DEVICE = 1 << 2;
        /// Numbers 2 to 7, of which MAIR_EL1 makes devices, too, of the strictest kind.
        const OTHER_ATTRIBUTES = 0b11 << 3;
        /// EL0 may access it (AP[1]).
        const USER = 1 << 6;
        /// Nobody may write (AP[2]).
        const READ_ONLY = 1 << 7;
        /// Caches of all processors agree on it (SH).
        const INNER_SHAREABLE = 0b11 << 8;
        /// It has been accessed; without it the first access faults.
        const ACCESSED = 1 << 10;
        /// It is one program's and not everybody's.
        const NOT_GLOBAL = 1 << 11;
        /// EL1 may not execute it.
        const PRIVILEGED_EXECUTE_NEVER = 1 << 53;
        /// EL0 may not execute it.
        const USER_EXECUTE_NEVER = 1 << 54;

        /// A pointer to the next table.
        const TABLE = Self::VALID.bits() | Self::TABLE_OR_PAGE.bits();
        /// What the entry in `boot.s` maps memory with, in blocks of 1 GiB.
        const BOOT_MEMORY = Self::VALID.bits() | Self::ACCESSED.bits() | Self::NOT_GLOBAL.bits()
            | Self::INNER_SHAREABLE.bits();
        /// And devices.
        const BOOT_DEVICE = Self::VALID.bits() | Self::ACCESSED.bits() | Self::NOT_GLOBAL.bits()
            | Self::DEVICE.bits()
            | Self::PRIVILEGED_EXECUTE_NEVER.bits() | Self::USER_EXECUTE_NEVER.bits();
    }
}

/// An entry as it lies in memory.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct PageTableEntry(pub u64);

impl Entry for PageTableEntry {
    /// Bits 47 to 12.
    const ADDRESS: u64 = 0x0000_ffff_ffff_f000;

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
        match (level, bits.contains(Descriptor::TABLE_OR_PAGE)) {
            _ if !bits.contains(Descriptor::VALID) => Meaning::Nothing,
            (0..LAST, true) => Meaning::Table(address),
            (1..LAST, false) | (LAST, true) => {
                Meaning::Page(address.align_down(reach(level)), access(bits))
            }
            // Reserved: an access faults.
            _ => Meaning::Nothing,
        }
    }
}

/// The bits of a page or block that may be used as `access` says.
fn page(access: Access, level: usize) -> Descriptor {
    let mut bits = Descriptor::VALID | Descriptor::ACCESSED;
    bits.set(Descriptor::TABLE_OR_PAGE, level == LAST);
    let is_device = access.contains(Access::DEVICE);
    bits.set(Descriptor::DEVICE, is_device);
    bits.set(Descriptor::INNER_SHAREABLE, !is_device);
    bits.set(Descriptor::READ_ONLY, !access.contains(Access::WRITE));
    let is_user = access.contains(Access::USER);
    bits.set(Descriptor::USER | Descriptor::NOT_GLOBAL, is_user);
    let is_executed = access.contains(Access::EXECUTE);
    bits.set(Descriptor::USER_EXECUTE_NEVER, !(is_executed && is_user));
    bits.set(Descriptor::PRIVILEGED_EXECUTE_NEVER, !is_executed || is_user);
    bits
}

fn access(bits: Descriptor) -> Access {
    let never = if bits.contains(Descriptor::USER) {
        Descriptor::USER_EXECUTE_NEVER
    } else {
        Descriptor::PRIVILEGED_EXECUTE_NEVER
    };
    let mut access = Access::empty();
    access.set(Access::WRITE, !bits.contains(Descriptor::READ_ONLY));
    access.set(Access::EXECUTE, !bits.contains(never));
    access.set(Access::USER, bits.contains(Descriptor::USER));
    let device = Descriptor::DEVICE | Descriptor::OTHER_ATTRIBUTES;
    access.set(Access::DEVICE, bits.intersects(device));
    access
}
