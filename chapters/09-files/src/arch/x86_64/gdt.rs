//! Segments, and the stack for emergencies.
//!
//! In 64-bit mode a segment has no start and no end any more; what is left of it is the privilege
//! that its descriptor gives. So the table of descriptors, the GDT, is short. What must be there is
//! the task state segment (TSS). It holds no task's state any more, but stack pointers: of seven
//! stacks to which a gate may send the processor whatever it was using (the IST), and of those that
//! it takes when it comes from a program.
//!
//! ```text
//!   0   nothing: the null selector
//!   8   kernel's code
//!  16   kernel's data
//!  24   programs' data
//!  32   programs' code
//!  40   task state segment, two entries long
//! ```
//!
//! The order is that of SYSCALL and SYSRET, which are told one selector of each kind and add 8 for
//! the next.
//!
//! Intel SDM vol. 3A, "Task Management in 64-bit Mode" and "Interrupt Stack Table".

use x86_64::PrivilegeLevel;
use x86_64::VirtAddr as Address;
use x86_64::instructions::tables;
use x86_64::registers::segmentation::{CS, DS, ES, FS, GS, SS, Segment, SegmentSelector};
use x86_64::structures::gdt::{Descriptor, GlobalDescriptorTable};
use x86_64::structures::tss::TaskStateSegment;

use crate::memory::address::VirtAddr;
use crate::sync::Lock;

/// Where in the IST the stack for double faults is. (The gate counts from 1, the library from 0.)
pub(super) const DOUBLE_FAULT_STACK: u16 = 0;

/// The selectors of the kernel's segments, and of those of programs.
pub(super) const KERNEL_CODE: SegmentSelector = SegmentSelector::new(1, PrivilegeLevel::Ring0);
pub(super) const KERNEL_DATA: SegmentSelector = SegmentSelector::new(2, PrivilegeLevel::Ring0);
pub(super) const USER_DATA: SegmentSelector = SegmentSelector::new(3, PrivilegeLevel::Ring3);
pub(super) const USER_CODE: SegmentSelector = SegmentSelector::new(4, PrivilegeLevel::Ring3);

/// Protects the descriptors. The processor reads one when its selector is loaded.
pub(super) static DESCRIPTORS: Lock<GlobalDescriptorTable> =
    Lock::new(GlobalDescriptorTable::new());

/// Protects the TSS. The processor reads it when it changes the stack. The descriptors may be
/// locked while it is held.
static TASK_STATE: Lock<TaskStateSegment> = Lock::new(TaskStateSegment::new());

/// Makes segments of our own, and of the stack that ends at `top` the one for double faults.
///
/// # Safety
///
/// Nobody else may use that stack, and it must stay. This must be called once.
pub(super) unsafe fn init_segments(top: VirtAddr) {
    let mut task_state = TASK_STATE.lock();
    task_state.interrupt_stack_table[usize::from(DOUBLE_FAULT_STACK)] = Address::new(top.0);
    // SAFETY: it is in a static, so it stays.
    let task_state = unsafe { Descriptor::tss_segment_unchecked(&raw const *task_state) };

    let mut descriptors = DESCRIPTORS.lock();
    let code = descriptors.append(Descriptor::kernel_code_segment());
    let data = descriptors.append(Descriptor::kernel_data_segment());
    let user_data = descriptors.append(Descriptor::user_data_segment());
    let user_code = descriptors.append(Descriptor::user_code_segment());
    assert_eq!(
        [code, data, user_data, user_code],
        [KERNEL_CODE, KERNEL_DATA, USER_DATA, USER_CODE]
    );
    let task_state = descriptors.append(task_state);
    // SAFETY: it is in a static, so it stays, and changes only by growing.
    unsafe { descriptors.load_unsafe() };
    // SAFETY: the descriptors are the kernel's, and the TSS was not loaded before.
    unsafe { load(code, data, task_state) };
}

/// Makes traps from programs begin to save at `top`, the upper end of a stack.
pub(super) fn set_kernel_stack(top: VirtAddr) {
    TASK_STATE.lock().privilege_stack_table[0] = Address::new(top.0);
}

/// Loads all segment registers. Until then each holds what it loaded from the table before.
///
/// # Safety
///
/// The selectors must be of the kernel's code, of its data, and of a TSS that is not in use.
#[allow(clippy::multiple_unsafe_ops_per_block, reason = "the same fact holds for all of them")]
unsafe fn load(code: SegmentSelector, data: SegmentSelector, task_state: SegmentSelector) {
    // SAFETY: the caller promises that they fit; FS and GS are used by nobody.
    unsafe {
        CS::set_reg(code);
        SS::set_reg(data);
        DS::set_reg(data);
        ES::set_reg(data);
        FS::set_reg(SegmentSelector::NULL);
        GS::set_reg(SegmentSelector::NULL);
        tables::load_tss(task_state);
    }
}
