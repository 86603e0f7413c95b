//! ARM64: QEMU's `virt` machine, booted like Linux.

mod boot;
mod cpu;
mod memory_map;
mod serial;

pub use boot::{BootError, boot_arguments};
pub use cpu::{Privilege, power_off, privilege};
pub use memory_map::read_memory_map;
pub use serial::Serial;

/// The architecture's name.
pub const NAME: &str = "aarch64";
