//! Chapter 8: which pages of a program are for what.
//!
//! Regions are ranges that are cut and joined; the [`model`] has a line for each page, and knows
//! nothing of ranges. After any changes both must say the same of each page.

// Miri looks for undefined behaviour, which takes unsafe code, and there is none.
#![cfg(not(miri))]

extern crate alloc;

#[path = "../../../../chapters/08-syscalls/src/memory"]
#[allow(dead_code, reason = "the kernel uses what no test here does")]
mod memory {
    pub mod address;
    pub mod layout;
    pub mod paging;
}

#[path = "../../../../chapters/08-syscalls/src/process"]
#[allow(dead_code, reason = "the kernel uses what no test here does")]
mod process {
    pub mod regions;
}

/// What the kernel's build takes from `build-config.toml`.
mod config {
    pub const LOAD_ADDRESS: u64 = 0x4020_0000;
}

mod changes;
mod model;
