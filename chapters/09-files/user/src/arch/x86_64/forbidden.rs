//! Instructions that a program must not execute, or not with every operand.
//!
//! They are instructions and not Rust, since Rust either does not let a program do such things or
//! may assume that it does not.

use core::arch::asm;

/// Whether a division by zero is an exception. (Intel SDM vol. 2A, DIV: #DE.)
pub const DIVISION_TRAPS: bool = true;

/// What only the kernel may do: to stop the processor.
pub fn privileged() {
    // SAFETY: a processor that obeys it has no isolation left, and that is what is to be found out.
    unsafe { asm!("hlt", options(nomem, nostack)) };
}

/// Writes to an I/O port, one at which nothing is: delays use it.
pub fn port() {
    // SAFETY: nothing listens there.
    unsafe { asm!("out 0x80, al", in("al") 0_u8, options(nomem, nostack)) };
}

/// What is no instruction.
pub fn undefined() {
    // SAFETY: it changes nothing: it never completes.
    unsafe { asm!("ud2", options(nomem, nostack)) };
}

/// What a debugger puts into code.
pub fn breakpoint() {
    // SAFETY: it changes nothing.
    unsafe { asm!("int3", options(nomem, nostack)) };
}

/// Divides `dividend` by `divisor`, whatever that is.
pub fn divide(dividend: u64, divisor: u64) -> u64 {
    let quotient;
    // SAFETY: it reads three registers and writes two.
    unsafe {
        asm!(
            "div {divisor}",
            divisor = in(reg) divisor,
            inout("rax") dividend => quotient,
            inout("rdx") 0_u64 => _,
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
    let byte;
    // SAFETY: the caller promises that it is harmless.
    unsafe { asm!("mov {}, [{}]", out(reg_byte) byte, in(reg) address, options(nostack)) };
    byte
}

/// Writes a zero byte to `address`.
///
/// # Safety
///
/// Nobody may rely on the byte, or the processor must refuse.
pub unsafe fn write(address: usize) {
    // SAFETY: the caller promises that nobody relies on it.
    unsafe { asm!("mov byte ptr [{}], 0", in(reg) address, options(nostack)) };
}

/// Calls what is at `address`.
///
/// # Safety
///
/// It must be a function without arguments, or the processor must refuse.
pub unsafe fn call(address: usize) {
    // SAFETY: the caller promises that it is a function; those keep to the calling convention.
    unsafe { asm!("call {}", in(reg) address, clobber_abi("C")) };
}

/// The code of a return.
pub const RETURN: [u8; 4] = [0xc3; 4];
