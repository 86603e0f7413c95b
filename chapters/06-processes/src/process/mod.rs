//! Processes: programs that run, each in an address space of its own.

#![allow(dead_code, reason = "nothing loads a program yet")]

pub mod arguments;
pub mod elf;
pub mod initramfs;
pub mod layout;
