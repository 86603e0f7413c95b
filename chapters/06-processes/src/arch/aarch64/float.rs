//! The registers for floating point and vectors, and the one other that is for programs alone. The
//! kernel uses none of them, and no trap saves them.
//!
//! Arm ARM DDI 0487, B1, "Registers in AArch64 Execution state".

use core::arch::asm;
use core::mem::offset_of;

use aarch64_cpu::registers::{CPACR_EL1, Writeable};

/// What is in the registers that only programs use.
#[derive(Clone, Debug)]
#[repr(C, align(16))]
pub struct UserState {
    /// v0 to v31.
    vectors: [u128; 32],
    /// FPCR: how is rounded, and what traps.
    control: u64,
    /// FPSR: what has happened.
    status: u64,
    /// TPIDR_EL0: where a thread of a program keeps what is its own.
    thread_pointer: u64,
}

/// Lets programs use them.
pub(super) fn enable() {
    CPACR_EL1.write(CPACR_EL1::FPEN::TrapNothing);
    // SAFETY: waiting until a register has its new meaning changes nothing.
    unsafe { asm!("isb", options(nomem, nostack)) };
}

impl UserState {
    /// What a program finds: zero, and the rounding that everybody expects.
    pub const NEW: Self = Self { vectors: [0; 32], control: 0, status: 0, thread_pointer: 0 };

    /// Loads the registers.
    pub fn load(&self) {
        // SAFETY: nobody in the kernel uses them, and they belong to no program now.
        unsafe {
            asm!(
                ".arch_extension simd",
                ".irp n, 0,2,4,6,8,10,12,14,16,18,20,22,24,26,28,30",
                "ldp q\\n, q\\n+1, [{state}, #16 * \\n]",
                ".endr",
                ".arch_extension nosimd",
                "ldp {one}, {two}, [{state}, #{control}]",
                "msr FPCR, {one}",
                "msr FPSR, {two}",
                "ldr {one}, [{state}, #{thread_pointer}]",
                "msr TPIDR_EL0, {one}",
                state = in(reg) self,
                one = out(reg) _,
                two = out(reg) _,
                control = const offset_of!(Self, control),
                thread_pointer = const offset_of!(Self, thread_pointer),
                options(readonly, nostack),
            );
        }
    }
}

// FPCR and FPSR are loaded together.
const _: () = assert!(offset_of!(UserState, status) == offset_of!(UserState, control) + 8);
