//! Chapter 8: what becomes of signals.

// Miri looks for undefined behaviour, which takes unsafe code, and there is none.
#![cfg(not(miri))]

extern crate alloc;

#[path = "../../../../chapters/08-syscalls/src/process"]
#[allow(dead_code, reason = "the kernel uses what no test here does")]
mod process {
    pub mod signal;
    pub mod signals;

    /// The number of a process, as the kernel has it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub struct Pid(pub u32);
}

mod actions;
mod deeds;
