//! The registers for floating point and vectors: V0 to V31, and FPCR, which says how to round.
//!
//! Arm ARM DDI 0487, B1.2.

use core::arch::global_asm;

global_asm!(include_str!("float.s"));

unsafe extern "C" {
    fn set_registers(registers: *const FloatRegisters);
    fn get_registers(registers: *mut FloatRegisters);
}

/// What is in the registers.
#[repr(C, align(16))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FloatRegisters {
    /// The vectors.
    pub vectors: [u128; 32],
    /// The control register.
    pub control: u64,
}

impl FloatRegisters {
    /// What a program starts with: rounds to nearest, and no exception is trapped.
    pub const FIRST: Self = Self { vectors: [0; 32], control: 0 };

    /// A control register that rounds towards zero.
    pub const TOWARDS_ZERO: u64 = 0b11 << 22;

    /// Puts `self` into the registers.
    pub fn set(&self) {
        // SAFETY: no code of ours uses these registers, as they are not in the target.
        unsafe { set_registers(self) };
    }

    /// What is in the registers now.
    pub fn get() -> Self {
        let mut found = Self::FIRST;
        // SAFETY: it writes 32 vectors and a word: what there is room for.
        unsafe { get_registers(&raw mut found) };
        found
    }
}
