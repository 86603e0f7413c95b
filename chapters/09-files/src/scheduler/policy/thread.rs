//! What the feedback policy knows about one thread.
//!
//! A thread has an account with two columns, both in ticks, and both of its own doing: what it used
//! of its slice at this level, and what it was blocked beyond that. Being blocked pays for what was
//! used, tick for tick, and only then for a way up, whose price is the slice of the level above.
//! So who blocks just before its slice ends gains no more than the time for which it is away:
//!
//! ```text
//!  between two boosts:  ticks run at a level above Low  <=  its slice + ticks blocked
//! ```
//!
//! Somebody who types is away nearly always and stays on top; who computes sinks. (Ticks at a level
//! that was lent, and the one that a boost gives, count as used, but not as run at that level.)
//!
//! Ticks are samples. Whoever runs between two ticks and is away at each is charged nothing; a
//! finer clock would see that.

use super::{Level, State, ThreadId};

/// An entry of the policy's table.
#[derive(Clone, Copy)]
pub struct Thread {
    state: State,
    /// The highest level that it may have of its own.
    base: Level,
    /// The level that it has by what it did.
    level: Level,
    /// The level that others have lent it.
    lent: Level,
    /// Whether it still has the turn that the last boost gives.
    is_boosted: bool,
    /// Ticks of its slice that are used and not paid for.
    used: u32,
    /// Ticks blocked that have paid for nothing yet. At the base level they mean nothing.
    rested: u32,
    /// The tick at which it was blocked.
    blocked_at: u64,
    /// The ticks that it ran.
    ticks: u64,
    /// How many boosts there were when somebody last looked at it.
    boosts: u64,
}

impl Thread {
    /// No thread.
    pub const ABSENT: Self = Self {
        state: State::Absent,
        base: Level::Idle,
        level: Level::Idle,
        lent: Level::Idle,
        is_boosted: false,
        used: 0,
        rested: 0,
        blocked_at: 0,
        ticks: 0,
        boosts: 0,
    };

    /// Makes a new thread of no thread, at its base level, blocked at tick `now`.
    pub fn begin(&mut self, id: ThreadId, base: Level, now: u64) {
        self.step(id, State::Absent, State::Blocked);
        self.base = base;
        self.level = base;
        self.blocked_at = now;
    }

    /// What it is doing.
    pub fn state(&self) -> State {
        self.state
    }

    /// How many ticks it ran.
    pub fn ticks(&self) -> u64 {
        self.ticks
    }

    /// The level at which it is queued or runs.
    pub fn level(&self) -> Level {
        if self.is_boosted { self.standing().max(Level::High) } else { self.standing() }
    }

    /// Its level without a boost, which says how long its slice is.
    fn standing(&self) -> Level {
        self.level.max(self.lent)
    }

    /// Goes from one state to another.
    pub fn step(&mut self, id: ThreadId, from: State, to: State) {
        let state = self.state;
        debug_assert!(
            state == from,
            "thread {} is {state:?}, not {from:?}: it cannot become {to:?}",
            id.0
        );
        self.state = to;
    }

    /// Stops running at tick `now`, which ends a boost.
    pub fn block(&mut self, id: ThreadId, now: u64) {
        self.step(id, State::Running, State::Blocked);
        self.blocked_at = now;
        self.is_boosted = false;
    }

    /// Is ready again at tick `now`, on the level that the time since then has paid for.
    pub fn wake(&mut self, id: ThreadId, now: u64) {
        self.step(id, State::Blocked, State::Ready);
        self.rest(now - self.blocked_at);
    }

    /// Has a floor under its level from now on.
    pub fn lend(&mut self, floor: Level) {
        self.lent = floor;
    }

    /// Has had its turn of the last boost.
    pub fn end_boost(&mut self) {
        self.is_boosted = false;
    }

    /// Has run for a tick. Says whether that was the last of its turn.
    ///
    /// A boosted turn lasts for one tick, and a whole slice of ticks sinks it, in how many turns
    /// ever.
    pub fn charge(&mut self) -> bool {
        self.ticks += 1;
        self.used += 1;
        let is_one_tick = self.is_boosted && self.standing() < Level::Realtime;
        let is_used_up = self.used >= self.standing().slice();
        if is_used_up {
            self.sink();
        }
        self.end_boost();
        is_one_tick || is_used_up
    }

    /// Makes up for the boosts that there were since somebody last looked at it: back to its base
    /// level, with a turn at the top if it waited for the processor. What it used stays used, or
    /// its turn could last for two slices.
    pub fn catch_up(&mut self, boosts: u64) {
        if self.boosts != boosts {
            self.boosts = boosts;
            self.level = self.base;
            self.is_boosted = self.state == State::Ready;
        }
    }

    /// Goes down a level with a new slice.
    ///
    /// `Low` is the bottom for all who did not ask for `Idle`: what computes must not wait for
    /// what has no hurry. `Realtime` stays: sinking would make it late without a word, which is
    /// what it was chosen against. Whoever gives that level answers for what the thread does.
    fn sink(&mut self) {
        self.level = match self.level {
            Level::High => Level::Normal,
            Level::Normal => Level::Low,
            Level::Realtime | Level::Low | Level::Idle => self.level,
        };
        self.used = 0;
        self.rested = 0;
    }

    /// Gets what `ticks` of being blocked are worth.
    fn rest(&mut self, ticks: u64) {
        let ticks = u32::try_from(ticks).unwrap_or(u32::MAX);
        let paid = ticks.min(self.used);
        self.used -= paid;
        self.rested = self.rested.saturating_add(ticks - paid);
        while self.level < self.base && self.rise() {}
    }

    /// Goes up a level, if it has rested enough for that.
    fn rise(&mut self) -> bool {
        let above = Level::ALL[self.level as usize + 1];
        let left = self.rested.checked_sub(above.slice());
        if let Some(left) = left {
            self.level = above;
            self.rested = left;
        }
        left.is_some()
    }
}
