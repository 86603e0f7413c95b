//! Exceptions that only this machine has, or has in its own way, and the registers.

use core::arch::{asm, global_asm};

use aarch64_cpu::registers::{CPACR_EL1, Writeable};

use super::{TrapFrame, exception_vectors};
use crate::interrupts::tests::with_timer;
use crate::memory::address::VirtAddr;
use crate::timer;

global_asm!(
    ".section .text.trap_tests, \"ax\"",
    ".globl spin_with_registers",
    "spin_with_registers:", // x0 = registers to load, x1 = where to store them
    "stp x29, x30, [sp, #-112]!",
    "stp x19, x20, [sp, #16]",
    "stp x21, x22, [sp, #32]",
    "stp x23, x24, [sp, #48]",
    "stp x25, x26, [sp, #64]",
    "stp x27, x28, [sp, #80]",
    "str x1, [sp, #96]",
    "ldr x2, [x0, #8 * 31]",
    "msr NZCV, x2",
    ".irp n, 2,4,6,8,10,12,14,16,18,20,22,24,26,28",
    "ldr x\\n, [x0, #8 * \\n]",
    ".endr",
    ".irp n, 1,3,5,7,9,11,13,15,17,19,21,23,25,27,29,30",
    "ldr x\\n, [x0, #8 * \\n]",
    ".endr",
    "ldr x0, [x0]", // x0 = rounds; all others are as asked for
    "2: sub x0, x0, #1",
    "cbnz x0, 2b",
    "ldr x0, [sp, #96]",
    ".irp n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30",
    "str x\\n, [x0, #8 * \\n]",
    ".endr",
    "mrs x1, NZCV",
    "str x1, [x0, #8 * 31]",
    "ldp x19, x20, [sp, #16]",
    "ldp x21, x22, [sp, #32]",
    "ldp x23, x24, [sp, #48]",
    "ldp x25, x26, [sp, #64]",
    "ldp x27, x28, [sp, #80]",
    "ldp x29, x30, [sp], #112",
    "ret",
);

unsafe extern "C" {
    /// Loads x1 to x30 and the flags (the last of the words), counts the first word down to zero,
    /// and stores them.
    fn spin_with_registers(wanted: &[u64; 32], found: &mut [u64; 32]);
}

