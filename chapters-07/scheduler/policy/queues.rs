//! Queues of threads, one for each level.
//!
//! A thread is in one queue at most, so its links lie in a table, at its number. Nothing is
//! allocated to put it into a queue, and it leaves from the middle as cheaply as from an end: a
//! waiting thread can be killed, or lifted to another level. A bit for each level that is not empty
//! makes the highest of them one instruction away. No operation has a loop, so each takes the same
//! time, however many threads there are.
//!
//! ```text
//!  waiting: 0 0 1 0 1                   links:  number  previous  next
//!               │   └── Idle:   4 .. 4               0  2         none
//!               └────── Normal: 2 .. 0               2  none      0
//!                                                    4  none      none
//! ```

use alloc::collections::TryReserveError;
use alloc::vec::Vec;
use core::mem;

use super::{Level, ThreadId};

/// The neighbours of a thread in its queue.
#[derive(Clone, Copy, Default)]
struct Links {
    previous: Option<ThreadId>,
    next: Option<ThreadId>,
}

/// A queue, from outside.
#[derive(Clone, Copy)]
struct Ends {
    first: Option<ThreadId>,
    last: Option<ThreadId>,
}

impl Ends {
    const EMPTY: Self = Self { first: None, last: None };
}

/// A queue for each level.
pub struct Queues {
    links: Vec<Links>,
    ends: [Ends; Level::ALL.len()],
    /// A bit for each level whose queue is not empty.
    waiting: u32,
}

impl Queues {
    /// Empty queues, with room for nobody.
    pub const fn new() -> Self {
        Self { links: Vec::new(), ends: [Ends::EMPTY; Level::ALL.len()], waiting: 0 }
    }

    /// Makes room for a thread. If there is none, nothing changes.
    pub fn reserve(&mut self, id: ThreadId) -> Result<(), TryReserveError> {
        reserve(&mut self.links, id, Links::default())
    }

    /// The highest level at which somebody waits.
    pub fn highest(&self) -> Option<Level> {
        Some(Level::ALL[self.waiting.checked_ilog2()? as usize])
    }

    /// Takes out the first thread of the highest level.
    pub fn pop(&mut self) -> Option<ThreadId> {
        let level = self.highest()?;
        let first = self.ends[level as usize].first?;
        self.remove(level, first);
        Some(first)
    }

    /// Puts a thread, which is in no queue, behind all others of `level`.
    pub fn push_back(&mut self, level: Level, id: ThreadId) {
        self.join(level, self.ends[level as usize].last, Some(id));
        self.join(level, Some(id), None);
    }

    /// Puts a thread, which is in no queue, before all others of `level`.
    pub fn push_front(&mut self, level: Level, id: ThreadId) {
        self.join(level, Some(id), self.ends[level as usize].first);
        self.join(level, None, Some(id));
    }

    /// Takes a thread out of the queue of `level`, in which it is.
    pub fn remove(&mut self, level: Level, id: ThreadId) {
        let Links { previous, next } = self.links[id.0];
        self.join(level, previous, next);
    }

    /// Puts all threads of `from` behind those of another level, `to`, in their order.
    pub fn append(&mut self, from: Level, to: Level) {
        let moved = mem::replace(&mut self.ends[from as usize], Ends::EMPTY);
        if moved.first.is_some() {
            self.waiting &= !(1 << from as usize);
            self.join(to, self.ends[to as usize].last, moved.first);
            self.ends[to as usize].last = moved.last;
        }
    }

    /// Makes two threads neighbours in the queue of `level`. Where there is none on one side, the
    /// other becomes an end; where there is none at all, the queue is empty.
    fn join(&mut self, level: Level, left: Option<ThreadId>, right: Option<ThreadId>) {
        match left {
            Some(left) => self.links[left.0].next = right,
            None => self.set_first(level, right),
        }
        match right {
            Some(right) => self.links[right.0].previous = left,
            None => self.ends[level as usize].last = left,
        }
    }

    /// Makes a thread the first of its queue, or the queue empty.
    fn set_first(&mut self, level: Level, first: Option<ThreadId>) {
        self.ends[level as usize].first = first;
        let bit = 1 << level as usize;
        self.waiting = if first.is_some() { self.waiting | bit } else { self.waiting & !bit };
    }
}

/// Makes `table` long enough for an entry at `id`, with copies of `empty`.
pub fn reserve<T: Clone>(
    table: &mut Vec<T>,
    id: ThreadId,
    empty: T,
) -> Result<(), TryReserveError> {
    let missing = id.0.saturating_add(1).saturating_sub(table.len());
    table.try_reserve(missing)?;
    table.resize(table.len() + missing, empty);
    Ok(())
}
