//! The registers that point to translation tables and say how they are used.
//!
//! One root serves both halves of the address space: TTBR0_EL1 gets its lower 256 entries,
//! TTBR1_EL1 its upper ones. With 47 bits in each half (T0SZ and T1SZ are 17) the halves are as
//! large as they are on x86_64.
//!
//! Arm ARM DDI 0487, D8, "Translation process" and "TLB maintenance".

use core::arch::asm;

use aarch64_cpu::registers::TTBR0_EL1;

use super::entry::PageTableEntry;
use crate::memory::address::{PhysAddr, VirtAddr};
use crate::memory::paging::ENTRIES;

/// MAIR_EL1: attributes 0 are write-back memory, attributes 1 a device, Device-nGnRE.
pub(super) const MAIR: u64 = 0x04ff;

/// TCR_EL1: in both halves 47 bits (T0SZ, T1SZ), pages of 4 KiB (TG0, TG1), a table walk through
/// inner-shareable write-back caches (SH, ORGN, IRGN); the ASID is the one in TTBR1_EL1 (A1).
pub(super) const TCR: u64 = 17
    | 0b01 << 8
    | 0b01 << 10
    | 0b11 << 12
    | 17 << 16
    | 1 << 22
    | 0b01 << 24
    | 0b01 << 26
    | 0b11 << 28
    | 0b10 << 30;

/// The ASID of the kernel's own tables. The entry's have 0, and none of their entries is global: so
/// they match no more as soon as this one is current, though they map the same addresses in other
/// pieces.
pub(super) const KERNEL_ASID: u64 = 1 << 48;

/// The lowest level whose entries may map memory: every processor has blocks of 1 GiB.
pub fn largest_page_level() -> usize {
    1
}

/// Makes the table at `root` the root of all translation.
///
/// # Safety
///
/// It must map the running code, its stack and its data as they are mapped now, and must stay so
/// while it is current.
pub unsafe fn activate_page_table(root: PhysAddr) {
    let upper = KERNEL_ASID | (root.0 + (ENTRIES / 2 * size_of::<PageTableEntry>()) as u64);
    // SAFETY: privileged; the caller promises that what runs goes on being mapped, and what was
    // known of other translations is forgotten.
    unsafe {
        asm!(
            "dsb ishst",                // The tables are written,
            "msr TTBR1_EL1, {upper}",
            "isb",                      // the walk of the upper half begins at them,
            "msr TTBR0_EL1, {lower}",
            "isb",                      // and that of the lower one,
            "tlbi vmalle1",             // and what is known from others
            "dsb nsh",                  // is forgotten
            "isb",                      // before the next instruction.
            lower = in(reg) root.0,
            upper = in(reg) upper,
            options(nostack),
        );
    }
}

/// The table that is the root of all translation.
pub fn root_page_table() -> PhysAddr {
    PhysAddr(TTBR0_EL1.get_baddr())
}

/// Switches on what the processor has of protections: writable memory is never executed (WXN), and
/// the kernel never touches a program's memory by accident (PAN).
///
/// # Safety
///
/// The running code must not lie in memory that is mapped as writable.
pub unsafe fn enable_protections() {
    // SAFETY: privileged; the caller promises that the code goes on being executable. PAN concerns
    // programs' memory, of which there is none yet, and is not touched where there is no PAN.
    unsafe {
        asm!(
            "mrs {control}, SCTLR_EL1",
            "orr {control}, {control}, #(1 << 19)",     // WXN
            "mrs {feature}, ID_AA64MMFR1_EL1",
            "ubfx {feature}, {feature}, #20, #4",       // PAN
            "cbz {feature}, 2f",
            "bic {control}, {control}, #(1 << 23)",     // SPAN: every exception sets PAN
            ".arch_extension pan",
            "msr PAN, #1",
            ".arch_extension nopan",
            "2:",
            "msr SCTLR_EL1, {control}",
            "isb",
            "tlbi vmalle1",             // WXN may be remembered with a translation.
            "dsb nsh",
            "isb",
            control = out(reg) _,
            feature = out(reg) _,
            options(nostack),
        );
    }
}

/// Sees to it that a new entry is known before the next access.
pub fn publish_entry() {
    // SAFETY: waiting changes nothing.
    unsafe { asm!("dsb ishst", "isb", options(nostack)) };
}

/// Forgets any cached translation of `page` on this CPU.
pub fn flush_page(page: VirtAddr) {
    // SAFETY: dropping a TLB entry only makes the next access walk the tables again.
    unsafe {
        asm!(
            "dsb nshst",            // The new entry is visible to the table walker,
            "tlbi vaae1, {0}",      // the old translation goes,
            "dsb nsh",              // and is gone
            "isb",                  // before the next instruction.
            in(reg) (page.0 >> 12) & 0xfff_ffff_ffff,
            options(nostack),
        );
    }
}

/// Fills a page with zeroes.
///
/// The compiler has `memset` and `memcpy` for this and for the next. In a kernel they may not use
/// vectors, and so take 8 bytes at a time: more than three times as many instructions, in a good
/// part of each `fork`.
///
/// # Safety
///
/// `page` must be the beginning of one, and valid for writing to its end.
pub unsafe fn clear_page(page: *mut u8) {
    // SAFETY: the caller promises it.
    unsafe {
        asm!(
            "2:",
            "stp xzr, xzr, [{page}], #16",
            "stp xzr, xzr, [{page}], #16",
            "stp xzr, xzr, [{page}], #16",
            "stp xzr, xzr, [{page}], #16",
            "tst {page}, #0xfff",       // The end of a page is the beginning of another.
            "b.ne 2b",
            page = inout(reg) page => _,
            options(nostack),
        );
    }
}

/// Copies a page.
///
/// # Safety
///
/// Both must be the beginning of one, and not of the same: valid for writing, and for reading.
pub unsafe fn copy_page(to: *mut u8, from: *const u8) {
    // SAFETY: the caller promises it.
    unsafe {
        asm!(
            "2:",
            "ldp {a}, {b}, [{from}], #16",
            "ldp {c}, {d}, [{from}], #16",
            "ldp {e}, {f}, [{from}], #16",
            "ldp {g}, {h}, [{from}], #16",
            "stp {a}, {b}, [{to}], #16",
            "stp {c}, {d}, [{to}], #16",
            "stp {e}, {f}, [{to}], #16",
            "stp {g}, {h}, [{to}], #16",
            "tst {to}, #0xfff",
            "b.ne 2b",
            to = inout(reg) to => _,
            from = inout(reg) from => _,
            a = out(reg) _,
            b = out(reg) _,
            c = out(reg) _,
            d = out(reg) _,
            e = out(reg) _,
            f = out(reg) _,
            g = out(reg) _,
            h = out(reg) _,
            options(nostack),
        );
    }
}
