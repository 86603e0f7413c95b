//! Queues of threads, one for each level.
//!
//! A thread is in one queue at most, so its links lie in a table, at a place of its own. Nothing is
//! allocated to put it into a queue, and it leaves from the middle as cheaply as from an end: a
//! waiting thread can be killed, or lifted to another level. Each queue is a ring through its head,
//! which has a place in the table like a thread; so the ends are no special cases. A bit for each
//! level whose ring has more than its head makes the highest of them one instruction away. No
//! operation has a loop, so each takes the same time, however many threads there are.
//!
//! ```text
//!  place  of         previous  next
//!  0      Idle       7         5       Idle: thread 0, then thread 2
//!  1      Low        1         1       Low: nobody
//!  ...
//!  5      thread 0   0         7
//!  6      thread 1                     in no queue: its links mean nothing
//!  7      thread 2   5         0
//! ```

use alloc::collections::TryReserveError;
use alloc::vec::Vec;

use super::{Level, ThreadId};

/// How many places of the table are heads.
const HEADS: usize = Level::ALL.len();

/// The places of both neighbours in a ring.
#[derive(Clone, Copy)]
struct Links {
    previous: usize,
    next: usize,
}

/// A queue for each level.
pub struct Queues {
    /// The heads, and then the threads by number. No place is missing before the last.
    links: Vec<Links>,
    /// A bit for each level whose queue is not empty.
    waiting: u32,
}

impl Queues {
    /// Empty queues, with room for nobody.
    pub const fn new() -> Self {
        Self { links: Vec::new(), waiting: 0 }
    }

    /// Makes room for a thread, and for the heads. If there is none, nothing changes.
    pub fn reserve(&mut self, id: ThreadId) -> Result<(), TryReserveError> {
        let start = self.links.len();
        let end = id.0.saturating_add(HEADS + 1).max(start);
        self.links.try_reserve(end - start)?;
        // Whoever is alone is a ring of one.
        self.links.extend((start..end).map(|place| Links { previous: place, next: place }));
        Ok(())
    }

    /// The highest level at which somebody waits.
    pub fn highest(&self) -> Option<Level> {
        Some(Level::ALL[self.waiting.checked_ilog2()? as usize])
    }

    /// Takes out the first thread of the highest level.
    pub fn pop(&mut self) -> Option<ThreadId> {
        let level = self.highest()?;
        let first = self.first(level)?;
        self.remove(level, first);
        Some(first)
    }

    /// The first thread of a level, which stays there.
    pub fn first(&self, level: Level) -> Option<ThreadId> {
        let is_there = self.waiting & bit(level) != 0;
        is_there.then(|| ThreadId(self.links[level as usize].next - HEADS))
    }

    /// Puts a thread, which is in no queue, behind all others of `level`.
    pub fn push_back(&mut self, level: Level, id: ThreadId) {
        let last = self.links[level as usize].previous;
        self.join(last, place(id));
        self.join(place(id), level as usize);
        self.waiting |= bit(level);
    }

    /// Puts a thread, which is in no queue, before all others of `level`.
    pub fn push_front(&mut self, level: Level, id: ThreadId) {
        let first = self.links[level as usize].next;
        self.join(level as usize, place(id));
        self.join(place(id), first);
        self.waiting |= bit(level);
    }

    /// Takes a thread out of the queue of `level`, in which it is.
    pub fn remove(&mut self, level: Level, id: ThreadId) {
        let Links { previous, next } = self.links[place(id)];
        self.join(previous, next);
        // Both its neighbours are the head: it was the only one.
        if previous == next {
            self.waiting &= !bit(level);
        }
    }

    /// Puts all threads of `from` behind those of another level, `to`, in their order.
    pub fn append(&mut self, from: Level, to: Level) {
        if self.waiting & bit(from) == 0 {
            return;
        }
        let Links { previous: last, next: first } = self.links[from as usize];
        self.join(self.links[to as usize].previous, first);
        self.join(last, to as usize);
        self.join(from as usize, from as usize);
        self.waiting = self.waiting & !bit(from) | bit(to);
    }

    /// Makes two places neighbours.
    fn join(&mut self, left: usize, right: usize) {
        self.links[left].next = right;
        self.links[right].previous = left;
    }
}

/// The place of a thread in the table.
fn place(id: ThreadId) -> usize {
    HEADS + id.0
}

/// The bit of a level.
fn bit(level: Level) -> u32 {
    1 << level as usize
}
