//! Traps: how the processor gets from anywhere to [`trap::handle`], and what it brings.
//!
//! Vector `v` leads through gate `v` of a table, the IDT, to entry `v` in `trap.s`. Each gate is an
//! *interrupt gate*: on the way the processor masks interrupts, so a handler is never interrupted.
//! It stays on the stack of what it interrupted, which is why that needs room, and why one gate
//! does otherwise: a *double fault* is what becomes of an exception that cannot be delivered, most
//! often since there is no stack to push to. Its gate names a stack of its own. (`gdt.rs`)
//!
//! The code in between is Rust's own, which uses the general registers only: this target has no
//! floating-point registers to save, and no red zone below the stack pointer to spare.
//!
//! Intel SDM vol. 3A, "Interrupt and Exception Handling".

use core::arch::{asm, global_asm};
use core::fmt;
use core::mem::offset_of;
use core::ops::Range;

use x86_64::VirtAddr as Address;
use x86_64::instructions::tables;
use x86_64::registers::rflags::RFlags;
use x86_64::structures::DescriptorTablePointer;
use x86_64::structures::idt::{Entry, HandlerFunc};

use super::exception::{self, Exception, PAGE_FAULT};
use super::{apic, gdt, irq};
use crate::backtrace;
use crate::interrupts::{Interrupt, Source};
use crate::memory::address::VirtAddr;
use crate::sync::Lock;
use crate::trap::{self, Cause, FaultAccess};

global_asm!(
    include_str!("trap.s"),
    trap_taken = sym trap_taken,
    VECTORS = const VECTORS,
    STUB_BYTES = const STUB_BYTES,
    ERROR_CODES = const exception::WITH_ERROR_CODE,
    RECORD_RIP = const offset_of!(TrapFrame, record_rip),
    CR2 = const offset_of!(TrapFrame, cr2),
    RAX = const offset_of!(TrapFrame, rax),
    VECTOR = const offset_of!(TrapFrame, vector),
    RIP = const offset_of!(TrapFrame, rip),
    AC = const RFlags::ALIGNMENT_CHECK.bits(),
);

/// How many vectors there are.
const VECTORS: usize = 256;

/// The bytes that an entry has in `trap.s`.
const STUB_BYTES: usize = 16;

unsafe extern "C" {
    /// The entries, in `trap.s`.
    static trap_stubs: [[u8; STUB_BYTES]; VECTORS];
}

/// The vector of [`breakpoint`].
const BREAKPOINT: u64 = 3;

/// The vector of an exception that could not be delivered.
const DOUBLE_FAULT: u64 = 8;

/// The vectors of the interrupt controller's lines.
pub(super) const LINES: Range<u64> = 32..48;

/// Protects the gates. The processor reads them at each trap.
static GATES: Lock<[Entry<HandlerFunc>; VECTORS]> = Lock::new([Entry::missing(); VECTORS]);

/// What was interrupted: every register, as `trap.s` saved it and will load it again.
#[derive(Clone)]
#[repr(C)]
pub struct TrapFrame {
    /// With the next one a frame record, as each function begins with.
    rbp: u64,
    /// A copy, for backtraces only.
    record_rip: u64,
    /// What the last page fault was about; not loaded again.
    cr2: u64,
    rax: u64,
    rbx: u64,
    rcx: u64,
    rdx: u64,
    rsi: u64,
    rdi: u64,
    r8: u64,
    r9: u64,
    r10: u64,
    r11: u64,
    r12: u64,
    r13: u64,
    r14: u64,
    r15: u64,
    vector: u64,
    error_code: u64,
    rip: u64,
    cs: u64,
    rflags: u64,
    rsp: u64,
    ss: u64,
}

// The processor aligns the stack before it pushes, so a function called below a frame of such a
// size finds it aligned.
const _: () = assert!(size_of::<TrapFrame>().is_multiple_of(16));

/// Makes all traps come to [`trap::handle`], and a double fault on a stack that ends at `top`.
///
/// # Safety
///
/// Nobody else may use that stack, and it must stay. This must be called once.
pub unsafe fn init_traps(top: VirtAddr) {
    // SAFETY: the caller promises the same.
    unsafe { gdt::init_segments(top) };
    let mut gates = GATES.lock();
    for (gate, stub) in gates.iter_mut().zip(stubs()) {
        // SAFETY: `trap.s` has an entry for this vector there.
        unsafe { gate.set_handler_addr(stub) };
    }
    // SAFETY: the entry is the one from above, again.
    let options = unsafe { gates[DOUBLE_FAULT as usize].set_handler_addr(stub(DOUBLE_FAULT)) };
    // SAFETY: the stack is nobody else's, and one double fault at a time is one too many.
    unsafe { options.set_stack_index(gdt::DOUBLE_FAULT_STACK) };
    let base = Address::from_ptr(gates.as_ptr());
    let pointer = DescriptorTablePointer { limit: size_of_val(&*gates) as u16 - 1, base };
    // SAFETY: the gates are in a static, so they stay, and all of them are valid.
    unsafe { tables::lidt(&pointer) };
}

/// The addresses of the entries.
fn stubs() -> impl Iterator<Item = Address> {
    (0..VECTORS as u64).map(stub)
}

/// The address of the entry for `vector`.
fn stub(vector: u64) -> Address {
    // (By `&raw`, as no reference to an array of code is needed.)
    Address::from_ptr(&raw const trap_stubs) + vector * STUB_BYTES as u64
}

