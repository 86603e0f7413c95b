//! One instruction at a time, on ARM64: "software step".
//!
//! Given, not to be written, but worth a look. Three things must be so, or nothing happens:
//!
//! - MDSCR_EL1.SS switches stepping on and .KDE lets the kernel step itself; and the lock that
//!   keeps a debugger's settings through a loss of power (OSLAR_EL1), which is locked after a
//!   reset, is open;
//! - in what is stepped PSTATE.D is clear. The processor sets it on the way into each handler, so
//!   handlers are not stepped;
//! - the saved flags (SPSR_EL1) have SS set when the handler returns. That bit is good for one
//!   instruction: when it is done the bit is clear, and the step is due. An instruction that was
//!   interrupted instead has it still.
//!
//! Arm ARM DDI 0487, D2, "Software Step exceptions"; D24, "MDSCR_EL1".

#![allow(dead_code, reason = "the tracer uses it when its holes are filled")]

use core::arch::asm;

use super::super::exception::Class;
use super::{SYNCHRONOUS, TrapFrame};

/// MDSCR_EL1: software step is on.
const STEP_IS_ON: u64 = 1 << 0;

/// MDSCR_EL1: and at this level, too (KDE).
const IN_THE_KERNEL: u64 = 1 << 13;

/// SPSR_EL1: debug exceptions are masked (D).
const DEBUG_MASK: u64 = 1 << 9;

/// SPSR_EL1: an instruction is to be executed before the step is due (SS).
const STEP: u64 = 1 << 21;

impl TrapFrame {
    /// Whether the processor came since a step is done.
    pub fn has_stepped(&self) -> bool {
        self.vector == SYNCHRONOUS && self.exception().class() == Class::SoftwareStep
    }

    /// Has one instruction executed, then comes back.
    pub fn step_next(&mut self) {
        set_debug_control(STEP_IS_ON | IN_THE_KERNEL);
        self.spsr = self.spsr & !DEBUG_MASK | STEP;
    }

    /// Steps no more.
    pub fn step_no_more(&mut self) {
        set_debug_control(0);
        self.spsr = self.spsr & !STEP | DEBUG_MASK;
    }
}

/// Sets MDSCR_EL1. It counts from the return to what was interrupted on.
fn set_debug_control(control: u64) {
    // SAFETY: privileged; debug exceptions are masked here, and who takes one is `has_stepped`'s
    // caller.
    unsafe {
        asm!("msr OSLAR_EL1, xzr", "msr MDSCR_EL1, {}", in(reg) control, options(nomem, nostack));
    }
}

// What the tests trace. Instruction for instruction it is the same as on the other machine, and the
// tables name each of them by its number.
#[cfg(feature = "ktest")]
core::arch::global_asm!(
    ".text",
    ".globl traced_code, traced_loop, traced_breakpoints",
    ".globl places_of_code, places_of_loop, places_of_breakpoints",
    "traced_code:", // x0 = a word to add
    "mov x15, x30",
    "mov x9, xzr",                 // x9 = the sum
    "20: brk #0",                  // 0
    "21: mov x10, #3",             // 1
    "22: add x9, x9, x10, lsl #8", // 2
    "23: sub x10, x10, #1",        // 3
    "24: cbnz x10, 22b",           // 4
    "25: bl 26f",                  // 5
    "28: cmp x9, #0",              // 8
    "29: b.eq 33f",                // 9
    "30: ldr x11, [x0]",           // 10
    "31: add x9, x9, x11",         // 11
    "32: b 34f",                   // 12
    "33: mov x9, #0",              // 13
    "34: mov x0, x9",              // 14
    "ret x15",
    "26: add x9, x9, #1", // 6
    "27: ret",            // 7
    "traced_loop:",       // x0 = how often
    "40: brk #0",
    "41: sub x0, x0, #1",
    "42: cbnz x0, 41b",
    "43: ret",
    "traced_breakpoints:",
    "50: brk #0",
    "51: nop",
    "52: brk #0",
    "53: brk #0",
    "54: nop",
    "55: nop",
    "ret",
    ".section .rodata.traced, \"a\"",
    ".balign 8",
    "places_of_code:",
    ".irp n, 20,21,22,23,24,25,26,27,28,29,30,31,32,33,34",
    ".quad \\n\\()b",
    ".endr",
    "places_of_loop: .quad 40b, 41b, 42b, 43b",
    "places_of_breakpoints: .quad 50b, 51b, 52b, 53b, 54b, 55b",
    ".text",
);
