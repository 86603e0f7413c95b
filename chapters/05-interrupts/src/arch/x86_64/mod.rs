//! x86_64: QEMU's `q35` machine, booted through PVH.

mod boot;
mod cpu;
mod entry;
mod memory_map;
mod paging;
mod serial;

pub use boot::{BootError, boot_arguments};
pub use cpu::{Privilege, power_off, privilege};
pub use entry::PageTableEntry;
pub use memory_map::read_memory_map;
pub use paging::{
    activate_page_table, enable_protections, flush_page, largest_page_level, publish_entry,
};
pub use serial::Serial;

use crate::memory::address::PhysAddr;

/// The architecture's name.
pub const NAME: &str = "x86_64";

/// Pages of devices that are used through memory, and before anything is known of them.
pub const DEVICES: &[PhysAddr] = &[];
