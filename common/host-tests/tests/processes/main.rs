//! Chapter 6: which programs are good, what they find on their stack, and where they come from.
#![cfg(not(miri))]

/// What the kernel's build takes from `build-config.toml`.
mod config {
    pub const LOAD_ADDRESS: u64 = 0x4020_0000;
}

#[path = "../../../../chapters/06-processes/src/memory"]
#[allow(dead_code, reason = "the kernel uses what no test here does")]
mod memory {
    pub mod address;
    pub mod layout;
    pub mod paging;
}

#[path = "../../../../chapters/06-processes/src/process"]
#[allow(dead_code, reason = "the kernel uses what no test here does")]
mod process {
    pub mod arguments;
    pub mod elf;
    pub mod initramfs;
    pub mod layout;
}

mod archives;
mod corpus;
mod loaders;
mod model;
mod mutations;
mod programs;
mod reader;
mod stack;
mod stack_of_linux;
