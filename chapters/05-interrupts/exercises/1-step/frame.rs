//! What a tracer hears of, and what it can do about it.
//!
//! Given, not to be written. In the kernel a [`Frame`] is the machine's `TrapFrame`, with a few
//! lines about its bits in `aarch64.rs` and `x86_64.rs`; on the host it is a processor made of
//! Rust.

use core::fmt;

/// The address of an instruction.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub struct Place(pub u64);

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}

/// What the processor came for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// It met the instruction for breakpoints.
    Breakpoint,
    /// It has executed the one instruction that it was asked to.
    Stepped,
    /// A device asked for attention before the next instruction.
    Interrupt,
    /// An access was refused. The instruction is not done; it will be tried again if there is
    /// something that can be mended.
    Fault,
    /// The code that was to be traced has come to its end.
    Over,
}

/// What was interrupted, and how it goes on when the handler returns.
pub trait Frame {
    /// The instruction that is executed next. Of a breakpoint that is itself, on aarch64, and the
    /// one behind it on x86_64.
    fn place(&self) -> Place;

    /// Goes on behind the breakpoint on both machines.
    fn pass_breakpoint(&mut self);

    /// Executes one instruction more, and then comes back with [`Event::Stepped`]. A trap that is
    /// handled before that instruction is done does not matter.
    fn step(&mut self);

    /// Goes on at full speed.
    fn run(&mut self);
}
