//! Chapter 3: the entries of both machines, and the walk through page tables.
//!
//! The tables are no raw memory here, so Miri has nothing to find.
#![cfg(not(miri))]

/// What the kernel's build takes from `build-config.toml`.
mod config {
    pub const LOAD_ADDRESS: u64 = 0x4020_0000;
}

#[path = "../../../../chapters/03-paging/src/memory"]
#[allow(dead_code, reason = "the kernel uses what no test here does")]
mod memory {
    pub mod address;
    pub mod bitmap;
    pub mod layout;
    pub mod map;
    pub mod paging;
    pub mod walker;
}

#[path = "../../../../chapters/03-paging/src/arch"]
#[allow(dead_code, reason = "the kernel uses what no test here does")]
mod arch {
    #[path = "aarch64/entry.rs"]
    pub mod aarch64;
    #[path = "x86_64/entry.rs"]
    pub mod x86_64;
}

mod edges;
mod entries;
mod machine;
mod model;
mod physical;
mod recursive;
mod tables;
mod walks;
