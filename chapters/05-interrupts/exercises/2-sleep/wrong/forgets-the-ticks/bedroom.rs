//! Who sleeps until when, and what the machine's one alarm is set to.
//!
//! Ticks and sleepers share it. So whenever something changes, it is set to what comes first, and
//! that is worked out anew each time: then it cannot be forgotten. A tick is due one interval after
//! the last one was *due*, not after it was noticed; else each delay would stay for ever.
//!
//! Whether a deadline has come is decided by the counter alone, and not by the alarm, which may
//! ring early. So nobody wakes early.

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
        let bed = self.sleepers.iter_mut().find(|bed| bed.is_none()).ok_or(Full)?;
        *bed = Some(sleeper);
        self.set(alarm);
        Ok(())
    }

    /// The alarm rings, and it is `now`. Wakes by `wake` all whose deadline has come, whoever
    /// wanted to be woken earlier before the others, and sets the alarm again. Returns how many
    /// ticks have become due.
    pub fn ring(&mut self, now: u64, alarm: &mut impl Alarm, mut wake: impl FnMut(usize)) -> u64 {
        while let Some(bed) = self.first().filter(|bed| is_due(bed, now)) {
            wake(bed.take().expect("somebody is due").name);
        }
        let mut ticks = 0;
        while self.next_tick <= now {
            self.next_tick += self.interval;
            ticks += 1;
        }
        self.set(alarm);
        ticks
    }

    /// The bed of whoever is to be woken first.
    fn first(&mut self) -> Option<&mut Option<Sleeper>> {
        let taken = self.sleepers.iter_mut().filter(|bed| bed.is_some());
        taken.min_by_key(|bed| bed.map(|sleeper| sleeper.deadline))
    }

    /// Sets the alarm to what comes first.
    fn set(&mut self, alarm: &mut impl Alarm) {
        let deadlines = self.sleepers.iter().flatten().map(|sleeper| sleeper.deadline);
        alarm.set(deadlines.min().unwrap_or(self.next_tick));
    }
}

fn is_due(bed: &Option<Sleeper>, now: u64) -> bool {
    bed.is_some_and(|sleeper| sleeper.deadline <= now)
}

/// What the counter shows `microseconds` after `now`, if it counts `hertz` a second: the first
/// number that is not too early. What is beyond all numbers is the highest there is.
pub fn deadline(now: u64, microseconds: u64, hertz: u64) -> u64 {
    // Two numbers of 64 bits have a product of 128.
    let count = (u128::from(microseconds) * u128::from(hertz)).div_ceil(1_000_000);
    u64::try_from(count).map_or(u64::MAX, |count| now.saturating_add(count))
}
