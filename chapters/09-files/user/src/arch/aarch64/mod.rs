//! The machine aarch64: start and system calls.
//!
//! The number of a system call is in x8, its arguments in x0 to x5, its result in x0; all other
//! registers are as before. (Linux, `arch/arm64/include/asm/syscall.h`; syscall(2).)

mod float;
pub mod forbidden;
mod thread;

use core::arch::{asm, global_asm};

pub use float::FloatRegisters;
pub use thread::{Child, clone_thread, thread_pointer};

global_asm!(include_str!("start.s"), start = sym crate::start::start);

/// The machine's name.
pub const NAME: &str = "aarch64";

/// `R_AARCH64_RELATIVE`: the load address, plus the addend. (ELF for the Arm 64-bit Architecture,
/// 5.7.15.)
pub(crate) const RELATIVE: u32 = 1027;

/// Asks the kernel for what `number` stands for.
///
/// # Safety
///
/// The system call must do nothing to this program's memory that Rust does not know of.
pub unsafe fn syscall(number: u32, arguments: [usize; 6]) -> isize {
    let [a, b, c, d, e, f] = arguments;
    let result;
    // SAFETY: the kernel changes x0 only, and the caller promises the rest.
    unsafe {
        asm!(
            "svc #0",
            in("x8") u64::from(number),
            inlateout("x0") a => result,
            in("x1") b,
            in("x2") c,
            in("x3") d,
            in("x4") e,
            in("x5") f,
            options(nostack),
        );
    }
    result
}
