//! Registers that are full of numbers, for tests of who loses them: in the kernel across a call and
//! across interrupts, and in programs.

use core::arch::global_asm;
use core::slice;

use crate::process::register_tests;

global_asm!(include_str!("context_tests.s"));
global_asm!(include_str!("register_tests.s"), TWIN = const register_tests::TWIN);

/// Registers that a call must leave as they were: x19 to x29. The stack pointer is one more.
const KEPT: usize = 11;

unsafe extern "C" {
    /// Loads x19 to x29 from `wanted`, calls `act`, and stores them in `found`, behind which comes
    /// how far the stack pointer has moved.
    fn call_with_registers(wanted: &[u64; KEPT], found: &mut [u64; KEPT + 1], act: extern "C" fn());
    /// Loads x1 to x30 and the flags (the last of the words), counts the first word down to zero,
    /// and stores them: see `trap_tests.rs`.
    fn spin_with_registers(wanted: &[u64; 32], found: &mut [u64; 32]);
    static registers_program_begin: [u8; 0];
    static registers_program_end: [u8; 0];
    static pointer_program_begin: [u8; 0];
    static pointer_program_end: [u8; 0];
    static twin_program_begin: [u8; 0];
    static twin_program_end: [u8; 0];
}

/// Some number for the register `index`, another for each `seed`.
fn number(seed: u64, index: usize) -> u64 {
    (seed << 16 | index as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Fills the registers that a call must not change, calls `act`, and says whether they are the
/// same, the stack pointer and the frame pointer among them.
pub fn call_keeps_registers(seed: u64, act: extern "C" fn()) -> bool {
    let wanted = core::array::from_fn(|index| number(seed, index));
    let mut found = [0; KEPT + 1];
    // SAFETY: it follows the calling convention, and stores into the array only.
    unsafe { call_with_registers(&wanted, &mut found, act) };
    found[..KEPT] == wanted && found[KEPT] == 0
}

/// Fills all registers and the flags, does nothing for some thousand instructions, and says whether
/// they are the same.
pub fn spin_keeps_registers(seed: u64) -> bool {
    let mut wanted: [u64; 32] = core::array::from_fn(|index| number(seed, index));
    wanted[0] = 2_000;
    wanted[31] &= 0xf000_0000;
    let mut found = [0; 32];
    // SAFETY: it follows the calling convention, and stores into the array only.
    unsafe { spin_with_registers(&wanted, &mut found) };
    found[1..] == wanted[1..]
}

/// A program of less than a page that keeps numbers in all its registers, and dies of SIGILL if one
/// changes. At its stack pointer it finds where the numbers begin, and then how many rounds to do.
pub fn registers_program() -> &'static [u8] {
    between(&raw const registers_program_begin, &raw const registers_program_end)
}

/// A program whose thread pointer leads to the first of two words that are at its stack pointer as
/// well. The second says how often it yields; in between it dies of SIGILL if they are not the
/// same.
pub fn pointer_program() -> &'static [u8] {
    between(&raw const pointer_program_begin, &raw const pointer_program_end)
}

/// A program that keeps numbers in all its registers, of which the first is at its stack pointer,
/// and makes a twin; both die of SIGILL if one has changed but the result.
pub fn twin_program() -> &'static [u8] {
    between(&raw const twin_program_begin, &raw const twin_program_end)
}

fn between(start: *const [u8; 0], end: *const [u8; 0]) -> &'static [u8] {
    let bytes = end.addr() - start.addr();
    // SAFETY: it is data of ours, which can be read.
    unsafe { slice::from_raw_parts(start.cast(), bytes) }
}
