//! Programs: the way to ring 3 and what comes back from there.
//!
//! `iretq` to ring 3 loads the program counter, the flags and the stack pointer at once. A trap
//! takes the kernel's stack pointer from the TSS; `syscall` changes no stack, so `user.s` takes it
//! from [`KERNEL_STACK`]. Both point to the upper end of the process's kernel stack.
//!
//! The instruction made for the way back from a `syscall` is `sysret`. It loads two registers fewer
//! and is faster for it, but it is a second way back beside that of all traps, and it has a trap of
//! its own: on Intel's processors one that is to return to an address that is none faults while the
//! kernel is already on the program's stack. `iretq` has one way for all, and faults on neither
//! count: a page below the hole in the address space is left out, so no `syscall` ends at it.
//!
//! What a processor guesses and does ahead of time, and what can be learned from that, is not dealt
//! with: programs find the kernel's addresses mapped, though not accessible.
//!
//! Intel SDM vol. 2B, "SYSCALL" and "IRET"; vol. 3A, "Fast System Calls in 64-Bit Mode".

use core::arch::global_asm;
use core::sync::atomic::{AtomicU64, Ordering};

use x86_64::PrivilegeLevel;
use x86_64::VirtAddr as Address;
use x86_64::registers::control::{Cr4, Cr4Flags, Efer, EferFlags};
use x86_64::registers::model_specific::{FsBase, GsBase, KernelGsBase, LStar, SFMask, Star};
use x86_64::registers::rflags::RFlags;

use super::super::{float, gdt, irq, paging};
use super::{BREAKPOINT, DOUBLE_FAULT, GATES, LINES, TrapFrame, VECTORS, stub};
use crate::memory::address::{PhysAddr, VirtAddr};
use crate::process::Signal;
use crate::syscall::Call;

global_asm!(
    include_str!("user.s"),
    PROGRAM_STACK = sym PROGRAM_STACK,
    KERNEL_STACK = sym KERNEL_STACK,
    USER_DATA = const gdt::USER_DATA.0,
    USER_CODE = const gdt::USER_CODE.0,
    SYSTEM_CALL = const SYSTEM_CALL,
    AC = const RFlags::ALIGNMENT_CHECK.bits(),
);

#[cfg(exercise = "06-text")]
#[path = "../../../../06-processes/exercises/2-text/x86_64.rs"]
mod exercise_text;

unsafe extern "C" {
    fn load_program(frame: &TrapFrame) -> !;
    fn copy_bytes(to: *mut u8, from: *const u8, bytes: usize) -> u64;
    static system_call_entry: [u8; 0];
    static copy_begin: [u8; 0];
    static copy_fault: [u8; 0];
}

/// The vector of a frame that `syscall` has led to: none of those that there are.
pub(super) const SYSTEM_CALL: u64 = VECTORS as u64;

/// The upper end of the stack on which a `syscall` is worked for.
static KERNEL_STACK: AtomicU64 = AtomicU64::new(0);

/// The program's stack pointer, for three instructions of `user.s`. (One processor runs, and
/// interrupts are masked; each processor more would need one of its own.)
static PROGRAM_STACK: AtomicU64 = AtomicU64::new(0);

/// EM_X86_64: what an ELF file for this machine says.
pub const ELF_MACHINE: u16 = 62;

/// What CPUID says that there is: leaf 1, edx. (Linux, `arch/x86/include/asm/elf.h`.)
pub fn hardware_capabilities() -> u64 {
    core::arch::x86_64::__cpuid(1).edx.into()
}

/// Gives programs what they need of the processor.
///
/// # Safety
///
/// Traps must be handled. This must be called once.
pub unsafe fn init_programs() {
    float::enable();
    open_gates();
    init_system_calls();
    hide_tables();
    // Segments have a start that is added to each address only if they are FS and GS. A program
    // cannot change it: for that it needs a descriptor, or CR4.FSGSBASE.
    FsBase::write(Address::zero());
    GsBase::write(Address::zero());
    KernelGsBase::write(Address::zero());
}

