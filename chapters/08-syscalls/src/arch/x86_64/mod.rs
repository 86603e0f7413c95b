//! x86_64: QEMU's `q35` machine, booted through PVH.

mod apic;
mod boot;
mod calls;
mod context;
mod cpu;
mod entry;
mod exception;
mod float;
mod gdt;
mod irq;
mod keyboard;
mod memory_map;
mod paging;
mod serial;
mod timer;
mod trap;

pub use boot::{BootError, boot_arguments};
pub use calls::{CALLS, CLONE_ARGUMENTS, clone_arguments};
#[cfg(feature = "ktest")]
pub use context::tests as registers;
pub use context::{Context, switch_context};
pub use cpu::{Privilege, power_off, privilege};
pub use entry::PageTableEntry;
pub use exception::Exception;
pub use float::UserState;
pub use irq::{
    InterruptError, end_interrupt, init_interrupts, mask_interrupts, mute_input, unmask_interrupts,
    unmute_input, wait_for_interrupt,
};
pub use keyboard::read_keyboard;
pub use memory_map::read_memory_map;
pub use paging::{
    activate_page_table, clear_page, copy_page, enable_protections, flush_page, largest_page_level,
    publish_entry, root_page_table,
};
pub use serial::Serial;
pub use timer::{counter, counter_hertz, rearm_timer, start_timer};
pub use trap::user::{
    ELF_MACHINE, copy_from_user, copy_to_user, enter_user, hardware_capabilities, init_programs,
    publish_code, set_kernel_stack, switch_page_table,
};
pub use trap::{TrapFrame, breakpoint, frame_pointer, init_traps};

use crate::memory::address::PhysAddr;

/// The architecture's name.
pub const NAME: &str = "x86_64";

/// Pages of devices that are used through memory, and before anything is known of them.
pub const DEVICES: &[PhysAddr] = &[];
