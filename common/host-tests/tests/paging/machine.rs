//! The two machines, as the tests see them.

use std::fmt::Debug;

use crate::arch::{aarch64, x86_64};
use crate::memory::paging::Entry;

/// A machine's entry, and the number that it is.
pub trait Machine: Entry + Debug + 'static {
    /// The entry that is this number.
    fn from_bits(bits: u64) -> Self;

    /// The number.
    fn bits(self) -> u64;

    /// What the processor lets the kernel and programs do with a page, by the manual.
    fn rights(self) -> Rights;
}

/// What is allowed on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rights {
    pub kernel: Right,
    pub program: Right,
}

/// What is allowed at one level of privilege.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Right {
    pub read: bool,
    pub write: bool,
    pub execute: bool,
}

impl Debug for aarch64::PageTableEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{:#018x}", self.0)
    }
}

impl Debug for x86_64::PageTableEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{:#018x}", self.0)
    }
}

impl Machine for aarch64::PageTableEntry {
    fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    fn bits(self) -> u64 {
        self.0
    }

    /// AP, PXN and UXN as they are where SCTLR_EL1.WXN is set. (Arm ARM DDI 0487, D8, "Memory
    /// access control".)
    fn rights(self) -> Rights {
        let is_set = |bit: u32| self.0 & 1 << bit != 0;
        let (is_program, is_writable) = (is_set(6), !is_set(7));
        let is_executed_by_kernel = !is_set(53) && !is_writable;
        let is_executed_by_program = is_program && !is_set(54) && !is_writable;
        Rights {
            kernel: Right { read: true, write: is_writable, execute: is_executed_by_kernel },
            program: Right {
                read: is_program,
                write: is_program && is_writable,
                execute: is_executed_by_program,
            },
        }
    }
}

impl Machine for x86_64::PageTableEntry {
    fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    fn bits(self) -> u64 {
        self.0
    }

    /// R/W, U/S and XD as they are where CR0.WP, CR4.SMEP and EFER.NXE are set and the tables on
    /// the way allow everything. (Intel SDM vol. 3A, "Access Rights".)
    fn rights(self) -> Rights {
        let is_set = |bit: u32| self.0 & 1 << bit != 0;
        let (is_writable, is_program, is_executed) = (is_set(1), is_set(2), !is_set(63));
        Rights {
            kernel: Right { read: true, write: is_writable, execute: is_executed && !is_program },
            program: Right {
                read: is_program,
                write: is_program && is_writable,
                execute: is_program && is_executed,
            },
        }
    }
}
