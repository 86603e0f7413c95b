//! The deaths that take an instruction of x86_64.

use core::arch::asm;

use super::{Death, GAP, NOWHERE};
use crate::config;

/// The port of `isa-debug-exit`.
const DEBUG_EXIT: u16 = 0xf4;

/// The port of the power management register PM1a_CNT, and "soft off".
const PM1A_CONTROL: u16 = 0x604;
const SOFT_OFF: u16 = 1 << 13;

/// The deaths of this machine alone.
pub const DEATHS: [Death; 7] = [
    Death { name: "no_stack", run: no_stack },
    Death { name: "bad_stack", run: bad_stack },
    Death { name: "stack_in_the_gap", run: stack_in_the_gap },
    Death { name: "undefined_instruction", run: undefined_instruction },
    Death { name: "triple_fault", run: triple_fault },
    Death { name: "sleeps_for_ever", run: sleeps_for_ever },
    Death { name: "powers_off_silently", run: powers_off_silently },
];

/// Calls a function at `address`. Where zeroes are executed they write to the address in rax, so
/// that register is chosen here and not by the compiler.
#[inline(always)]
pub fn call(address: usize) {
    // SAFETY: none; this is the accident.
    unsafe { asm!("call rax", in("rax") address, clobber_abi("C")) };
}

/// Pushes with a stack pointer that was never set.
#[inline(never)]
fn no_stack() {
    // SAFETY: none; this is the accident.
    unsafe { asm!("xor esp, esp", "push rbp", options(noreturn)) };
}

/// Pushes to a stack that is not mapped.
#[inline(never)]
fn bad_stack() {
    // SAFETY: none; this is the accident.
    unsafe { asm!("mov rsp, {}", "push rbp", in(reg) NOWHERE, options(noreturn)) };
}

/// Pushes to a stack that is mapped to where there is no memory, and returns.
#[inline(never)]
fn stack_in_the_gap() {
    // SAFETY: none; this is the accident.
    unsafe { asm!("mov rsp, rax", "call 2f", "2: ret", in("rax") GAP, options(noreturn)) };
}

/// Executes an instruction that the architecture keeps undefined.
#[inline(never)]
fn undefined_instruction() {
    // SAFETY: none; this is the accident.
    unsafe { asm!("ud2") };
}

/// Raises an exception with an interrupt table that has no entries.
#[inline(never)]
fn triple_fault() {
    let empty = [0u16; 5];
    // SAFETY: none; this is the accident.
    unsafe { asm!("lidt [{}]", "int3", in(reg) &raw const empty) };
}

/// Waits for interrupts, which are masked since the boot.
#[inline(never)]
fn sleeps_for_ever() {
    loop {
        x86_64::instructions::hlt();
    }
}

/// Switches the machine off, and tells nobody how the run went.
#[inline(never)]
fn powers_off_silently() {
    // SAFETY: on QEMU's chipset this port switches off; until then there is nothing to do.
    unsafe { asm!("out dx, ax", "hlt", in("dx") PM1A_CONTROL, in("ax") SOFT_OFF) };
}

/// The next byte that is typed at the serial port.
pub fn typed() -> u8 {
    const LINE_STATUS: u16 = config::UART as u16 + 5;
    while read(LINE_STATUS) & 1 == 0 {}
    read(config::UART as u16)
}

/// The next byte from the keyboard.
#[cfg(feature = "ktest")]
pub fn scan_code() -> u8 {
    const DATA: u16 = 0x60;
    const STATUS: u16 = 0x64;
    while read(STATUS) & 1 == 0 {}
    read(DATA)
}

fn read(port: u16) -> u8 {
    let byte;
    // SAFETY: the ports belong to devices of which nobody else reads.
    unsafe { asm!("in al, dx", in("dx") port, out("al") byte, options(nomem, nostack)) };
    byte
}

/// The frame pointer of the function into which this is inlined.
#[inline(always)]
pub fn frame() -> usize {
    let frame;
    // SAFETY: reading a register changes nothing.
    unsafe { asm!("mov {}, rbp", out(reg) frame, options(nomem, nostack)) };
    frame
}

/// Ends the run with `status`, which is odd.
pub fn exit(status: u64) {
    let half = (status / 2) as u32;
    // SAFETY: the port belongs to `isa-debug-exit`, which ends QEMU with status 2 * half + 1.
    unsafe { asm!("out dx, eax", in("dx") DEBUG_EXIT, in("eax") half) };
}
