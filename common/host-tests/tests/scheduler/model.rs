//! A model of the policy: the same rules, done to every thread as soon as they apply.

use std::cmp::Reverse;
use std::collections::{BTreeMap, TryReserveError};

use crate::scheduler::policy::feedback::BOOST_TICKS;
use crate::scheduler::policy::{Level, Policy, State, ThreadId, Verdict};

struct Thread {
    state: State,
    base: Level,
    own: Level,
    lent: Level,
    is_boosted: bool,
    used: u32,
    rested: u32,
    ticks: u64,
}

impl Thread {
    fn standing(&self) -> Level {
        self.own.max(self.lent)
    }

    fn level(&self) -> Level {
        self.standing().max(if self.is_boosted { Level::High } else { Level::Idle })
    }

    fn sink(&mut self) {
        self.own = match self.own {
            Level::High => Level::Normal,
            Level::Normal => Level::Low,
            stays => stays,
        };
        (self.used, self.rested) = (0, 0);
    }

    fn rise(&mut self) {
        while self.own < self.base {
            let above = Level::ALL[self.own as usize + 1];
            if self.rested < above.slice() {
                return;
            }
            self.own = above;
            self.rested -= above.slice();
        }
        self.rested = 0;
    }
}

/// Threads by number, and one line of those that are ready.
#[derive(Default)]
pub struct Model {
    threads: BTreeMap<ThreadId, Thread>,
    line: Vec<ThreadId>,
    running: Option<ThreadId>,
    turn_is_over: bool,
    now: u64,
    idle: u64,
}

impl Model {
    fn thread(&mut self, id: ThreadId) -> &mut Thread {
        self.threads.get_mut(&id).expect("the calls are right")
    }

    /// The first in the line of those with the highest level.
    fn first(&self) -> Option<ThreadId> {
        let highest = self.line.iter().map(|id| self.level(*id)).max()?;
        self.line.iter().copied().find(|id| self.level(*id) == highest)
    }

    fn verdict(&mut self) -> Verdict {
        let first = self.first().map(|id| self.level(id));
        let gives_way = match (first, self.running.map(|id| self.level(id))) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(top), Some(mine)) if top == mine => self.turn_is_over,
            (Some(top), Some(mine)) => top > mine,
        };
        self.turn_is_over = self.turn_is_over && gives_way;
        if gives_way { Verdict::Switch } else { Verdict::Continue }
    }

    fn stop(&mut self, id: ThreadId) {
        self.line.retain(|other| *other != id);
        if self.running == Some(id) {
            (self.running, self.turn_is_over) = (None, false);
        }
    }

    fn charge(&mut self, id: ThreadId) {
        let thread = self.thread(id);
        thread.ticks += 1;
        thread.used += 1;
        let mut is_over = thread.is_boosted && thread.standing() != Level::Realtime;
        thread.is_boosted = false;
        if thread.used >= thread.standing().slice() {
            thread.sink();
            is_over = true;
        }
        self.turn_is_over = self.turn_is_over || is_over;
    }

    fn boost(&mut self) {
        let levels: BTreeMap<_, _> = self.line.iter().map(|id| (*id, self.level(*id))).collect();
        self.line.sort_by_key(|id| Reverse(levels[id]));
        for thread in self.threads.values_mut() {
            thread.own = thread.base;
            thread.rested = 0;
            thread.is_boosted = thread.state == State::Ready;
        }
        if self.running.is_some_and(|id| self.level(id) != Level::Realtime) {
            self.turn_is_over = true;
        }
    }
}

impl Policy for Model {
    fn reserve(&mut self, _: ThreadId) -> Result<(), TryReserveError> {
        Ok(())
    }

    fn add(&mut self, id: ThreadId, base: Level) {
        let thread = Thread {
            state: State::Blocked,
            base,
            own: base,
            lent: Level::Idle,
            is_boosted: false,
            used: 0,
            rested: 0,
            ticks: 0,
        };
        assert!(self.threads.insert(id, thread).is_none(), "the calls are right");
    }

    fn remove(&mut self, id: ThreadId) -> u64 {
        self.stop(id);
        self.threads.remove(&id).expect("the calls are right").ticks
    }

    fn wake(&mut self, id: ThreadId) -> Verdict {
        let thread = self.thread(id);
        thread.state = State::Ready;
        thread.rise();
        self.line.push(id);
        self.verdict()
    }

    fn block(&mut self, id: ThreadId) {
        self.stop(id);
        let thread = self.thread(id);
        (thread.state, thread.is_boosted) = (State::Blocked, false);
    }

    fn yield_now(&mut self) -> Verdict {
        if let Some(id) = self.running {
            self.thread(id).is_boosted = false;
            self.turn_is_over = true;
        }
        self.verdict()
    }

    fn tick(&mut self) -> Verdict {
        self.now += 1;
        for thread in self.threads.values_mut().filter(|thread| thread.state == State::Blocked) {
            if thread.used > 0 {
                thread.used -= 1;
            } else {
                thread.rested += 1;
            }
        }
        match self.running {
            Some(id) => self.charge(id),
            None => self.idle += 1,
        }
        if self.now.is_multiple_of(BOOST_TICKS) {
            self.boost();
        }
        self.verdict()
    }

    fn pick(&mut self) -> Option<ThreadId> {
        if let Some(id) = self.running {
            let place = if self.turn_is_over { self.line.len() } else { 0 };
            self.stop(id);
            self.thread(id).state = State::Ready;
            self.line.insert(place, id);
        }
        let id = self.first()?;
        self.stop(id);
        self.thread(id).state = State::Running;
        self.running = Some(id);
        self.running
    }

    fn lend(&mut self, id: ThreadId, floor: Level) -> Verdict {
        let before = self.level(id);
        self.thread(id).lent = floor;
        let after = self.level(id);
        match self.state(id) {
            State::Ready if before != after => {
                self.stop(id);
                self.line.push(id);
            }
            State::Running if before > after => self.turn_is_over = true,
            _ => {}
        }
        self.verdict()
    }

    fn running(&self) -> Option<ThreadId> {
        self.running
    }

    fn state(&self, id: ThreadId) -> State {
        self.threads.get(&id).map_or(State::Absent, |thread| thread.state)
    }

    fn level(&self, id: ThreadId) -> Level {
        self.threads[&id].level()
    }

    fn ticks(&self, id: ThreadId) -> u64 {
        self.threads[&id].ticks
    }

    fn idle_ticks(&self) -> u64 {
        self.idle
    }
}