/// What the registers are to hold in `round`: rounds, x1 to x30, the flags.
fn pattern(round: u64) -> [u64; 32] {
    let mut words = [0; 32];
    for (index, word) in words.iter_mut().enumerate() {
        *word = (round << 32 | index as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    words[0] = 5_000;
    words[31] &= 0xf000_0000;
    words
}

fn floating_point() {
    // SAFETY: none. It must trap: the kernel leaves those registers to programs.
    unsafe { asm!(".arch_extension fp", "fmov d0, #1.0", ".arch_extension nofp") };
}

/// Loads the program counter with `address`, of the kernel's or not.
fn jump(address: u64) {
    // SAFETY: none. This is the bug that must be found.
    unsafe { asm!("br {}", in(reg) address) };
}

ktest::test! {
    /// The vectors are where the processor can find them.
    fn vectors_are_aligned() {
        assert!((&raw const exception_vectors as usize).is_multiple_of(0x800));
    }

    /// A frame has room for its registers, and no more than it needs.
    fn frame_is_small() {
        assert_eq!(size_of::<TrapFrame>(), 320);
    }

    /// Registers and flags are as they were after a hundred thousand interrupts. (Ten thousand,
    /// where the code is not optimised, and handlers take long.)
    fn registers_survive_interrupts() {
        let (hertz, count) =
            if cfg!(debug_assertions) { (10_000, 10_000) } else { (50_000, 100_000) };
        let before = timer::ticks();
        let mut round = 0;
        with_timer(hertz, || {
            while timer::ticks() < before + count {
                let (wanted, mut found) = (pattern(round), [0; 32]);
                // SAFETY: it follows the calling convention, and stores into the array only.
                unsafe { spin_with_registers(&wanted, &mut found) };
                assert_eq!(found[1..], wanted[1..], "in round {round}");
                round += 1;
            }
        });
    }

    /// An instruction that is none is told as that.
    #[must_die("trap: undefined instruction, from EL1")]
    fn undefined_instruction_is_told() {
        // SAFETY: none. This is the bug that must be found.
        unsafe { asm!("udf #0") };
    }

    /// Floating point is not for the kernel.
    #[must_die("trap: floating point or SIMD instruction, which is not enabled, from EL1")]
    fn floating_point_is_told() {
        // Programs may use it, and what they may the kernel may, too.
        CPACR_EL1.write(CPACR_EL1::FPEN::TrapEl0El1);
        floating_point();
    }

    /// Of the number of a system call 32 bits count.
    fn call_numbers_have_32_bits() {
        let mut frame = TrapFrame::program(VirtAddr(0), VirtAddr(0));
        frame.x[8] = 0xffff_ffff_0000_0040;
        assert_eq!(frame.system_call().number, 64);
    }

    /// The kernel calls itself by calls, not by `svc`.
    #[must_die("trap: supervisor call, from EL1")]
    fn supervisor_call_is_told() {
        // SAFETY: none. This is the bug that must be found.
        unsafe { asm!("svc #0") };
    }

    /// A register that is none is an undefined instruction.
    #[must_die("trap: undefined instruction, from EL1")]
    fn unknown_register_is_told() {
        // SAFETY: none. This is the bug that must be found.
        unsafe { asm!("mrs {}, S3_7_C15_C15_7", out(reg) _) };
    }

    /// An address in the middle of an instruction is told as that.
    #[must_die("trap: misaligned program counter, from EL1")]
    fn misaligned_program_counter_is_told() {
        jump(crate::image::range().start as u64 + 2);
    }

    /// An exclusive access that is not aligned is told as that.
    #[must_die("trap: data abort: alignment fault, a read at")]
    fn alignment_fault_is_told() {
        let words = [0_u64; 2];
        let address = (&raw const words).cast::<u8>().wrapping_add(1);
        // SAFETY: none. This is the bug that must be found.
        unsafe { asm!("ldxr {}, [{}]", out(reg) _, in(reg) address) };
    }

    /// A return to a state that there is not is told as that.
    #[must_die("trap: illegal execution state")]
    fn illegal_state_is_told() {
        // SAFETY: none. This is the bug that must be found.
        unsafe {
            asm!(
                "adr {0}, 2f",
                "msr ELR_EL1, {0}",
                "mov {0}, #0b1001",             // EL2: nobody returns to a higher level
                "msr SPSR_EL1, {0}",
                "eret",
                "2: nop",
                out(reg) _,
            );
        }
    }

    /// A stack pointer to nowhere is told, from the emergency stack.
    #[must_die("trap: bad stack: it leads to 0x")]
    fn bad_stack_is_told() {
        // SAFETY: none. This is the bug that must be found.
        unsafe { asm!("mov sp, {}", "str xzr, [sp, #-16]!", in(reg) 0x10_0000_0000_u64) };
    }

    /// And so is one that was never set.
    #[must_die("trap: bad stack: it leads to 0x")]
    fn no_stack_is_told() {
        // SAFETY: none. This is the bug that must be found.
        unsafe { asm!("mov sp, {}", "str xzr, [sp, #-16]!", in(reg) 0_u64) };
    }

    /// A stack with less room than a trap needs has overflowed, whatever the trap is about.
    #[must_die("trap: stack overflow: a write at 0xffffffff80")]
    fn trap_on_a_full_stack_is_an_overflow() {
        let last = crate::image::boot_stack().start + 64;
        // SAFETY: none. The trap must be told, and nothing comes after it.
        unsafe { asm!("mov sp, {}", "brk #0", in(reg) last) };
    }

    /// A frame pointer to nowhere does not keep the report from its end.
    #[must_die("the chain is broken at 0x1230")]
    fn broken_chain_is_told() {
        // SAFETY: none. This is the bug that must be found.
        unsafe { asm!("mov x29, {}", "udf #0", in(reg) 0x1230_u64) };
    }
}
