//! The registers for floating point and vectors. They are for programs: the kernel uses none.
//!
//! Arm ARM DDI 0487, B1, "Registers in AArch64 Execution state".

use core::arch::asm;

use aarch64_cpu::registers::{CPACR_EL1, Writeable};

/// Lets programs use them.
pub(super) fn enable() {
    CPACR_EL1.write(CPACR_EL1::FPEN::TrapNothing);
    // SAFETY: waiting until a register has its new meaning changes nothing.
    unsafe { asm!("isb", options(nomem, nostack)) };
}

/// Makes them what a program is to find: zero, and the rounding that everybody expects.
pub fn reset_float_state() {
    // SAFETY: nobody in the kernel uses them, and they belong to no program now.
    unsafe {
        asm!(
            ".arch_extension simd",
            ".irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15",
            "movi v\\n\\().2d, #0",
            ".endr",
            ".irp n, 16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31",
            "movi v\\n\\().2d, #0",
            ".endr",
            "msr FPCR, xzr",
            "msr FPSR, xzr",
            ".arch_extension nosimd",
            options(nomem, nostack),
        );
    }
}
