//! Programs of a made-up processor, with breakpoints, faults and interrupts anywhere, traced.

use exercise_host::{Property, holds_for, properties};
use frame::{Event, Frame, Place};
use ktest::expect;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use step::Tracer;

#[allow(dead_code, reason = "the tracer uses it when its holes are filled")]
mod frame;
#[forbid(unsafe_code)]
mod step;

/// What is tried.
pub const PROPERTIES: &[Property] = properties![any_program_is_traced];

/// An instruction, or what comes before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// An instruction that is done.
    Plain,
    /// One that faults the first time.
    Fault,
    /// The instruction for breakpoints.
    Breakpoint,
    /// A device asks for attention before the next instruction.
    Interrupt,
}

/// A processor that has come to instruction number `next`.
struct Processor {
    next: usize,
    /// Whether a breakpoint is passed by the processor itself, and a step need be asked for only
    /// once; otherwise the handler passes it, and each step is asked for.
    is_x86_64: bool,
    is_stepping: bool,
    is_asked: bool,
}

impl Frame for Processor {
    fn place(&self) -> Place {
        Place(0x1000 + 4 * self.next as u64)
    }

    fn pass_breakpoint(&mut self) {
        self.next += usize::from(!self.is_x86_64);
    }

    fn step(&mut self) {
        (self.is_stepping, self.is_asked) = (true, true);
    }

    fn run(&mut self) {
        self.is_stepping = false;
    }
}

impl Processor {
    /// Lets `tracer` look at `event`. Returns whether it dealt with it.
    fn trap(&mut self, tracer: &mut Tracer, event: Event) -> bool {
        tracer.handle(event, self)
    }

    /// Does `step`.
    fn execute(&mut self, tracer: &mut Tracer, step: Step, case: &dyn core::fmt::Debug) {
        match step {
            Step::Interrupt => {
                let dealt_with = self.trap(tracer, Event::Interrupt);
                expect((case, "an interrupt is not the tracer's"), dealt_with, false);
                return;
            }
            Step::Fault => {
                let dealt_with = self.trap(tracer, Event::Fault);
                expect((case, "a fault is not the tracer's"), dealt_with, false);
            }
            Step::Breakpoint => {
                self.next += usize::from(self.is_x86_64);
                if !self.trap(tracer, Event::Breakpoint) {
                    self.pass_breakpoint();
                }
                return;
            }
            Step::Plain => {}
        }
        self.next += 1;
        self.tell_step(tracer, case);
    }

    /// Comes with the step that is due. If no other is asked for it comes again, on aarch64.
    fn tell_step(&mut self, tracer: &mut Tracer, case: &dyn core::fmt::Debug) {
        for _ in 0..100 {
            if !self.is_stepping {
                return;
            }
            self.is_asked = false;
            let dealt_with = self.trap(tracer, Event::Stepped);
            expect((case, "a step that it asked for is the tracer's"), dealt_with, true);
            if self.is_asked || self.is_x86_64 {
                return;
            }
        }
    }
}

/// The instructions that are to be noted: `count` behind the first breakpoint.
fn expected(program: &[Step], count: usize) -> Vec<Place> {
    let instructions: Vec<Step> =
        program.iter().copied().filter(|step| *step != Step::Interrupt).collect();
    let first = instructions.iter().position(|step| *step == Step::Breakpoint);
    let first = first.map_or(instructions.len(), |it| it + 1);
    (first..instructions.len()).take(count).map(|it| Place(0x1000 + 4 * it as u64)).collect()
}

fn any_program_is_traced() {
    let step = || select(vec![Step::Plain, Step::Fault, Step::Breakpoint, Step::Interrupt]);
    holds_for((vec(step(), 0..12), 0..8_usize, any::<bool>()), |(program, count, is_x86_64)| {
        let machine = if is_x86_64 { "x86_64" } else { "aarch64" };
        let case = (&program, "count", count, machine);
        let mut tracer = Tracer::new();
        // Twice, since a tracer is used more than once.
        for _ in 0..2 {
            let mut processor =
                Processor { next: 0, is_x86_64, is_stepping: false, is_asked: false };
            tracer.arm(count);
            for step in &program {
                processor.execute(&mut tracer, *step, &case);
            }
            processor.trap(&mut tracer, Event::Over);
            expect((case, "is it still stepped at the end?"), processor.is_stepping, false);
            let expected = expected(&program, count);
            let mut seen = tracer.finish();
            // Of a program that is too short, the way out may be noted, too.
            if expected.len() < count {
                seen.truncate(expected.len());
            }
            expect(case, seen, expected);
        }
    });
}