/// Makes the gates fit for programs.
fn open_gates() {
    let mut gates = GATES.lock();
    // Programs may use these two by `int3` and `int`; all others only happen to them.
    for vector in [BREAKPOINT, OVERFLOW] {
        // SAFETY: the entry is the one that it was.
        let options = unsafe { gates[vector as usize].set_handler_addr(stub(vector)) };
        options.set_privilege_level(PrivilegeLevel::Ring3);
    }
    // An NMI may come while the stack pointer is still a program's, an address of anything. It ends
    // the kernel as a double fault does, so one stack is enough for both.
    // SAFETY: the entry is the one that it was.
    let options = unsafe { gates[NON_MASKABLE as usize].set_handler_addr(stub(NON_MASKABLE)) };
    // SAFETY: the stack stays, and who comes to it does not go back.
    unsafe { options.set_stack_index(gdt::DOUBLE_FAULT_STACK) };
}

/// Makes `syscall` lead to `user.s`, with no flag set, whatever flags the program has: no trap
/// after each instruction (TF), no strings downwards (DF), nothing of a program's to be touched by
/// accident (AC), an `iretq` that returns (NT), and interrupts masked (IF).
fn init_system_calls() {
    let selectors = Star::write(gdt::USER_CODE, gdt::USER_DATA, gdt::KERNEL_CODE, gdt::KERNEL_DATA);
    selectors.expect("the descriptors are in the order that the manual wants");
    // (CSTAR is for 32-bit programs, for which there is no segment.)
    LStar::write(Address::from_ptr(&raw const system_call_entry));
    SFMask::write(RFlags::all());
    // SAFETY: `syscall` leads to the entry from here on.
    unsafe { Efer::update(|flags| flags.insert(EferFlags::SYSTEM_CALL_EXTENSIONS)) };
}

/// Keeps programs from reading where the kernel has its descriptors, if the processor can (UMIP).
fn hide_tables() {
    // CPUID leaf 7, ecx bit 2.
    let has_leaf = core::arch::x86_64::__cpuid(0).eax >= 7;
    if has_leaf && core::arch::x86_64::__cpuid_count(7, 0).ecx & 1 << 2 != 0 {
        let flags = Cr4::read() | Cr4Flags::USER_MODE_INSTRUCTION_PREVENTION;
        // SAFETY: it changes what programs may do, of which there are none yet.
        unsafe { Cr4::write(flags) };
    }
}

/// Makes the lower half of the address space that of the table at `root`. The upper half must be
/// the same in all.
///
/// # Safety
///
/// It must stay so while it is current.
pub unsafe fn switch_page_table(root: PhysAddr) {
    // SAFETY: the kernel is in the upper half. What was known of the other lower half, which is all
    // that is not global, is forgotten by the processor itself.
    unsafe { paging::activate_page_table(root) };
}

/// Sees to it that the processor fetches as instructions the `bytes` that were written from `start`
/// on. It does: it watches what is written, by whichever address, and the way to a program is an
/// `iretq`, behind which nothing that was fetched before is left. (Intel SDM vol. 3A, "Handling
/// Self- and Cross-Modifying Code".)
pub fn publish_code(_start: *const u8, _bytes: usize) {}

/// Says where the next trap of a program begins to save: `top`, the upper end of a stack.
pub fn set_kernel_stack(top: VirtAddr) {
    gdt::set_kernel_stack(top);
    KERNEL_STACK.store(top.0, Ordering::Relaxed);
}

/// Loads every register from `frame`, which is a program's: it runs, until the next trap.
///
/// # Safety
///
/// The program's address space must be active. `frame` must lie on the kernel stack of the process,
/// of which all below is given up.
pub unsafe fn enter_user(frame: &TrapFrame) -> ! {
    irq::mask_interrupts();
    // SAFETY: the frame says ring 3, and the caller promises the rest.
    unsafe { load_program(frame) }
}

