//! Traps: the ways by which the processor comes to the kernel without being called.
//!
//! An instruction that cannot be done, a breakpoint and a device all interrupt what runs in the
//! same manner: the processor notes where it was, masks interrupts and jumps to an address that the
//! kernel gave it. `arch/<machine>/trap.s` saves every register in a [`TrapFrame`] and says what
//! happened; from there on it is the same on both machines. When [`handle`] returns, the registers
//! are loaded again and what was interrupted goes on, without noticing.
//!
//! Where nothing can be done the kernel has a bug, and ends with a report.

#[cfg(exercise = "05-step")]
#[path = "../../../05-interrupts/exercises/1-step/mod.rs"]
mod exercise_step;
#[cfg(exercise = "06-text")]
#[path = "../../../06-processes/exercises/2-text/mod.rs"]
mod exercise_text;
mod report;
#[cfg(feature = "ktest")]
mod tests;

use core::fmt;

use crate::arch::{self, TrapFrame};
use crate::interrupts::{self, Interrupt};
use crate::memory::address::VirtAddr;
use crate::memory::lazy;
use crate::memory::stack::Stack;
use crate::process::{self, user};
use crate::scheduler;
use crate::syscall;

/// Why the processor came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A device asks for attention.
    Interrupt(Interrupt),
    /// The instruction for breakpoints.
    Breakpoint,
    /// A program asks for something.
    SystemCall,
    /// An access that the page tables do not allow.
    PageFault { address: VirtAddr, access: FaultAccess },
    /// A trap for which there is no room on the stack. `address` is the stack pointer, or what was
    /// accessed last.
    NoStack { address: VirtAddr, access: FaultAccess },
    /// Anything else: [`TrapFrame::exception`] names it.
    Other,
}

/// What was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultAccess {
    /// Reading.
    Read,
    /// Writing.
    Write,
    /// Fetching an instruction.
    Execute,
}

impl fmt::Display for FaultAccess {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "a read",
            Self::Write => "a write",
            Self::Execute => "an instruction fetch",
        })
    }
}

/// Makes the processor come here, and gives it a stack for when its own is full.
///
/// # Panics
///
/// When there is no memory for that stack.
///
/// # Safety
///
/// This must be called once.
pub unsafe fn init() {
    let stack = Stack::new();
    let stack = stack.unwrap_or_else(|error| panic!("no stack for emergencies: {error}"));
    // SAFETY: the stack is nobody else's, and stays.
    unsafe { arch::init_traps(stack.leak()) };
}

/// Does something about `cause`; what was interrupted is in `frame`, and goes on from there.
pub fn handle(cause: Cause, frame: &mut TrapFrame) {
    match cause {
        #[cfg(exercise = "05-step")]
        _ if exercise_step::handle(cause, frame) => {}
        Cause::Interrupt(interrupt) => {
            interrupts::handle(interrupt);
            scheduler::preempt();
            if frame.is_of_program() {
                process::leave_if_ending();
            }
        }
        #[cfg(feature = "ktest")]
        Cause::SystemCall if process::register_tests::take(frame) => {}
        Cause::SystemCall => syscall::take(frame),
        _ if frame.is_program() => process::kill(cause, frame),
        #[cfg(exercise = "06-text")]
        Cause::PageFault { address, .. } if exercise_text::recover(address, frame) => {}
        #[cfg(not(exercise = "06-text"))]
        Cause::PageFault { address, .. } if user::is_user(address) && frame.give_up_copy() => {}
        Cause::Breakpoint => {
            println!("trap: breakpoint at {:?}", frame.place());
            frame.pass_breakpoint();
        }
        Cause::PageFault { address, .. } if lazy::has(address) && lazy::map(address).is_ok() => {}
        _ => report::end(cause, frame),
    }
}
