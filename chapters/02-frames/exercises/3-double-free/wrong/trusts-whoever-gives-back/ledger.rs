//! Who has which frame, and who had it before.
//!
//! An allocator that only knows whether a frame is free finds a double free too late: whoever is
//! caught may be the one who did it right. So every change is noted with a name, and is checked as
//! a whole before any of it is made.

use super::address::{FRAME_SIZE, PhysAddr};
use super::complaint::{Complaint, Owner, State};

/// What is known of some frames that lie side by side.
#[derive(Debug)]
pub struct Ledger<'a> {
    start: PhysAddr,
    /// One for each frame, the one at `start` first.
    states: &'a mut [State],
}

impl<'a> Ledger<'a> {
    /// A ledger of as many frames as there are `states`, from `start` on. Nobody has had any yet.
    pub fn new(start: PhysAddr, states: &'a mut [State]) -> Self {
        states.fill(State::Fresh);
        Self { start, states }
    }

    /// Notes that `owner` has `count` frames from `start` on. If one of them has an owner already,
    /// or is none of this ledger, nothing is noted.
    pub fn take(&mut self, start: PhysAddr, count: usize, owner: Owner) -> Result<(), Complaint> {
        for frame in frames(start, count) {
            if let State::Taken { owner: other } = self.state(frame, owner)? {
                return Err(Complaint::InUse { frame, owner: other, by: owner });
            }
        }
        self.note(start, count, State::Taken { owner });
        Ok(())
    }

    /// Notes that `by` gives back `count` frames from `start` on. If one of them is not `by`'s to
    /// give, nothing is noted.
    pub fn give_back(&mut self, start: PhysAddr, count: usize, by: Owner) -> Result<(), Complaint> {
        for frame in frames(start, count) {
            match self.state(frame, by)? {
                State::Taken { .. } => {}
                State::Back { by: first } => {
                    return Err(Complaint::DoubleFree { frame, first, by });
                }
                State::Fresh => return Err(Complaint::NeverTaken { frame, by }),
            }
        }
        self.note(start, count, State::Back { by });
        Ok(())
    }

    /// What is known of `frame`, of which `by` speaks.
    fn state(&self, frame: PhysAddr, by: Owner) -> Result<State, Complaint> {
        let index = self.index(frame).ok_or(Complaint::Foreign { frame, by })?;
        Ok(self.states[index])
    }

    /// Notes the same of `count` frames from `start` on, which are all of this ledger.
    fn note(&mut self, start: PhysAddr, count: usize, state: State) {
        for frame in frames(start, count) {
            if let Some(index) = self.index(frame) {
                self.states[index] = state;
            }
        }
    }

    /// Where in `states` the frame is that begins at `frame`; `None` if none of them does.
    fn index(&self, frame: PhysAddr) -> Option<usize> {
        if frame < self.start || !frame.is_aligned(FRAME_SIZE) {
            return None;
        }
        let index = ((frame - self.start) / FRAME_SIZE) as usize;
        (index < self.states.len()).then_some(index)
    }
}

/// Where each of `count` frames from `start` on begins.
fn frames(start: PhysAddr, count: usize) -> impl Iterator<Item = PhysAddr> {
    (0..count as u64).map(move |number| start + number * FRAME_SIZE)
}
