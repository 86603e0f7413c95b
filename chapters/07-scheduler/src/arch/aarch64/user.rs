//! Programs: the way to EL0 and what comes back from there.
//!
//! `eret` to EL0 loads the program counter and the flags from ELR_EL1 and SPSR_EL1; the program's
//! stack pointer is SP_EL0. The kernel's own, SP_EL1, stays where it is meanwhile, and the next
//! exception finds it there: at the upper end of the process's kernel stack.
//!
//! Arm ARM DDI 0487, D1, "Exception levels" and "Exception return"; C6, "LDTR" and "STTR".

use core::arch::{asm, global_asm};

use super::super::exception::Class;
use super::super::float;
use super::TrapFrame;
use crate::memory::address::{PhysAddr, VirtAddr};
use crate::process::Signal;
use crate::syscall::Call;

global_asm!(include_str!("user.s"));

#[cfg(exercise = "06-text")]
#[path = "../../../../06-processes/exercises/2-text/aarch64.rs"]
mod exercise_text;

unsafe extern "C" {
    fn load_program(frame: &TrapFrame) -> !;
    fn load_from_user(to: *mut u8, from: *const u8, bytes: usize) -> u64;
    fn store_to_user(to: *mut u8, from: *const u8, bytes: usize) -> u64;
    static copy_begin: [u8; 0];
    static copy_fault: [u8; 0];
}

/// EM_AARCH64: what an ELF file for this machine says.
pub const ELF_MACHINE: u16 = 183;

/// HWCAP_FP and HWCAP_ASIMD: there is floating point, and there are vectors. (Linux,
/// `Documentation/arch/arm64/elf_hwcaps.rst`.)
pub fn hardware_capabilities() -> u64 {
    0b11
}

/// Gives programs what they need of the processor.
///
/// # Safety
///
/// Traps must be handled. This must be called once.
pub unsafe fn init_programs() {
    float::enable();
}

/// Makes the lower half of the address space that of the table at `root`. The upper half must be
/// the same in all.
///
/// # Safety
///
/// It must stay so while it is current.
pub unsafe fn switch_page_table(root: PhysAddr) {
    // SAFETY: privileged; what was known of the other lower half, which is all that is not global,
    // is forgotten.
    unsafe {
        asm!(
            "dsb ishst",                // The tables are written,
            "msr TTBR0_EL1, {root}",
            "isb",                      // the walk of the lower half begins at them,
            "tlbi aside1, {asid}",      // and what is known from others
            "dsb nsh",                  // is forgotten
            "isb",                      // before the next instruction.
            root = in(reg) root.0,
            asid = in(reg) super::super::paging::KERNEL_ASID,
            options(nostack),
        );
    }
}

/// Sees to it that the processor fetches as instructions the `bytes` that were written from `start`
/// on: it keeps copies of its own of what it executes. (Arm ARM DDI 0487, B2, "Ordering of
/// instruction fetches".)
pub fn publish_code(start: *const u8, bytes: usize) {
    let mut line = start as usize & !(LEAST_LINE - 1);
    while line < start as usize + bytes {
        // SAFETY: the line is mapped, and writing it to memory changes nothing.
        unsafe { asm!("dc cvau, {}", in(reg) line, options(nostack)) };
        line += LEAST_LINE;
    }
    // SAFETY: privileged; what is forgotten is fetched again.
    unsafe { asm!("dsb ish", "ic ialluis", "dsb ish", "isb", options(nostack)) };
}

/// The fewest bytes that a line of a cache can have.
const LEAST_LINE: usize = 16;

/// Says where the next trap of a program begins to save: `top`, the upper end of a stack. Here it
/// is where the stack pointer of EL1 is left by the return to EL0, so there is nothing to be said.
pub fn set_kernel_stack(_top: VirtAddr) {}

/// Loads every register from `frame`, which is a program's: it runs, until the next trap.
///
/// # Safety
///
/// The program's address space must be active. `frame` must lie on the kernel stack of the process,
/// of which all below is given up.
pub unsafe fn enter_user(frame: &TrapFrame) -> ! {
    super::super::irq::mask_interrupts();
    // SAFETY: the frame says EL0, and the caller promises the rest.
    unsafe { load_program(frame) }
}

/// Copies `bytes` of the program's memory at `from` to `to`; whether that could be done.
///
/// # Safety
///
/// All of `from` must be in the half of programs. `to` must be valid for writing.
pub unsafe fn copy_from_user(to: *mut u8, from: *const u8, bytes: usize) -> bool {
    // SAFETY: the caller promises it; a fault at `from` ends the copy.
    unsafe { load_from_user(to, from, bytes) == 0 }
}

/// Copies `bytes` at `from` to the program's memory at `to`; whether that could be done.
///
/// # Safety
///
/// All of `to` must be in the half of programs. `from` must be valid for reading.
pub unsafe fn copy_to_user(to: *mut u8, from: *const u8, bytes: usize) -> bool {
    // SAFETY: the caller promises it; a fault at `to` ends the copy.
    unsafe { store_to_user(to, from, bytes) == 0 }
}

impl TrapFrame {
    /// That of a program that is about to begin at `entry`, with its stack pointer at `stack`.
    pub fn program(entry: VirtAddr, stack: VirtAddr) -> Self {
        // SPSR_EL1 0 is EL0 in AArch64, and nothing is masked.
        Self {
            x: [0; 31],
            sp: stack.0,
            elr: entry.0,
            spsr: 0,
            esr: 0,
            far: 0,
            vector: 0,
            reserved: 0,
            record: [0; 2],
        }
    }

    /// Whether it is a program that was interrupted.
    ///
    /// What comes by itself, an FIQ or an SError, is not what a program can cause: then the kernel,
    /// or the machine, is at fault.
    pub fn is_program(&self) -> bool {
        self.spsr & 0b1111 == 0 && self.vector.is_multiple_of(4)
    }

    /// What Linux calls this exception.
    pub fn signal(&self) -> Signal {
        match self.exception().class() {
            Class::Breakpoint | Class::SoftwareStep => Signal::Trap,
            Class::MisalignedProgramCounter | Class::MisalignedStackPointer => Signal::Bus,
            // Those that page tables are to blame for are page faults.
            Class::DataAbort | Class::InstructionAbort => Signal::Bus,
            Class::Other(FLOATING_POINT_EXCEPTION) => Signal::Arithmetic,
            _ => Signal::Illegal,
        }
    }

    /// What the program asks for: the number is in x8, the arguments are in x0 to x5. (Linux,
    /// `man 2 syscall`. Of the number it takes 32 bits.)
    pub fn system_call(&self) -> Call {
        let [first, second, third, fourth, fifth, sixth, ..] = self.x;
        Call { number: self.x[8] as u32, arguments: [first, second, third, fourth, fifth, sixth] }
    }

    /// Gives the program the answer, in x0.
    pub fn set_result(&mut self, value: i64) {
        self.x[0] = value as u64;
    }

    /// Ends the copy from or to a program that was interrupted, if it is one: it returns that it
    /// could not be done.
    pub fn give_up_copy(&mut self) -> bool {
        let copies = &raw const copy_begin as u64..&raw const copy_fault as u64;
        let is_copy = copies.contains(&self.elr);
        if is_copy {
            self.elr = copies.end;
        }
        is_copy
    }
}

/// The class of a trapped floating-point exception in AArch64.
const FLOATING_POINT_EXCEPTION: u64 = 0x2c;
