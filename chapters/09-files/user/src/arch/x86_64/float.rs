//! The registers for floating point and vectors: XMM0 to XMM15, and MXCSR, which says how to round.
//!
//! Intel SDM vol. 1, 10.2.

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
    pub vectors: [u128; 16],
    /// The control register; its upper half does not exist.
    pub control: u64,
}

impl FloatRegisters {
    /// What a program starts with: rounds to nearest, and all exceptions are masked.
    pub const FIRST: Self = Self { vectors: [0; 16], control: 0x1f80 };

    /// A control register that rounds towards zero.
    pub const TOWARDS_ZERO: u64 = 0x1f80 | 0b11 << 13;

    /// Puts `self` into the registers.
    pub fn set(&self) {
        // SAFETY: no code of ours uses these registers, as they are not in the target.
        unsafe { set_registers(self) };
    }

    /// What is in the registers now.
    pub fn get() -> Self {
        let mut found = Self { control: 0, ..Self::FIRST };
        // SAFETY: it writes 16 vectors and half a word: what there is room for.
        unsafe { get_registers(&raw mut found) };
        found
    }
}
