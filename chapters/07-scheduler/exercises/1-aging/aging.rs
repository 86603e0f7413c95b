//! Aging: who has waited too long runs next, whatever its level.
//!
//! All that are ready stand in one line, in the order in which they began to wait. So whoever has
//! waited longest is at its front, and nobody else need be looked at.
//!
//! ```text
//!  line   | thread 3, since 110 | thread 7, since 140 | thread 1, since 141 | ...
//!           due at 110 + PATIENCE
//! ```

use alloc::collections::TryReserveError;
use alloc::vec::Vec;

use super::{Level, Queues, ThreadId};

/// After how many ticks of waiting a thread is due.
pub const PATIENCE: u64 = 25;

/// The level of the queue that is the line. Which one it is does not matter.
const LINE: Level = Level::Idle;

/// How long those wait that are ready.
pub struct Aging {
    /// Who waits, the longest first.
    line: Queues,
    /// Since which tick, by number of the thread.
    since: Vec<u64>,
}

impl Aging {
    /// Nobody waits.
    pub const fn new() -> Self {
        Self { line: Queues::new(), since: Vec::new() }
    }

    /// Makes room for a thread called `id`.
    pub fn reserve(&mut self, id: ThreadId) -> Result<(), TryReserveError> {
        let missing = id.0.saturating_add(1).saturating_sub(self.since.len());
        self.since.try_reserve(missing)?;
        self.line.reserve(id)?;
        self.since.resize(self.since.len() + missing, 0);
        Ok(())
    }

    /// Notes that a thread waits from tick `now` on.
    pub fn begins(&mut self, id: ThreadId, now: u64) {
        todo!("note that {id:?} waits from tick {now} on")
    }

    /// Notes that a thread that waited does so no longer.
    pub fn ends(&mut self, id: ThreadId) {
        todo!("note that {id:?} does not wait any more")
    }

    /// The thread that has waited longest, if it has waited for [`PATIENCE`] ticks at tick `now`.
    pub fn due(&self, now: u64) -> Option<ThreadId> {
        todo!("find who has waited longest, if that is long enough at tick {now}")
    }
}
