//! What differs between the machines: the first instructions, system calls, and the registers and
//! instructions that some programs are about.
//!
//! - `syscall` asks the kernel for something.
//! - `FloatRegisters` is what the registers for floating point and vectors hold.
//! - `forbidden` has the instructions that a kernel must not let a program get away with.
//! - `clone_thread` makes a thread, and `thread_pointer` is where its own memory is.
//! - `RELATIVE` is the kind of relocation that adds the load address.

#[cfg(target_arch = "aarch64")]
mod aarch64;
#[cfg(target_arch = "aarch64")]
pub use aarch64::*;

#[cfg(target_arch = "x86_64")]
mod x86_64;
#[cfg(target_arch = "x86_64")]
pub use x86_64::*;
