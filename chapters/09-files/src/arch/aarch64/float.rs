//! The registers for floating point and vectors, and the one other that is for programs alone. The
//! kernel uses none of them, and no trap saves them.
//!
//! Arm ARM DDI 0487, B1, "Registers in AArch64 Execution state".

use core::arch::asm;
use core::mem::offset_of;

use aarch64_cpu::registers::{CPACR_EL1, Writeable};

use crate::process::user::BadAddress;

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
                ".irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15",
                "ldr q\\n, [{state}, #16 * \\n]",
                ".endr",
                ".irp n, 16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31",
                "ldr q\\n, [{state}, #16 * \\n]",
                ".endr",
                ".arch_extension nosimd",
                "ldr {word}, [{state}, #{control}]",
                "msr FPCR, {word}",
                "ldr {word}, [{state}, #{status}]",
                "msr FPSR, {word}",
                "ldr {word}, [{state}, #{thread_pointer}]",
                "msr TPIDR_EL0, {word}",
                state = in(reg) self,
                word = out(reg) _,
                control = const offset_of!(Self, control),
                status = const offset_of!(Self, status),
                thread_pointer = const offset_of!(Self, thread_pointer),
                options(readonly, nostack),
            );
        }
    }

    /// What is in TPIDR_EL0.
    pub fn thread_pointer(&self) -> u64 {
        self.thread_pointer
    }

    /// Puts `pointer` into TPIDR_EL0. It is the program's own affair: any number will do.
    pub fn set_thread_pointer(&mut self, pointer: u64) -> Result<(), BadAddress> {
        self.thread_pointer = pointer;
        Ok(())
    }

    /// Saves the registers.
    pub fn save(&mut self) {
        // SAFETY: reading them changes nothing; there is room for all.
        unsafe {
            asm!(
                ".arch_extension simd",
                ".irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15",
                "str q\\n, [{state}, #16 * \\n]",
                ".endr",
                ".irp n, 16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31",
                "str q\\n, [{state}, #16 * \\n]",
                ".endr",
                ".arch_extension nosimd",
                "mrs {word}, FPCR",
                "str {word}, [{state}, #{control}]",
                "mrs {word}, FPSR",
                "str {word}, [{state}, #{status}]",
                "mrs {word}, TPIDR_EL0",
                "str {word}, [{state}, #{thread_pointer}]",
                state = in(reg) self,
                word = out(reg) _,
                control = const offset_of!(Self, control),
                status = const offset_of!(Self, status),
                thread_pointer = const offset_of!(Self, thread_pointer),
                options(nostack),
            );
        }
    }
}
