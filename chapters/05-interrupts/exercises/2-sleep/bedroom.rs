//! Who sleeps until when, and what the machine's one alarm is set to.
//!
//! Ticks and sleepers share it. So whenever something changes, it is set to what comes first.

use super::alarm::{Alarm, Full, ROOM, Sleeper};

/// Those who sleep, and the ticks.
pub struct Bedroom {
    /// When the next tick is due.
    next_tick: u64,
    /// From tick to tick.
    interval: u64,
    sleepers: [Option<Sleeper>; ROOM],
}

impl Bedroom {
    /// Nobody sleeps. The alarm is set to the first tick already.
    pub const fn new(first_tick: u64, interval: u64) -> Self {
        Self { next_tick: first_tick, interval, sleepers: [None; ROOM] }
    }

    /// Lets `sleeper` sleep until its deadline, which may be over. The alarm rings in time for it,
    /// and for all others still.
    pub fn add(&mut self, sleeper: Sleeper, alarm: &mut impl Alarm) -> Result<(), Full> {
        todo!("let {sleeper:?} sleep beside {:?}", self.sleepers.iter().flatten())
    }

    /// The alarm rings, and it is `now`. Wakes by `wake` all whose deadline has come, whoever
    /// wanted to be woken earlier before the others, and sets the alarm again. Returns how many
    /// ticks have become due.
    pub fn ring(&mut self, now: u64, alarm: &mut impl Alarm, wake: impl FnMut(usize)) -> u64 {
        todo!("at {now}, wake who is due; the next tick is due at {}", self.next_tick)
    }
}

/// What the counter shows `microseconds` after `now`, if it counts `hertz` a second: the first
/// number that is not too early. What is beyond all numbers is the highest there is.
pub fn deadline(now: u64, microseconds: u64, hertz: u64) -> u64 {
    todo!("{microseconds} us after {now} with {hertz} a second")
}
