//! The registers that point to page tables and say how they are used.
//!
//! Intel SDM vol. 3A, "4-Level Paging and 5-Level Paging" and "Invalidation of TLBs".

use core::sync::atomic::{Ordering, compiler_fence};

use x86_64::instructions::tlb;
use x86_64::registers::control::{Cr3, Cr3Flags, Cr4, Cr4Flags};
use x86_64::structures::paging::PhysFrame;

use crate::memory::address::{FRAME_SIZE, PhysAddr, VirtAddr};

/// The lowest level whose entries may map memory: 1 if the processor has pages of 1 GiB.
pub fn largest_page_level() -> usize {
    // CPUID leaf 0x8000_0001, edx bit 26. (Intel SDM vol. 2A, CPUID.)
    let features = core::arch::x86_64::__cpuid(0x8000_0001);
    if features.edx & 1 << 26 == 0 { 2 } else { 1 }
}

/// Makes the table at `root` the root of all translation.
///
/// # Safety
///
/// It must map the running code, its stack and its data as they are mapped now, and must stay so
/// while it is current.
pub unsafe fn activate_page_table(root: PhysAddr) {
    let frame = PhysFrame::containing_address(x86_64::PhysAddr::new(root.0));
    // SAFETY: the caller promises that what runs goes on being mapped.
    unsafe { Cr3::write(frame, Cr3Flags::empty()) };
}

/// The root of all translation.
pub fn root_page_table() -> PhysAddr {
    PhysAddr(Cr3::read().0.start_address().as_u64())
}

/// Switches on what the processor has of protections: the kernel neither executes (SMEP) nor
/// touches by accident (SMAP) a program's memory; and what is everybody's stays known (PGE).
///
/// # Safety
///
/// The running code must not lie in memory that is a program's.
pub unsafe fn enable_protections() {
    // CPUID leaf 7, ebx: bit 7 is SMEP, bit 20 SMAP.
    let has_leaf = core::arch::x86_64::__cpuid(0).eax >= 7;
    let features = if has_leaf { core::arch::x86_64::__cpuid_count(7, 0).ebx } else { 0 };
    let mut flags = Cr4::read() | Cr4Flags::PAGE_GLOBAL;
    flags.set(Cr4Flags::SUPERVISOR_MODE_EXECUTION_PROTECTION, features & 1 << 7 != 0);
    flags.set(Cr4Flags::SUPERVISOR_MODE_ACCESS_PREVENTION, features & 1 << 20 != 0);
    // SAFETY: the caller promises that nothing of a program's is in use.
    unsafe { Cr4::write(flags) };
}

/// Sees to it that a new entry is known before the next access.
pub fn publish_entry() {
    // An entry that meant nothing is not remembered, and a processor sees its own writes in order.
    // Only the compiler must be kept from moving an access in front of the entry's write.
    compiler_fence(Ordering::SeqCst);
}

/// Forgets any cached translation of `page` on this CPU.
pub fn flush_page(page: VirtAddr) {
    tlb::flush(x86_64::VirtAddr::new_truncate(page.0));
}

/// Fills a page with zeroes. (The compiler's `memset` is made of `rep stosq`.)
///
/// # Safety
///
/// `page` must be the beginning of one, and valid for writing to its end.
pub unsafe fn clear_page(page: *mut u8) {
    // SAFETY: the caller promises it.
    unsafe { page.write_bytes(0, FRAME_SIZE as usize) };
}

/// Copies a page. (The compiler's `memcpy` is made of `rep movsq`.)
///
/// # Safety
///
/// Both must be the beginning of one, and not of the same: valid for writing, and for reading.
pub unsafe fn copy_page(to: *mut u8, from: *const u8) {
    // SAFETY: the caller promises it.
    unsafe { to.copy_from_nonoverlapping(from, FRAME_SIZE as usize) };
}
