//! The way from the kernel's traps to your tracer.
//!
//! Given, not to be written.

use alloc::vec::Vec;
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::Cause;
use crate::arch::{self, TrapFrame};
use crate::sync::Lock;
use frame::{Event, Frame, Place};
use step::Tracer;

#[allow(dead_code, reason = "the tracer uses it when its holes are filled")]
mod frame;
#[forbid(unsafe_code)]
mod step;
#[cfg(feature = "ktest")]
mod tests;

/// Protects the tracer. It is taken in traps, and elsewhere only while nothing is stepped.
static TRACER: Lock<Tracer> = Lock::new(Tracer::new());

/// The next breakpoint is the one behind the code.
static IS_OVER: AtomicBool = AtomicBool::new(false);

/// How many steps there were.
static STEPS: AtomicUsize = AtomicUsize::new(0);

/// Runs `code`, and says which instructions were the first `count` behind its first breakpoint.
///
/// If there are fewer, those are among them that lead out of it.
#[cfg_attr(not(feature = "ktest"), allow(dead_code, reason = "only tests trace anything"))]
fn trace<T>(count: usize, code: impl FnOnce() -> T) -> Vec<Place> {
    TRACER.lock().arm(count);
    code();
    IS_OVER.store(true, Ordering::Relaxed);
    arch::breakpoint();
    TRACER.lock().finish()
}

/// Lets the tracer look at a trap. Returns whether there is nothing left to be done about it.
pub(super) fn handle(cause: Cause, frame: &mut TrapFrame) -> bool {
    let event = match cause {
        Cause::Breakpoint if IS_OVER.swap(false, Ordering::Relaxed) => {
            frame.pass_breakpoint();
            TRACER.lock().handle(Event::Over, frame);
            return true;
        }
        Cause::Breakpoint => Event::Breakpoint,
        Cause::Interrupt(_) => Event::Interrupt,
        Cause::PageFault { .. } => Event::Fault,
        Cause::Other if frame.has_stepped() => {
            STEPS.fetch_add(1, Ordering::Relaxed);
            Event::Stepped
        }
        _ => return false,
    };
    TRACER.lock().handle(event, frame)
}

impl Frame for TrapFrame {
    fn place(&self) -> Place {
        Place(self.place().0)
    }

    fn pass_breakpoint(&mut self) {
        self.pass_breakpoint();
    }

    fn step(&mut self) {
        self.step_next();
    }

    fn run(&mut self) {
        self.step_no_more();
    }
}