/// Copies `bytes` of the program's memory at `from` to `to`; whether that could be done.
///
/// # Safety
///
/// All of `from` must be in the half of programs. `to` must be valid for writing.
pub unsafe fn copy_from_user(to: *mut u8, from: *const u8, bytes: usize) -> bool {
    // SAFETY: the caller promises it; a fault at `from` ends the copy.
    unsafe { copy_bytes(to, from, bytes) == 0 }
}

/// Copies `bytes` at `from` to the program's memory at `to`; whether that could be done.
///
/// # Safety
///
/// All of `to` must be in the half of programs. `from` must be valid for reading.
pub unsafe fn copy_to_user(to: *mut u8, from: *const u8, bytes: usize) -> bool {
    // SAFETY: the caller promises it; a fault at `to` ends the copy.
    unsafe { copy_bytes(to, from, bytes) == 0 }
}

impl TrapFrame {
    /// That of a program that is about to begin at `entry`, with its stack pointer at `stack`.
    pub fn program(entry: VirtAddr, stack: VirtAddr) -> Self {
        // Nothing is masked.
        let rflags = RFlags::INTERRUPT_FLAG.bits();
        let (cs, ss) = (gdt::USER_CODE.0.into(), gdt::USER_DATA.0.into());
        // SAFETY: it consists of numbers, for which zeroes will do.
        let nothing: Self = unsafe { core::mem::zeroed() };
        Self { rip: entry.0, cs, rflags, rsp: stack.0, ss, ..nothing }
    }

    /// Whether it is a program that was interrupted.
    ///
    /// By what it did itself, that is. Nothing that a program can do leads to these: an NMI and a
    /// machine check come from outside, and so do vectors of interrupts, since their gates are not
    /// for programs; and a double fault says that the kernel's stack is none.
    pub fn is_program(&self) -> bool {
        let is_its_own = match self.vector {
            NON_MASKABLE | DOUBLE_FAULT | MACHINE_CHECK => false,
            vector => !(LINES.start..VECTORS as u64).contains(&vector),
        };
        self.is_from_ring_3() && is_its_own
    }

    /// Whether the processor came from ring 3.
    pub(super) fn is_from_ring_3(&self) -> bool {
        self.cs & 0b11 == 3
    }

    /// What Linux calls this exception.
    pub fn signal(&self) -> Signal {
        match self.vector {
            // #DE, the x87's and SSE's.
            0 | 9 | 16 | 19 => Signal::Arithmetic,
            // #DB and #BP.
            1 | 3 => Signal::Trap,
            // #UD.
            6 => Signal::Illegal,
            // #NP, #SS and #AC.
            11 | 12 | 17 => Signal::Bus,
            // Most of all #GP.
            _ => Signal::Segmentation,
        }
    }

    /// What the program asks for: the number is in rax, the arguments are in rdi, rsi, rdx, r10, r8
    /// and r9. (Linux, `man 2 syscall`. Of the number it takes 32 bits.)
    pub fn system_call(&self) -> Call {
        let Self { rax, rdi, rsi, rdx, r10, r8, r9, .. } = *self;
        Call { number: rax as u32, arguments: [rdi, rsi, rdx, r10, r8, r9] }
    }

    /// Gives the program the answer, in rax.
    pub fn set_result(&mut self, value: i64) {
        self.rax = value as u64;
    }

    /// Ends the copy from or to a program that was interrupted, if it is one: it returns that it
    /// could not be done.
    pub fn give_up_copy(&mut self) -> bool {
        let copies = &raw const copy_begin as u64..&raw const copy_fault as u64;
        let is_copy = copies.contains(&self.rip);
        if is_copy {
            self.rip = copies.end;
        }
        is_copy
    }
}

/// The vector of an interrupt that cannot be masked.
const NON_MASKABLE: u64 = 2;

/// The vector of INTO, an instruction that there is no more.
const OVERFLOW: u64 = 4;

/// The vector of hardware that is broken.
const MACHINE_CHECK: u64 = 18;

#[cfg(feature = "ktest")]
#[path = "user_tests.rs"]
pub(super) mod tests;
