//! Chapter 8: what lies between the keys and the programs that read.
//!
//! Keys in any order must have the results that a plain [`model`] has, and what is shown for them
//! must leave on the [`screen`] what the line is, whatever was erased on the way.

// Miri looks for undefined behaviour, which takes unsafe code, and there is none.
#![cfg(not(miri))]

#[path = "../../../../chapters/08-syscalls/src/input"]
#[allow(dead_code, reason = "the kernel uses what no test here does")]
mod input {
    pub mod discipline;
    pub mod pipe;
    pub mod ring;
    pub mod settings;
}

mod lines;
mod model;
mod pipes;
mod raw;
mod screen;
