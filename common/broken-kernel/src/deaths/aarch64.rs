//! The deaths that take an instruction of aarch64.

use core::arch::asm;

use super::{Death, NOWHERE};
use crate::config;

/// PSCI's function that switches the machine off. (Arm DEN 0022, 5.10.)
const PSCI_SYSTEM_OFF: u64 = 0x8400_0008;

/// Semihosting's operation that ends the run, and the reason of a deliberate end.
const SYS_EXIT: u64 = 0x18;
const APPLICATION_EXIT: u64 = 0x2_0026;

/// The deaths of this machine alone.
pub const DEATHS: [Death; 5] = [
    Death { name: "no_stack", run: no_stack },
    Death { name: "bad_stack", run: bad_stack },
    Death { name: "undefined_instruction", run: undefined_instruction },
    Death { name: "sleeps_for_ever", run: sleeps_for_ever },
    Death { name: "powers_off_silently", run: powers_off_silently },
];

/// Calls a function at `address`.
#[inline(always)]
pub fn call(address: usize) {
    // SAFETY: none; this is the accident.
    unsafe { asm!("blr {}", in(reg) address, clobber_abi("C")) };
}

/// Pushes with a stack pointer that is as it was after the reset.
#[inline(never)]
fn no_stack() {
    // SAFETY: none; this is the accident.
    unsafe { asm!("mov sp, {}", "stp x29, x30, [sp, #-32]!", in(reg) 0_u64, options(noreturn)) };
}

/// Pushes to a stack where there is no memory.
#[inline(never)]
fn bad_stack() {
    // SAFETY: none; this is the accident.
    unsafe { asm!("mov sp, {}", "stp x29, x30, [sp, #-16]!", in(reg) NOWHERE, options(noreturn)) };
}

/// Executes an instruction that the architecture keeps undefined.
#[inline(never)]
fn undefined_instruction() {
    // SAFETY: none; this is the accident.
    unsafe { asm!("udf #0") };
}

/// Waits for interrupts, which are masked since the boot.
#[inline(never)]
fn sleeps_for_ever() {
    loop {
        aarch64_cpu::asm::wfi();
    }
}

/// Switches the machine off, and tells nobody how the run went.
#[inline(never)]
fn powers_off_silently() {
    // SAFETY: the firmware does not return from this.
    unsafe { asm!("hvc #0", in("x0") PSCI_SYSTEM_OFF, clobber_abi("C")) };
}

/// The next byte that is typed at the serial port. (Arm DDI 0183, UARTFR and UARTDR.)
pub fn typed() -> u8 {
    const DATA: usize = 0;
    const FLAGS: usize = 0x18;
    const IS_EMPTY: u32 = 1 << 4;
    while read(FLAGS) & IS_EMPTY != 0 {}
    read(DATA) as u8
}

/// The serial port's register at `offset`.
fn read(offset: usize) -> u32 {
    let register = (config::UART + offset) as *const u32;
    // SAFETY: the register is the PL011's, of which nobody else reads.
    unsafe { register.read_volatile() }
}

/// The frame pointer of the function into which this is inlined.
#[inline(always)]
pub fn frame() -> usize {
    let frame;
    // SAFETY: reading a register changes nothing.
    unsafe { asm!("mov {}, x29", out(reg) frame, options(nomem, nostack)) };
    frame
}

/// Ends the run with `status`.
pub fn exit(status: u64) {
    let block = [APPLICATION_EXIT, status];
    // SAFETY: the host reads the two words that x1 points to, and ends QEMU.
    unsafe { asm!("hlt #0xf000", in("x0") SYS_EXIT, in("x1") &raw const block) };
}
