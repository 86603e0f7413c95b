//! Threads on x86_64: `clone`, and the base of the segment FS.
//!
//! The new thread has the registers of the old one, but for the stack pointer and rax, which is 0.
//! It comes out of the same instruction and finds in registers what it is to do. The order of
//! `clone`'s arguments is the machine's own. (clone(2), arch_prctl(2).)

use core::arch::asm;

use linux_raw_sys::general;

use crate::syscall::{Errno, call, from_answer};

/// `ARCH_GET_FS`: asks for the base of FS. (Linux, `asm/prctl.h`.)
const GET_FS: usize = 0x1003;

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
    // SAFETY: the kernel changes rax only, the instruction rcx and r11. The new thread touches
    // nothing but its own stack, and never comes back from `run`; the caller promises the rest.
    unsafe {
        asm!(
            "syscall",
            "test rax, rax",
            "jnz 2f",
            "xor ebp, ebp",             // the new thread: no frame is above its first
            "mov rdi, r12",
            "call r13",
            "ud2",                      // it does not return
            "2:",
            inlateout("rax") u64::from(general::__NR_clone) as isize => answer,
            in("rdi") flags as usize,
            in("rsi") child.stack,
            in("rdx") child.tid,
            in("r10") child.tid,
            in("r8") child.local,
            in("r12") child.argument,
            in("r13") child.run,
            lateout("rcx") _,
            lateout("r11") _,
        );
    }
    from_answer(answer)
}

/// The thread pointer.
pub fn thread_pointer() -> usize {
    let mut pointer = 0;
    let arguments = [GET_FS, &raw mut pointer as usize, 0, 0, 0, 0];
    // SAFETY: the kernel writes the base to where there is room for it.
    let outcome = unsafe { call(general::__NR_arch_prctl, arguments) };
    outcome.map_or(0, |_| pointer)
}
