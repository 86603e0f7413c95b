//! A machine with threads that nobody wrote, for the tests: it keeps its own account of what each
//! did, and prints the list that a kernel would print.
//!
//! It is no scheduler to learn from. It only makes every list that a kernel may print: threads that
//! block and are woken before they have lost the processor, levels that change, turns of a
//! nanosecond, several things at one moment.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::level::Level;
use super::trace::{Event, Id, Thread, Trace, What};

/// A run, and what the machine knows of it.
#[derive(Clone, Debug)]
pub struct Run {
    /// What a kernel would remember.
    pub trace: Trace,
    /// How long each thread had the processor.
    pub ran: BTreeMap<Id, u64>,
    /// How often each was woken.
    pub woken: BTreeMap<Id, usize>,
    /// The longest time that each was ready for.
    pub waited: BTreeMap<Id, u64>,
}

/// A step of the machine: how long it takes, what is done, and to which thread.
type Step = (u64, u8, usize);

/// Runs of up to so many threads and steps.
pub fn runs(threads: usize, steps: usize) -> impl Strategy<Value = Run> {
    let step = (prop_oneof![Just(0), Just(1), 0..50_000_000_u64], any::<u8>(), any::<usize>());
    let steps = proptest::collection::vec(step, 0..steps);
    (2..=threads, 0..2_000_000_000_u64, steps, 0..3_u64).prop_map(|(count, start, steps, lost)| {
        let mut machine = Machine::new(count, start, lost);
        steps.into_iter().for_each(|step| machine.step(step));
        machine.finish()
    })
}

struct Machine {
    run: Run,
    now: u64,
    holder: usize,
    /// Since when each is ready, if it is and does not run.
    ready: Vec<Option<u64>>,
    /// Whether each waits for something.
    is_blocked: Vec<bool>,
    has_ended: Vec<bool>,
    levels: Vec<Level>,
}

impl Machine {
    fn new(count: usize, start: u64, lost: u64) -> Self {
        let name = |index: usize| match index {
            0 => "idle".to_string(),
            index => format!("{}{index}", ["hog", "shell", "a-thread-with-a-long-name"][index % 3]),
        };
        let thread = |index: usize| Thread {
            id: Id(index as u64),
            name: name(index),
            pid: (!index.is_multiple_of(3)).then_some(index as u64 / 2),
            base: Level::ALL[index % Level::ALL.len()],
        };
        let threads: Vec<Thread> = (0..count).map(thread).collect();
        let levels = threads.iter().map(|thread| thread.base).collect();
        let trace = Trace { threads, lost, ..Trace::default() };
        let none = BTreeMap::new();
        let run = Run { trace, ran: none.clone(), woken: BTreeMap::new(), waited: none };
        let (ready, ended) = (vec![None; count], vec![false; count]);
        let is_blocked = vec![true; count];
        Self { run, now: start, holder: 0, ready, is_blocked, has_ended: ended, levels }
    }

    fn push(&mut self, what: What) {
        self.run.trace.events.push(Event { time: self.now, what });
    }

    fn step(&mut self, (time, action, number): Step) {
        // Time that passes before the first event is not in the list.
        if !self.run.trace.events.is_empty() {
            *self.run.ran.entry(Id(self.holder as u64)).or_default() += time;
        }
        self.now += time;
        let one = number % self.levels.len();
        let id = Id(one as u64);
        match action % 8 {
            0..3 => self.switch(one),
            3 | 4 if !self.has_ended[one] => self.wake(one),
            5 if self.holder > 0 => {
                self.push(What::Block(Id(self.holder as u64)));
                self.is_blocked[self.holder] = true;
            }
            6 if !self.has_ended[one] => {
                self.levels[one] = Level::ALL[number / 7 % Level::ALL.len()];
                self.push(What::Level(id, self.levels[one]));
            }
            7 if self.holder > 0 && action > 200 => {
                self.push(What::End(Id(self.holder as u64)));
                self.has_ended[self.holder] = true;
                self.switch(0);
            }
            _ => self.push(What::Tick(Id(self.holder as u64))),
        }
    }

    fn wake(&mut self, one: usize) {
        self.push(What::Wake(Id(one as u64)));
        *self.run.woken.entry(Id(one as u64)).or_default() += 1;
        self.is_blocked[one] = false;
        if one != self.holder && self.ready[one].is_none() {
            self.ready[one] = Some(self.now);
        }
    }

    /// Gives the processor to `to`, unless that one cannot run.
    fn switch(&mut self, to: usize) {
        if to == self.holder || self.has_ended[to] {
            return;
        }
        let from = std::mem::replace(&mut self.holder, to);
        self.push(What::Switch { from: Id(from as u64), to: Id(to as u64) });
        self.end_wait(to);
        self.is_blocked[to] = false;
        if !self.is_blocked[from] && !self.has_ended[from] {
            self.ready[from] = Some(self.now);
        }
    }

    fn end_wait(&mut self, one: usize) {
        if let Some(since) = self.ready[one].take() {
            let longest = self.run.waited.entry(Id(one as u64)).or_default();
            *longest = (*longest).max(self.now - since);
        }
    }

    /// The last tick shows who has the processor, even if there was no switch.
    fn finish(mut self) -> Run {
        self.push(What::Tick(Id(self.holder as u64)));
        (0..self.levels.len()).for_each(|one| self.end_wait(one));
        self.run
    }
}

impl Run {
    /// The console of a kernel that prints the list among other lines.
    pub fn console(&self) -> String {
        let list = self.trace.to_string().replace("timeline: 1", "hog: still here\ntimeline: 1");
        format!("strata 07-scheduler on nothing\n{list}goodbye\n")
    }
}
