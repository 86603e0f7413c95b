//! Chapter 2: addresses, the memory map, the bitmap, frames and their owners.

#[path = "../../../../chapters/02-frames/src/memory"]
#[allow(dead_code, reason = "the kernel uses what no test here does")]
mod memory {
    pub mod address;
    pub mod bitmap;
    pub mod frames;
    pub mod map;
}

#[path = "../../../../chapters/02-frames/src/sync.rs"]
#[allow(dead_code, reason = "the kernel uses what no test here does")]
mod sync;

// Miri looks for undefined behaviour, which takes unsafe code: in frames.rs and sync.rs.
mod lock;
mod owners;

#[cfg(not(miri))]
mod addresses;
#[cfg(not(miri))]
mod bits;
#[cfg(not(miri))]
mod model;
#[cfg(not(miri))]
mod painting;
#[cfg(not(miri))]
mod searches;
