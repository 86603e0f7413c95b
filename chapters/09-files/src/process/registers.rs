//! All registers that a program sees, as a value.
//!
//! A trap saves those that the kernel itself needs, in a [`TrapFrame`]; the others stay in the
//! processor until somebody else gets it. Together they are what a program *is* besides its memory.
//! So whoever has both can make a program that begins, or one that goes on where another is.

use super::load::Entry;
use crate::arch::{TrapFrame, UserState};

/// What is in the registers of a program.
#[derive(Clone)]
pub struct Registers {
    /// Those that a trap saves.
    pub frame: TrapFrame,
    /// Those that only programs use.
    pub user: UserState,
}

impl Registers {
    /// Those of a program that is about to begin at `entry`.
    pub fn new(entry: Entry) -> Self {
        Self { frame: TrapFrame::program(entry.place, entry.stack), user: UserState::NEW }
    }

    /// Those of the program that runs, which has come to the kernel with `frame`.
    pub fn copy(frame: &TrapFrame) -> Self {
        // If others have the processor in between, they give back what they find there.
        let mut user = UserState::NEW;
        user.save();
        Self { frame: frame.clone(), user }
    }

    /// Makes those that only programs use the ones of the program that runs, as if it had loaded
    /// them itself. (The others it gets with its frame.)
    pub fn load_user(&self) {
        self.user.load();
    }
}
