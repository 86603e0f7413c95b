//! Threads on aarch64: `clone`, and the register TPIDR_EL0.
//!
//! The new thread has the registers of the old one, but for the stack pointer and x0, which is 0.
//! It comes out of the same instruction and finds in registers what it is to do. The order of
//! `clone`'s arguments is the machine's own. (clone(2).)

use core::arch::asm;

use linux_raw_sys::general;

use crate::syscall::{Errno, from_answer};

/// What a new thread gets.
pub struct Child {
    /// The end of its stack, at a multiple of 16.
    pub stack: usize,
    /// Where its number is noted, and cleared when it ends.
    pub tid: usize,
    /// Its thread pointer.
    pub local: usize,
    /// The function that it starts with,
    pub run: extern "C" fn(usize) -> !,
    /// and that function's argument.
    pub argument: usize,
}

/// Makes a thread with `flags`; answers its number.
///
/// # Safety
///
/// The stack must be the thread's own, as long as it lives, and so must be the place of its number.
/// `argument` must be what `run` expects.
pub unsafe fn clone_thread(flags: u32, child: &Child) -> Result<usize, Errno> {
    let answer: isize;
    // SAFETY: the kernel changes x0 only. The new thread touches nothing but its own stack, and
    // never comes back from `run`; the caller promises the rest.
    unsafe {
        asm!(
            "svc #0",
            "cbnz x0, 2f",
            "mov x29, xzr",             // the new thread: no frame is above its first
            "mov x30, xzr",
            "mov x0, x5",
            "blr x6",
            "udf #0",                   // it does not return
            "2:",
            in("x8") u64::from(general::__NR_clone),
            inlateout("x0") flags as usize => answer,
            in("x1") child.stack,
            in("x2") child.tid,
            in("x3") child.local,
            in("x4") child.tid,
            in("x5") child.argument,
            in("x6") child.run,
        );
    }
    from_answer(answer)
}

/// The thread pointer.
pub fn thread_pointer() -> usize {
    let pointer;
    // SAFETY: it reads a register that is this thread's own.
    unsafe { asm!("mrs {}, tpidr_el0", out(reg) pointer, options(nomem, nostack)) };
    pointer
}
