//! Instructions that a program must not execute, or not with every operand.
//!
//! They are instructions and not Rust, since Rust either does not let a program do such things or
//! may assume that it does not.

use core::arch::asm;

/// Whether a division by zero is an exception. (Arm ARM DDI 0487, C6.2, SDIV: the result is zero.)
pub const DIVISION_TRAPS: bool = false;

/// What only the kernel may do: an access to one of its registers.
pub fn privileged() {
    // SAFETY: a processor that obeys it has no isolation left, and that is what is to be found out.
    unsafe { asm!("msr tpidr_el1, xzr", options(nomem, nostack)) };
}

/// An access to a port: this machine has none, so it is no instruction.
pub fn port() {
    undefined();
}

/// What is no instruction.
pub fn undefined() {
    // SAFETY: it changes nothing: it never completes.
    unsafe { asm!("udf #0", options(nomem, nostack)) };
}

/// What a debugger puts into code.
pub fn breakpoint() {
    // SAFETY: it changes nothing.
    unsafe { asm!("brk #0", options(nomem, nostack)) };
}

/// Divides `dividend` by `divisor`, whatever that is.
pub fn divide(dividend: u64, divisor: u64) -> u64 {
    let quotient;
    // SAFETY: it reads two registers and writes one.
    unsafe {
        asm!(
            "udiv {quotient}, {dividend}, {divisor}",
            quotient = out(reg) quotient,
            dividend = in(reg) dividend,
            divisor = in(reg) divisor,
            options(nomem, nostack),
        );
    }
    quotient
}

/// Reads the byte at `address`.
///
/// # Safety
///
/// Reading it must be harmless, or refused by the processor.
pub unsafe fn read(address: usize) -> u8 {
    let byte: u32;
    // SAFETY: the caller promises that it is harmless.
    unsafe { asm!("ldrb {:w}, [{}]", out(reg) byte, in(reg) address, options(nostack)) };
    byte as u8
}

/// Writes a zero byte to `address`.
///
/// # Safety
///
/// Nobody may rely on the byte, or the processor must refuse.
pub unsafe fn write(address: usize) {
    // SAFETY: the caller promises that nobody relies on it.
    unsafe { asm!("strb wzr, [{}]", in(reg) address, options(nostack)) };
}

/// Calls what is at `address`.
///
/// # Safety
///
/// It must be a function without arguments, or the processor must refuse.
pub unsafe fn call(address: usize) {
    // SAFETY: the caller promises that it is a function; those keep to the calling convention.
    unsafe { asm!("blr {}", in(reg) address, clobber_abi("C")) };
}

/// The code of a return.
pub const RETURN: [u8; 4] = 0xd65f_03c0_u32.to_le_bytes();
