//! What differs between the machines: the first instructions, system calls, and the registers and
//! instructions that some programs are about.
//!
//! - `syscall` asks the kernel for something.
//! - `RELATIVE` is the kind of relocation that adds the load address.

#[cfg(target_arch = "aarch64")]
mod aarch64;
#[cfg(target_arch = "aarch64")]
pub use aarch64::*;

#[cfg(target_arch = "x86_64")]
mod x86_64;
#[cfg(target_arch = "x86_64")]
pub use x86_64::*;
