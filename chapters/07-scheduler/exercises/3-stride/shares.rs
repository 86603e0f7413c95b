//! A policy that gives each thread its share of the processor.
//!
//! Given, not to be written. It knows who is there and what they do, and asks `stride.rs` whose
//! turn it is. It looks at all threads for that: with some dozens of them that costs no more than
//! to keep them in order would.

use alloc::collections::TryReserveError;
use alloc::vec::Vec;

use super::stride::{Account, Stride};
use super::{Level, Policy, State, ThreadId, Verdict};

/// A thread.
#[derive(Clone, Copy)]
struct Entry {
    state: State,
    base: Level,
    /// The level that others have lent it.
    lent: Level,
    /// The ticks that it ran.
    ticks: u64,
    account: Account,
}

impl Entry {
    const ABSENT: Self = Self {
        state: State::Absent,
        base: Level::Idle,
        lent: Level::Idle,
        ticks: 0,
        account: Account { tickets: 1, pass: 0 },
    };

    fn level(&self) -> Level {
        self.base.max(self.lent)
    }
}

/// Threads with shares.
pub struct Shares {
    /// By number.
    entries: Vec<Entry>,
    running: Option<ThreadId>,
    /// Whether the running one lets others go first, once.
    has_yielded: bool,
    idle_ticks: u64,
    stride: Stride,
}

/// How many tickets a level is worth.
pub fn tickets(level: Level) -> u64 {
    level.slice().into()
}

impl Shares {
    /// A policy without threads.
    pub const fn new() -> Self {
        Self {
            entries: Vec::new(),
            running: None,
            has_yielded: false,
            idle_ticks: 0,
            stride: Stride::new(),
        }
    }

    /// Whose turn it is, of those who are ready.
    fn first(&self) -> Option<ThreadId> {
        let ready = |(_, entry): &(usize, &Entry)| entry.state == State::Ready;
        let accounts = self.entries.iter().enumerate().filter(ready);
        self.stride.first(accounts.map(|(index, entry)| (ThreadId(index), entry.account)))
    }

    /// Says whether somebody who is ready should run instead of whoever is running.
    fn verdict(&self) -> Verdict {
        let Some(first) = self.first() else { return Verdict::Continue };
        let pass = |id: ThreadId| self.entries[id.0].account.pass;
        match self.running {
            Some(id) if !self.has_yielded && pass(id) <= pass(first) => Verdict::Continue,
            _ => Verdict::Switch,
        }
    }
}

impl Policy for Shares {
    fn reserve(&mut self, id: ThreadId) -> Result<(), TryReserveError> {
        let missing = id.0.saturating_add(1).saturating_sub(self.entries.len());
        self.entries.try_reserve(missing)?;
        self.entries.resize(self.entries.len() + missing, Entry::ABSENT);
        Ok(())
    }

    fn add(&mut self, id: ThreadId, base: Level) {
        let account = Account { tickets: tickets(base), pass: 0 };
        self.entries[id.0] = Entry { state: State::Blocked, base, account, ..Entry::ABSENT };
    }

    fn remove(&mut self, id: ThreadId) -> u64 {
        if self.running == Some(id) {
            self.running = None;
        }
        core::mem::replace(&mut self.entries[id.0], Entry::ABSENT).ticks
    }

    fn wake(&mut self, id: ThreadId) -> Verdict {
        let entry = &mut self.entries[id.0];
        entry.state = State::Ready;
        self.stride.join(&mut entry.account);
        self.verdict()
    }

    fn block(&mut self, id: ThreadId) {
        self.entries[id.0].state = State::Blocked;
        self.running = None;
    }

    fn yield_now(&mut self) -> Verdict {
        self.has_yielded = self.first().is_some();
        self.verdict()
    }

    fn tick(&mut self) -> Verdict {
        match self.running {
            Some(id) => {
                let entry = &mut self.entries[id.0];
                entry.ticks += 1;
                self.stride.charge(&mut entry.account);
            }
            None => self.idle_ticks += 1,
        }
        self.verdict()
    }

    fn pick(&mut self) -> Option<ThreadId> {
        let former = self.running.take();
        // Whoever has yielded is ready only when the next one has been found.
        let others = if self.has_yielded { self.first() } else { None };
        if let Some(id) = former {
            self.entries[id.0].state = State::Ready;
        }
        self.has_yielded = false;
        let id = others.or_else(|| self.first())?;
        self.entries[id.0].state = State::Running;
        self.running = Some(id);
        Some(id)
    }

    fn lend(&mut self, id: ThreadId, floor: Level) -> Verdict {
        let entry = &mut self.entries[id.0];
        entry.lent = floor;
        let tickets = tickets(entry.level());
        if entry.account.tickets != tickets {
            self.stride.change(&mut entry.account, tickets);
        }
        self.verdict()
    }

    fn running(&self) -> Option<ThreadId> {
        self.running
    }

    fn state(&self, id: ThreadId) -> State {
        self.entries.get(id.0).map_or(State::Absent, |entry| entry.state)
    }

    fn level(&self, id: ThreadId) -> Level {
        self.entries[id.0].level()
    }

    fn ticks(&self, id: ThreadId) -> u64 {
        self.entries[id.0].ticks
    }

    fn idle_ticks(&self) -> u64 {
        self.idle_ticks
    }
}
