//! Who has which frame, and who had it before.

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
        todo!("note that {owner} has {count} frames from {start:?} on in {self:?}")
    }

    /// Notes that `by` gives back `count` frames from `start` on. If one of them is not `by`'s to
    /// give, nothing is noted.
    pub fn give_back(&mut self, start: PhysAddr, count: usize, by: Owner) -> Result<(), Complaint> {
        todo!("note that {by} gives back {count} frames from {start:?} on in {self:?}")
    }

    /// Where in `states` the frame is that begins at `frame`; `None` if none of them does.
    fn index(&self, frame: PhysAddr) -> Option<usize> {
        todo!("find the frame at {frame:?} in {self:?}, frames of {FRAME_SIZE} bytes")
    }
}