/// Where `trap.s` calls.
extern "C" fn trap_taken(frame: &mut TrapFrame) {
    #[cfg(feature = "ktest")]
    user::tests::expect_no_flags();
    trap::handle(frame.cause(), frame);
    #[cfg(feature = "ktest")]
    spoil_registers();
}

/// Changes every register that a function may change. Handlers use few of them: under test, one
/// that `trap.s` forgets is noticed all the same.
#[cfg(feature = "ktest")]
fn spoil_registers() {
    // SAFETY: the compiler is told that they change.
    unsafe {
        asm!(
            ".irp n, ax,cx,dx,si,di,8,9,10,11",
            "mov r\\n, -1",
            ".endr",
            clobber_abi("C"),
            options(nomem, nostack),
        );
    }
}

impl TrapFrame {
    /// What happened, in the manual's words.
    pub fn exception(&self) -> Exception {
        Exception { vector: self.vector, error_code: self.error_code }
    }

    /// Where it happened: the instruction at fault, or the one behind if that was done.
    pub fn place(&self) -> VirtAddr {
        VirtAddr(self.rip)
    }

    /// The frame pointer of what was interrupted.
    pub fn frame_pointer(&self) -> u64 {
        self.rbp
    }

    /// Where the function returns to that was about to begin: the call has pushed that last.
    pub fn return_address(&self) -> Option<VirtAddr> {
        backtrace::read(self.rsp).map(VirtAddr)
    }

    /// Sees to it that the instruction behind the breakpoint comes next. It does already: the
    /// processor counts the breakpoint as done.
    pub fn pass_breakpoint(&mut self) {}

    fn cause(&self) -> Cause {
        match self.vector {
            BREAKPOINT => Cause::Breakpoint,
            PAGE_FAULT => Cause::PageFault {
                address: VirtAddr(self.cr2),
                access: exception::access(self.error_code),
            },
            DOUBLE_FAULT => match self.lost_push() {
                Some(address) => Cause::NoStack { address, access: FaultAccess::Write },
                None => Cause::Other,
            },
            line if LINES.contains(&line) => {
                Cause::Interrupt(irq::interrupt((line - LINES.start) as u32))
            }
            user::SYSTEM_CALL => Cause::SystemCall,
            apic::SPURIOUS => {
                let line = (apic::SPURIOUS - LINES.start) as u32;
                Cause::Interrupt(Interrupt { line, source: Source::Spurious })
            }
            _ => Cause::Other,
        }
    }

    /// Of a double fault: where the processor could not push, if that is the reason.
    ///
    /// CR2 is about a page fault, and if the second fault was none it is about one long ago. So it
    /// is believed only if it lies where the processor pushes: in the six words below the stack
    /// pointer. A stack pointer that no page can be about is at fault itself.
    fn lost_push(&self) -> Option<VirtAddr> {
        // What comes from a program is not pushed to the program's stack.
        if self.is_from_ring_3() {
            return None;
        }
        let stack = VirtAddr(self.rsp);
        // A stack that begins at 0 goes down to the highest addresses.
        if (1..=6 * 8).contains(&(self.rsp & !15).wrapping_sub(self.cr2)) {
            Some(VirtAddr(self.cr2))
        } else {
            (!stack.is_canonical()).then_some(stack)
        }
    }
}

/// The flags in RFLAGS that say something about what was interrupted.
const FLAGS: [(u32, &str); 12] = [
    (0, "CF"),
    (2, "PF"),
    (4, "AF"),
    (6, "ZF"),
    (7, "SF"),
    (8, "TF"),
    (9, "IF"),
    (10, "DF"),
    (11, "OF"),
    (14, "NT"),
    (16, "RF"),
    (18, "AC"),
];

impl fmt::Display for TrapFrame {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let rows = [
            [("rax", self.rax), ("rbx", self.rbx), ("rcx", self.rcx), ("rdx", self.rdx)],
            [("rsi", self.rsi), ("rdi", self.rdi), ("rbp", self.rbp), ("rsp", self.rsp)],
            [("r8 ", self.r8), ("r9 ", self.r9), ("r10", self.r10), ("r11", self.r11)],
            [("r12", self.r12), ("r13", self.r13), ("r14", self.r14), ("r15", self.r15)],
        ];
        for row in rows {
            row.iter().try_for_each(|(name, value)| write!(f, "  {name} {value:#018x}"))?;
            writeln!(f)?;
        }
        write!(f, "  rip {:#018x}  cr2 {:#018x}", self.rip, self.cr2)?;
        writeln!(f, "  cs {:#x}  ss {:#x}", self.cs, self.ss)?;
        write!(f, "  rflags {:#x}", self.rflags)?;
        let is_set = |(bit, _): &&(u32, _)| self.rflags & 1 << bit != 0;
        FLAGS.iter().filter(is_set).try_for_each(|(_, name)| write!(f, " {name}"))
    }
}

/// Traps, on purpose.
pub fn breakpoint() {
    // SAFETY: the trap is handled, and everything is afterwards as it was.
    unsafe { asm!("int3", options(nostack)) };
}

/// The frame pointer of the caller.
#[inline(always)]
pub fn frame_pointer() -> u64 {
    let frame;
    // SAFETY: reading a register changes nothing.
    unsafe { asm!("mov {}, rbp", out(reg) frame, options(nomem, nostack, preserves_flags)) };
    frame
}

#[path = "user.rs"]
pub(super) mod user;

#[cfg(exercise = "05-step")]
#[path = "../../../../05-interrupts/exercises/1-step/x86_64.rs"]
mod exercise_step;

#[cfg(feature = "ktest")]
#[path = "trap_tests.rs"]
mod tests;
