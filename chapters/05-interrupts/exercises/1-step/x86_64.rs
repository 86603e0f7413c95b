//! One instruction at a time, on x86_64: the trap flag.
//!
//! Given, not to be written, but worth a look. With TF set in the flags, the processor comes with a
//! debug exception (#DB) when it has executed an instruction, and says in DR6.BS that it was for
//! that. On the way into each handler it saves the flags and clears TF, so handlers are not
//! stepped; and with the return TF is as it was, so an instruction that was interrupted is stepped
//! still.
//!
//! Nobody clears DR6 but the handler.
//!
//! Intel SDM vol. 3B, "Single-Step Exception Condition" and "Debug Status Register (DR6)".

#![allow(dead_code, reason = "the tracer uses it when its holes are filled")]

use core::arch::asm;

use x86_64::registers::debug::{Dr6, Dr6Flags};

use super::TrapFrame;

/// The vector of #DB.
const DEBUG: u64 = 1;

/// RFLAGS: a debug exception comes after the next instruction (TF).
const TRAP_FLAG: u64 = 1 << 8;

/// DR6 as it is after a reset.
const NOTHING_HAPPENED: u64 = 0xffff_0ff0;

impl TrapFrame {
    /// Whether the processor came since a step is done. It tells only once.
    pub fn has_stepped(&self) -> bool {
        if self.vector != DEBUG || !Dr6::read().contains(Dr6Flags::STEP) {
            return false;
        }
        // SAFETY: privileged; the register only says what happened.
        unsafe { asm!("mov dr6, {}", in(reg) NOTHING_HAPPENED, options(nomem, nostack)) };
        true
    }

    /// Has one instruction executed, then comes back.
    pub fn step_next(&mut self) {
        self.rflags |= TRAP_FLAG;
    }

    /// Steps no more.
    pub fn step_no_more(&mut self) {
        self.rflags &= !TRAP_FLAG;
    }
}

// What the tests trace. Instruction for instruction it is the same as on the other machine, and the
// tables name each of them by its number.
#[cfg(feature = "ktest")]
core::arch::global_asm!(
    ".text",
    ".globl traced_code, traced_loop, traced_breakpoints",
    ".globl places_of_code, places_of_loop, places_of_breakpoints",
    "traced_code:",                 // rdi = a word to add
    "xor eax, eax",                 // rax = the sum
    "20: int3",                     // 0
    "21: mov ecx, 3",               // 1
    "22: lea rax, [rax + 8 * rcx]", // 2
    "23: dec rcx",                  // 3
    "24: jnz 22b",                  // 4
    "25: call 26f",                 // 5
    "28: cmp rax, 0",               // 8
    "29: je 33f",                   // 9
    "30: mov rdx, [rdi]",           // 10
    "31: add rax, rdx",             // 11
    "32: jmp 34f",                  // 12
    "33: xor eax, eax",             // 13
    "34: nop",                      // 14
    "ret",
    "26: inc rax",  // 6
    "27: ret",      // 7
    "traced_loop:", // rdi = how often
    "40: int3",
    "41: dec rdi",
    "42: jnz 41b",
    "43: ret",
    "traced_breakpoints:",
    "50: int3",
    "51: nop",
    "52: int3",
    "53: int3",
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
