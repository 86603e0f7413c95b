//! The report of a trap that cannot be survived: what happened, where, and how it came to that.
//!
//! It is printed by a kernel that has just been found broken, so it relies on as little as it can:
//! the console, whoever holds it, and the page tables as they are. If it fails itself, a second
//! trap says so in one line, and a third only ends the run.

use core::fmt;
use core::sync::atomic::{AtomicUsize, Ordering};

use super::{Cause, FaultAccess};
use crate::arch::{self, Status, TrapFrame};
use crate::interrupts::Masked;
use crate::memory::address::{FRAME_SIZE, VirtAddr};
use crate::memory::paging::{Access, Meaning};
use crate::memory::{kernel_space, lazy, stack};
use crate::{backtrace, console};

/// How many reports were begun.
static BEGUN: AtomicUsize = AtomicUsize::new(0);

/// Says what happened, and ends the run.
pub fn end(cause: Cause, frame: &TrapFrame) -> ! {
    core::mem::forget(Masked::new());
    // SAFETY: whoever was printing is not returned to.
    unsafe { console::force_unlock() };
    match BEGUN.fetch_add(1, Ordering::Relaxed) {
        0 => tell(cause, frame),
        1 => println!("trap: and while that was told, {cause} ({})", frame.exception()),
        _ => {}
    }
    arch::power_off(Status::Failure)
}

fn tell(cause: Cause, frame: &TrapFrame) {
    match cause {
        Cause::Other => println!("trap: {}", frame.exception()),
        _ => println!("trap: {cause}\n  {}", frame.exception()),
    }
    if let Cause::PageFault { address, access } | Cause::NoStack { address, access } = cause {
        tell_why(address, access);
    }
    println!("{frame}");
    backtrace::print_interrupted(frame);
    println!("  power-off with status {}", Status::Failure as u32);
}

/// Says what the page tables have against `access` to `address`, and what that may mean.
fn tell_why(address: VirtAddr, access: FaultAccess) {
    if !address.is_canonical() {
        println!("  no such address: bits 63 to 47 are not all equal");
        return;
    }
    let mut end = (0, Meaning::Nothing);
    kernel_space::peek(|walker| walker.steps(address, |_, level, meaning| end = (level, meaning)));
    match end {
        (level, Meaning::Page(frame, allowed)) => {
            println!("  it is mapped to {frame:?} as {allowed}, at level {level}");
            tell_obstacle(allowed, access);
        }
        (level, _) => {
            println!("  nothing is mapped there: the walk stopped at level {level}");
            guess_why(address);
        }
    }
}

/// Says what it may mean that nothing is mapped at `address`.
fn guess_why(address: VirtAddr) {
    match address {
        VirtAddr(..FRAME_SIZE) => println!("  so near to 0: through a null pointer?"),
        _ if lazy::has(address) => println!("  no frame was left for it"),
        _ => {}
    }
}

fn tell_obstacle(allowed: Access, access: FaultAccess) {
    let obstacle = match access {
        _ if allowed.contains(Access::USER) => "it is a program's, which the kernel keeps off",
        FaultAccess::Write if !allowed.contains(Access::WRITE) => "it may not be written",
        FaultAccess::Execute if !allowed.contains(Access::EXECUTE) => "it may not be executed",
        _ => "the tables allow it: is an old translation still in use?",
    };
    println!("  {obstacle}");
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Interrupt(interrupt) => write!(f, "interrupt {}", interrupt.line),
            Self::Breakpoint => write!(f, "breakpoint"),
            Self::SystemCall => write!(f, "system call"),
            Self::PageFault { address, access } | Self::NoStack { address, access }
                if stack::is_guard(*address) =>
            {
                write!(f, "stack overflow: {access} at {address:?}, below the end of a stack")
            }
            Self::PageFault { address, access } => write!(f, "{access} at {address:?}"),
            Self::NoStack { address, .. } => write!(f, "bad stack: it leads to {address:?}"),
            Self::Other => write!(f, "an exception"),
        }
    }
}
