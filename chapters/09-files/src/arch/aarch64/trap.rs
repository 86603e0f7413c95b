//! Exceptions: the vectors in `trap.s`, what they save, and what they mean.
//!
//! Arm ARM DDI 0487, D1, "Exception entry" and "Exception return".

use core::arch::{asm, global_asm};
use core::fmt;
use core::mem::offset_of;
use core::sync::atomic::{AtomicU64, Ordering};

use aarch64_cpu::registers::{VBAR_EL1, Writeable};

use super::exception::{Class, Exception};
use super::irq;
use crate::memory::address::VirtAddr;
use crate::memory::stack;
use crate::trap::{self, Cause, FaultAccess};

global_asm!(
    include_str!("trap.s"),
    FRAME_SIZE = const size_of::<TrapFrame>(),
    OVERFLOW_BIT = const stack::OVERFLOW_BIT,
    X = const offset_of!(TrapFrame, x),
    ELR = const offset_of!(TrapFrame, elr),
    ESR = const offset_of!(TrapFrame, esr),
    VECTOR = const offset_of!(TrapFrame, vector),
    RECORD = const offset_of!(TrapFrame, record),
    NO_ROOM = const NO_ROOM,
    EMERGENCY_STACK = sym EMERGENCY_STACK,
    trap_taken = sym trap_taken,
);

unsafe extern "C" {
    static exception_vectors: [u8; 0];
}

/// What is added to the number of an entry that found no room on the stack.
const NO_ROOM: u64 = 16;

/// The number of the entry for an IRQ of this level.
const IRQ: u64 = 5;

/// Those of this level, synchronous and otherwise: what the kernel itself can cause.
const SYNCHRONOUS: u64 = 4;

/// The number of the entry for an IRQ of a lower level.
const LOWER_IRQ: u64 = 9;

/// That for what a lower level causes, synchronously.
const LOWER_SYNCHRONOUS: u64 = 8;

/// The upper end of the emergency stack.
static EMERGENCY_STACK: AtomicU64 = AtomicU64::new(0);

/// All that the processor was doing when it was interrupted. The handler may change it. It is
/// aligned as a stack pointer must be, since one points to it while it is loaded.
#[derive(Clone)]
#[repr(C, align(16))]
pub struct TrapFrame {
    /// x0 to x30.
    x: [u64; 31],
    /// The stack pointer.
    sp: u64,
    /// ELR_EL1: the instruction to go on with.
    elr: u64,
    /// SPSR_EL1: the flags, what is masked, and the level.
    spsr: u64,
    /// ESR_EL1: why.
    esr: u64,
    /// FAR_EL1: the address that could not be accessed, if it was that.
    far: u64,
    /// The number of the entry.
    vector: u64,
    reserved: u64,
    /// A link in the chain of frame pointers: x29 and ELR_EL1.
    record: [u64; 2],
}

// The stack pointer must be a multiple of 16 whenever it is used.
const _: () = assert!(size_of::<TrapFrame>().is_multiple_of(16));
// sp is saved with x30.
const _: () = assert!(offset_of!(TrapFrame, sp) == offset_of!(TrapFrame, x) + 8 * 31);

impl TrapFrame {
    /// What happened, in the manual's words.
    pub fn exception(&self) -> Exception {
        Exception { vector: self.vector % NO_ROOM, esr: self.esr, far: self.far }
    }

    /// The instruction that was interrupted.
    pub fn place(&self) -> VirtAddr {
        VirtAddr(self.elr)
    }

    /// Its frame pointer.
    pub fn frame_pointer(&self) -> u64 {
        self.x[29]
    }

    /// Where the function returns to that was about to begin: x30.
    pub fn return_address(&self) -> Option<VirtAddr> {
        Some(VirtAddr(self.x[30]))
    }

    /// Goes on behind the breakpoint: the processor would execute it again.
    pub fn pass_breakpoint(&mut self) {
        self.elr += 4;
    }

    fn cause(&self) -> Cause {
        // First what happens most.
        if matches!(self.vector, IRQ | LOWER_IRQ) {
            return Cause::Interrupt(irq::claim());
        }
        let exception = self.exception();
        // What is asynchronous leaves in ESR_EL1 what was there.
        let is_synchronous = self.vector.is_multiple_of(4);
        let fault = exception.fault().filter(|_| is_synchronous);
        match (self.vector, exception.class()) {
            (NO_ROOM.., _) => match fault {
                Some((address, access)) if stack::is_guard(address) => {
                    Cause::NoStack { address, access }
                }
                _ => Cause::NoStack { address: self.lost_frame(), access: FaultAccess::Write },
            },
            (LOWER_SYNCHRONOUS, Class::SupervisorCall) => Cause::SystemCall,
            (SYNCHRONOUS | LOWER_SYNCHRONOUS, Class::Breakpoint) => Cause::Breakpoint,
            (SYNCHRONOUS | LOWER_SYNCHRONOUS, _) => match fault {
                Some((address, access)) => Cause::PageFault { address, access },
                None => Cause::Other,
            },
            _ => Cause::Other,
        }
    }

    /// Where this frame would have begun if there had been room for it. The stack pointer itself
    /// may still be in its stack, a few words above the end.
    fn lost_frame(&self) -> VirtAddr {
        VirtAddr(self.sp.wrapping_sub(size_of::<Self>() as u64))
    }
}

impl fmt::Display for TrapFrame {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for (number, value) in self.x.iter().enumerate() {
            let end = if number % 4 == 3 { "\n" } else { "" };
            write!(f, "  x{number:<3} {value:#018x}{end}")?;
        }
        let Self { sp, elr, spsr, esr, far, .. } = self;
        writeln!(f, "  sp   {sp:#018x}")?;
        write!(f, "  elr  {elr:#018x}  far  {far:#018x}  spsr {spsr:#010x}  esr {esr:#010x}")
    }
}

/// Where `trap.s` comes with every exception.
extern "C" fn trap_taken(frame: &mut TrapFrame) {
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
            ".irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18",
            "mov x\\n, #-1",
            ".endr",
            clobber_abi("C"),
            options(nomem, nostack),
        );
    }
}

/// Makes exceptions come here. `emergency_stack` is the upper end of a stack.
///
/// # Safety
///
/// The stack must be nobody else's.
pub unsafe fn init_traps(emergency_stack: VirtAddr) {
    EMERGENCY_STACK.store(emergency_stack.0, Ordering::Relaxed);
    VBAR_EL1.set(&raw const exception_vectors as u64);
    // SAFETY: privileged; the vectors are in place before the next instruction, and from then on an
    // error that memory reports late (SError) has somebody to go to.
    unsafe { asm!("isb", "msr DAIFClr, #0b0100", options(nostack)) };
}

/// Stops at a breakpoint.
pub fn breakpoint() {
    // SAFETY: the handler goes on behind it, and changes nothing.
    unsafe { asm!("brk #0", options(nostack)) };
}

/// The frame pointer of the running function; inlined, or it would be that of this one.
#[inline(always)]
pub fn frame_pointer() -> u64 {
    let frame: u64;
    // SAFETY: reading a register changes nothing.
    unsafe { asm!("mov {}, x29", out(reg) frame, options(nomem, nostack)) };
    frame
}

#[path = "user.rs"]
pub(super) mod user;

#[cfg(exercise = "05-step")]
#[path = "../../../../05-interrupts/exercises/1-step/aarch64.rs"]
mod exercise_step;

#[cfg(feature = "ktest")]
#[path = "trap_tests.rs"]
mod tests;
