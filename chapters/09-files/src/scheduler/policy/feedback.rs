//! A multi-level feedback queue in which nobody starves.
//!
//! Every operation takes the same time, however many threads there are; only [`Policy::reserve`]
//! may copy the tables.
//!
//! Every [`BOOST_TICKS`] all threads get their base level back, whether they computed or slept, and
//! those that are ready go to the end of [`Level::High`] for one tick each, higher levels first.
//! That touches no thread. It counts a boost and ties three queues to the end of another, and a
//! thread learns of it when it is next looked at, for each notes the boosts that it knows of. Until
//! then its entry is that of an old level; but nobody reads one without [`Thread::catch_up`].
//!
//! # How long a thread waits
//!
//! A ready thread below `Realtime` waits for
//!
//! ```text
//!  W  <=  BOOST_TICKS  +  (n - 1)  +  R     ticks
//! ```
//!
//! where n threads below `Realtime` are ready at the next boost, itself included, and R ticks after
//! that go to `Realtime`. For a boost comes within `BOOST_TICKS`. Then it stands in the queue of
//! `High`, and before it are at most the n - 1 others: the running one goes to the end of its
//! queue, and who joins later comes behind. Each of those before it has one tick, or blocks
//! earlier. Only `Realtime` comes between, and whom it interrupts goes on where it was. A further
//! boost changes nothing in that order.
//!
//! Whoever was lent a level goes to the end of its own queue when that is taken back, or it would
//! come before those that were there. If it has not run at all since, its wait counts from then.

use alloc::collections::TryReserveError;
use alloc::vec::Vec;
use core::mem;

use super::queues::Queues;
use super::thread::Thread;
use super::{Level, Policy, State, ThreadId, Verdict};

/// How many ticks lie between two boosts.
pub const BOOST_TICKS: u64 = 100;

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
    boosts: u64,
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
            boosts: 0,
        }
    }

    /// The entry of a thread, up to date.
    fn thread(&mut self, id: ThreadId) -> &mut Thread {
        let thread = &mut self.threads[id.0];
        thread.catch_up(self.boosts);
        thread
    }

    /// Says whether somebody who waits should run instead of whoever is running.
    fn verdict(&mut self) -> Verdict {
        // None, which is nobody, is less than any level.
        let top = self.queues.highest();
        let mine = self.running.map(|id| self.thread(id).level());
        let gives_way = top > mine || (self.turn_is_over && top == mine);
        self.turn_is_over &= gives_way;
        if gives_way { Verdict::Switch } else { Verdict::Continue }
    }

    /// Makes the running thread ready: at the front of its level if its turn is not over.
    fn put_back(&mut self) {
        let turn_is_over = mem::take(&mut self.turn_is_over);
        let Some(id) = self.running.take() else { return };
        let thread = self.thread(id);
        thread.step(id, State::Running, State::Ready);
        let level = thread.level();
        if turn_is_over {
            self.queues.push_back(level, id);
        } else {
            self.queues.push_front(level, id);
        }
    }

    /// Gives all threads their base levels back, and a turn to all that wait below `Realtime`.
    fn boost(&mut self) {
        self.boosts += 1;
        for level in [Level::Normal, Level::Low, Level::Idle] {
            self.queues.append(level, Level::High);
        }
        if let Some(id) = self.running {
            self.turn_is_over |= self.thread(id).level() < Level::Realtime;
        }
    }
}

impl Policy for Feedback {
    fn reserve(&mut self, id: ThreadId) -> Result<(), TryReserveError> {
        let missing = id.0.saturating_add(1).saturating_sub(self.threads.len());
        self.threads.try_reserve(missing)?;
        self.queues.reserve(id)?;
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
            State::Ready => self.queues.remove(thread.level(), id),
            State::Running => self.running = None,
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
        self.verdict()
    }

    fn block(&mut self, id: ThreadId) {
        let now = self.now;
        self.thread(id).block(id, now);
        self.running = None;
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
            Some(id) => self.turn_is_over |= self.thread(id).charge(),
            None => self.idle_ticks += 1,
        }
        if self.now.is_multiple_of(BOOST_TICKS) {
            self.boost();
        }
        self.verdict()
    }

    fn pick(&mut self) -> Option<ThreadId> {
        self.put_back();
        let id = self.queues.pop()?;
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
        let mut thread = self.threads[id.0];
        thread.catch_up(self.boosts);
        thread.level()
    }

    fn ticks(&self, id: ThreadId) -> u64 {
        self.threads[id.0].ticks()
    }

    fn idle_ticks(&self) -> u64 {
        self.idle_ticks
    }
}
