//! The multi-level feedback queue of the chapter, without its boost.
//!
//! Given, not to be written. What differs from the chapter: whoever becomes ready is told to
//! `aging.rs`, and so is whoever runs or is gone; and before a queue is looked at, `aging.rs` says
//! who has waited too long. That one has a turn of one tick, and its base level again.

use alloc::collections::TryReserveError;
use alloc::vec::Vec;
use core::mem;

use super::aging::Aging;
use super::{Level, Policy, Queues, State, Thread, ThreadId, Verdict};

/// Threads on levels by what they do.
pub struct Feedback {
    /// By number.
    threads: Vec<Thread>,
    /// Those that are ready.
    queues: Queues,
    running: Option<ThreadId>,
    /// Whether the running one goes to the end of its queue, not to the front. Only somebody who
    /// waits for the turn makes this true.
    turn_is_over: bool,
    /// All ticks that there were, and those of them in which nobody ran.
    now: u64,
    idle_ticks: u64,
    /// How long those wait that are ready.
    aging: Aging,
    /// Whether the running one has its turn because it had waited too long.
    is_aged: bool,
    /// How many such turns there were.
    lifts: u64,
}

impl Feedback {
    /// A policy without threads.
    pub const fn new() -> Self {
        Self {
            threads: Vec::new(),
            queues: Queues::new(),
            running: None,
            turn_is_over: false,
            now: 0,
            idle_ticks: 0,
            aging: Aging::new(),
            is_aged: false,
            lifts: 0,
        }
    }

    fn thread(&mut self, id: ThreadId) -> &mut Thread {
        &mut self.threads[id.0]
    }

    /// Who has waited too long and may run before all others. Nobody is before `Realtime`.
    fn aged(&self) -> Option<ThreadId> {
        let highest = self.queues.highest()?;
        if highest == Level::Realtime { None } else { self.aging.due(self.now) }
    }

    /// Says whether somebody who waits should run instead of whoever is running.
    fn verdict(&mut self) -> Verdict {
        // None, which is nobody, is less than any level.
        let top = self.queues.highest();
        let mine = self.running.map(|id| self.thread(id).level());
        let is_ordinary = mine < Some(Level::Realtime) && !self.is_aged;
        let gives_way = top > mine
            || (self.turn_is_over && top == mine)
            || (is_ordinary && self.aged().is_some());
        self.turn_is_over &= gives_way;
        if gives_way { Verdict::Switch } else { Verdict::Continue }
    }

    /// Makes the running thread ready: at the front of its level if its turn is not over.
    fn put_back(&mut self) {
        let turn_is_over = mem::take(&mut self.turn_is_over);
        self.is_aged = false;
        let Some(id) = self.running.take() else { return };
        self.aging.begins(id, self.now);
        let thread = self.thread(id);
        thread.step(id, State::Running, State::Ready);
        let level = thread.level();
        if turn_is_over {
            self.queues.push_back(level, id);
        } else {
            self.queues.push_front(level, id);
        }
    }

    /// Gives a thread that is ready its base level back, and a turn of one tick at the top.
    fn lift(&mut self, id: ThreadId) {
        self.lifts += 1;
        let lifts = self.lifts;
        self.thread(id).catch_up(lifts);
        self.is_aged = true;
    }
}

impl Policy for Feedback {
    fn reserve(&mut self, id: ThreadId) -> Result<(), TryReserveError> {
        let missing = id.0.saturating_add(1).saturating_sub(self.threads.len());
        self.threads.try_reserve(missing)?;
        self.queues.reserve(id)?;
        self.aging.reserve(id)?;
        self.threads.resize(self.threads.len() + missing, Thread::ABSENT);
        Ok(())
    }

    fn add(&mut self, id: ThreadId, base: Level) {
        let now = self.now;
        self.thread(id).begin(id, base, now);
    }

    fn remove(&mut self, id: ThreadId) -> u64 {
        let thread = *self.thread(id);
        match thread.state() {
            State::Ready => {
                self.queues.remove(thread.level(), id);
                self.aging.ends(id);
            }
            State::Running => (self.running, self.is_aged) = (None, false),
            State::Blocked => {}
            State::Absent => debug_assert!(false, "thread {} is Absent: it cannot end", id.0),
        }
        self.threads[id.0] = Thread::ABSENT;
        thread.ticks()
    }

    fn wake(&mut self, id: ThreadId) -> Verdict {
        let now = self.now;
        let thread = self.thread(id);
        thread.wake(id, now);
        let level = thread.level();
        self.queues.push_back(level, id);
        self.aging.begins(id, now);
        self.verdict()
    }

    fn block(&mut self, id: ThreadId) {
        let now = self.now;
        self.thread(id).block(id, now);
        (self.running, self.is_aged) = (None, false);
    }

    fn yield_now(&mut self) -> Verdict {
        if let Some(id) = self.running {
            self.thread(id).end_boost();
            self.turn_is_over = true;
        }
        self.verdict()
    }

    fn tick(&mut self) -> Verdict {
        self.now += 1;
        match self.running {
            Some(id) => {
                self.turn_is_over |= self.thread(id).charge();
                self.is_aged = false;
            }
            None => self.idle_ticks += 1,
        }
        self.verdict()
    }

    fn pick(&mut self) -> Option<ThreadId> {
        self.put_back();
        let id = match self.aged() {
            Some(id) => {
                let level = self.thread(id).level();
                self.queues.remove(level, id);
                self.lift(id);
                id
            }
            None => self.queues.pop()?,
        };
        self.aging.ends(id);
        self.thread(id).step(id, State::Ready, State::Running);
        self.running = Some(id);
        Some(id)
    }

    fn lend(&mut self, id: ThreadId, floor: Level) -> Verdict {
        let thread = self.thread(id);
        let before = thread.level();
        thread.lend(floor);
        let (after, state) = (thread.level(), thread.state());
        match state {
            State::Ready if after != before => {
                self.queues.remove(before, id);
                self.queues.push_back(after, id);
            }
            State::Running => self.turn_is_over |= after < before,
            State::Ready | State::Blocked => {}
            State::Absent => debug_assert!(false, "thread {} is Absent: it borrows nothing", id.0),
        }
        self.verdict()
    }

    fn running(&self) -> Option<ThreadId> {
        self.running
    }

    fn state(&self, id: ThreadId) -> State {
        self.threads.get(id.0).map_or(State::Absent, Thread::state)
    }

    fn level(&self, id: ThreadId) -> Level {
        self.threads[id.0].level()
    }

    fn ticks(&self, id: ThreadId) -> u64 {
        self.threads[id.0].ticks()
    }

    fn idle_ticks(&self) -> u64 {
        self.idle_ticks
    }
}
