//! Who waits for whom.

use core::time::Duration;

use super::{Level, ThreadId};

/// A thread that waits for a mutex.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// Who waits.
    pub waiter: ThreadId,
    /// Who has the mutex.
    pub holder: ThreadId,
    /// Which mutex it is.
    pub key: usize,
    /// Where the waiter stands now, by its own doing or because it was lent a level.
    pub level: Level,
    /// Who began to wait earlier has less.
    pub since: Duration,
}

/// All threads.
pub trait Threads {
    /// Those who wait for a mutex.
    fn waits(&self) -> impl Iterator<Item = Wait>;

    /// Lifts a thread to at least `floor`. Replaces what was lent to it before; with
    /// [`Level::Idle`] it stands where it does of its own.
    fn lend(&mut self, id: ThreadId, floor: Level);
}
