//! A tracer: it lets the processor go on one instruction at a time, and notes which they are.
//!
//! The kernel asks it at every trap, before it does anything itself. So it hears of its own
//! breakpoint and of each step, but also of interrupts and faults that come in between.

use alloc::vec::Vec;

use super::frame::{Event, Frame, Place};

/// The first instructions behind a breakpoint.
pub struct Tracer {
    /// How many are wanted.
    wanted: usize,
    /// Those that there were so far.
    places: Vec<Place>,
}

impl Tracer {
    /// One that traces nothing.
    pub const fn new() -> Self {
        Self { wanted: 0, places: Vec::new() }
    }

    /// From the next breakpoint on, notes the first `count` instructions.
    ///
    /// This is where memory is asked for: in a trap it is too late, since the heap itself may be
    /// what was interrupted.
    pub fn arm(&mut self, count: usize) {
        todo!("wait for a breakpoint, and have room for {count} instructions behind it")
    }

    /// Does something about `event`; what was interrupted is in `frame`. Returns whether the trap
    /// is dealt with: if not, the kernel does what it does without a tracer.
    pub fn handle(&mut self, event: Event, frame: &mut impl Frame) -> bool {
        todo!("deal with {event:?} before {:?}, or leave it to the kernel", frame.place())
    }

    /// What was noted, in the order of execution. It comes when nothing is traced any more.
    pub fn finish(&mut self) -> Vec<Place> {
        todo!("hand out up to {} instructions, of which there are {:?}", self.wanted, self.places)
    }
}
