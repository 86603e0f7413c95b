//! A tracer: it lets the processor go on one instruction at a time, and notes which they are.
//!
//! The kernel asks it at every trap, before it does anything itself. An instruction is noted when
//! it is next, and not when it is done: by then the processor only knows where it goes on. So there
//! are three moments at which one becomes next, namely when the tracer's breakpoint has been
//! passed, when a step is done, and when another breakpoint has been passed, which the processor
//! does not count as a step. Interrupts and faults are none of them: behind them the same
//! instruction is still the next one.

use alloc::vec::Vec;
use core::mem::take;

use super::frame::{Event, Frame, Place};

/// What the tracer is doing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Idle,
    /// It waits for its breakpoint.
    Armed,
    Stepping,
}

/// The first instructions behind a breakpoint.
pub struct Tracer {
    state: State,
    /// How many are wanted.
    wanted: usize,
    /// Those that there were so far.
    places: Vec<Place>,
}

impl Tracer {
    /// One that traces nothing.
    pub const fn new() -> Self {
        Self { state: State::Idle, wanted: 0, places: Vec::new() }
    }

    /// From the next breakpoint on, notes the first `count` instructions.
    ///
    /// This is where memory is asked for: in a trap it is too late, since the heap itself may be
    /// what was interrupted.
    pub fn arm(&mut self, count: usize) {
        *self = Self { state: State::Armed, wanted: count, places: Vec::with_capacity(count) };
    }

    /// Does something about `event`; what was interrupted is in `frame`. Returns whether the trap
    /// is dealt with: if not, the kernel does what it does without a tracer.
    pub fn handle(&mut self, event: Event, frame: &mut impl Frame) -> bool {
        match (self.state, event) {
            (State::Armed | State::Stepping, Event::Breakpoint) => {
                frame.pass_breakpoint();
                self.note_next(frame);
                true
            }
            (State::Stepping, Event::Stepped) => {
                self.note_next(frame);
                true
            }
            (_, Event::Over) => {
                self.stop(frame);
                true
            }
            (State::Stepping, Event::Interrupt) => {
                self.note_next(frame);
                false
            }
            _ => false,
        }
    }

    /// What was noted, in the order of execution. It comes when nothing is traced any more.
    pub fn finish(&mut self) -> Vec<Place> {
        take(&mut self.places)
    }

    /// Notes the next instruction and has it executed, if one more is wanted.
    fn note_next(&mut self, frame: &mut impl Frame) {
        if self.places.len() == self.wanted {
            return self.stop(frame);
        }
        self.places.push(frame.place());
        self.state = State::Stepping;
        frame.step();
    }

    fn stop(&mut self, frame: &mut impl Frame) {
        self.state = State::Idle;
        frame.run();
    }
}
