//! The machine x86_64: start and system calls.
//!
//! The number of a system call is in rax, its arguments in rdi, rsi, rdx, r10, r8 and r9, its
//! result in rax. The instruction itself puts the return address into rcx and the flags into r11.
//! (Intel SDM vol. 2B, SYSCALL; syscall(2).)

mod float;
pub mod forbidden;
mod thread;

use core::arch::{asm, global_asm};

pub use float::FloatRegisters;
pub use thread::{Child, clone_thread, thread_pointer};

global_asm!(include_str!("start.s"), start = sym crate::start::start);

/// The machine's name.
pub const NAME: &str = "x86_64";

/// `R_X86_64_RELATIVE`: the load address, plus the addend. (System V psABI for AMD64, 4.4.)
pub(crate) const RELATIVE: u32 = 8;

/// Asks the kernel for what `number` stands for.
///
/// # Safety
///
/// The system call must do nothing to this program's memory that Rust does not know of.
pub unsafe fn syscall(number: u32, arguments: [usize; 6]) -> isize {
    let [a, b, c, d, e, f] = arguments;
    let result;
    // SAFETY: the kernel changes rax only, the instruction rcx and r11, and the caller promises
    // the rest.
    unsafe {
        asm!(
            "syscall",
            inlateout("rax") u64::from(number) => result,
            in("rdi") a,
            in("rsi") b,
            in("rdx") c,
            in("r10") d,
            in("r8") e,
            in("r9") f,
            lateout("rcx") _,
            lateout("r11") _,
            options(nostack),
        );
    }
    result
}
