//! What threads do on the simulated machine.

use super::scheduler::policy::Level;

/// How many locks there are. A program takes a lower number before a higher one, so that nobody
/// waits in a circle.
pub const LOCKS: usize = 2;

/// A piece of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Runs for so many ticks.
    Run(u64),
    /// Is blocked for so many.
    Sleep(u64),
    Yield,
    Lock(usize),
    Unlock(usize),
}

/// A thread: where it may stand, when it comes and what it does.
#[derive(Clone, Debug)]
pub struct Program {
    pub name: String,
    pub base: Level,
    pub arrives: u64,
    /// When somebody ends it, whatever it does then.
    pub killed: Option<u64>,
    pub steps: Vec<Step>,
    /// Whether it begins again at the end.
    pub repeats: bool,
}

impl Program {
    /// A program that is there from the beginning and repeats its steps for ever.
    pub fn new(name: &str, base: Level, steps: &[Step]) -> Self {
        let (name, steps) = (name.to_owned(), steps.to_vec());
        Self { name, base, arrives: 0, killed: None, steps, repeats: true }
    }

    /// Comes later.
    pub fn arriving(self, arrives: u64) -> Self {
        Self { arrives, ..self }
    }

    /// Ends behind its last step.
    pub fn once(self) -> Self {
        Self { repeats: false, ..self }
    }
}
