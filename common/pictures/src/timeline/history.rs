//! What each thread did, and from when to when: what the events come to.
//!
//! A thread runs from the switch to it until the switch away from it, whatever else is said of it
//! meanwhile: one that has begun to wait still runs the few instructions to the switch, and may be
//! woken before it gets there. What it does after the switch is what was said of it last.
//!
//! What a thread did before anything was said of it is unknown, and counted as nothing.

use std::collections::BTreeMap;

use super::level::Level;
use super::trace::{Id, Thread, Trace, What};

/// The shortest run, in nanoseconds.
const LEAST: u64 = 1000;

/// What a thread does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing has been said of it, or it has ended.
    Gone,
    /// It has the processor.
    Running,
    /// It could run, if it had the processor.
    Ready,
    /// It waits for something else, or sleeps.
    Blocked,
}

/// A time in which a thread does one thing, at one level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// What it does.
    pub state: State,
    /// Its level.
    pub level: Level,
    /// When that begins.
    pub from: u64,
    /// When it ends.
    pub to: u64,
}

/// A change of a thread's level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// When.
    pub time: u64,
    /// The level before.
    pub from: Level,
    /// The level after.
    pub to: Level,
}

/// All that a thread did.
#[derive(Clone, Debug)]
pub struct Lane<'a> {
    /// The thread.
    pub thread: &'a Thread,
    /// What it did, from the first moment that is known of to the last.
    pub spans: Vec<Span>,
    /// When it was woken.
    pub wakes: Vec<u64>,
    /// When its level changed.
    pub changes: Vec<Change>,
    /// How often it was given the processor.
    pub switches: u64,
    /// The longest time that it was ready for at a stretch, without getting the processor. A change
    /// of level does not interrupt it, a turn of no length does.
    pub longest_wait: u64,
    now: Now,
}

/// What a thread does at the moment up to which the events are known.
#[derive(Clone, Copy, Debug)]
struct Now {
    state: State,
    level: Level,
    since: u64,
    /// Since when it is ready, if it is.
    ready_since: Option<u64>,
    /// What it will do when it loses the processor.
    next: State,
}

/// A run.
#[derive(Clone, Debug)]
pub struct History<'a> {
    /// When the first event was.
    pub start: u64,
    /// When the last event was.
    pub end: u64,
    /// The threads that something happened to; the highest level first.
    pub lanes: Vec<Lane<'a>>,
    /// When there were ticks.
    pub ticks: Vec<u64>,
}

impl<'a> History<'a> {
    /// What `trace` comes to.
    pub fn of(trace: &'a Trace) -> Self {
        let start = trace.events.first().map_or(0, |event| event.time);
        let end = trace.events.last().map_or(0, |event| event.time);
        let lanes = trace.threads.iter().map(|thread| (thread.id, Lane::new(thread, start)));
        let mut lanes: BTreeMap<Id, Lane> = lanes.collect();
        let first = first_holder(trace).and_then(|id| lanes.get_mut(&id));
        if let Some(lane) = first {
            lane.now.state = State::Running;
        }
        let mut ticks = Vec::new();
        for event in &trace.events {
            if let What::Tick(_) = event.what {
                ticks.push(event.time);
            }
            let [one, other] = event.what.ids();
            for id in if one == other { vec![one] } else { vec![one, other] } {
                let lane = lanes.get_mut(&id);
                lane.expect("the reader knows all threads").add(event.time, id, event.what);
            }
        }
        let mut lanes: Vec<Lane> = lanes.into_values().collect();
        lanes.iter_mut().for_each(|lane| lane.go(end));
        lanes.retain(|lane| !lane.spans.is_empty() || !lane.wakes.is_empty());
        lanes.sort_by_key(|lane| (std::cmp::Reverse(lane.thread.base), lane.thread.id));
        Self { start, end, lanes, ticks }
    }

    /// How long it took: at least a microsecond, since less cannot be drawn.
    pub fn length(&self) -> u64 {
        (self.end - self.start).max(LEAST)
    }
}

/// Who has the processor when the list begins: who loses it first, or gets the first tick.
fn first_holder(trace: &Trace) -> Option<Id> {
    let whats = || trace.events.iter().map(|event| event.what);
    let switch = whats().find_map(|what| match what {
        What::Switch { from, .. } => Some(from),
        _ => None,
    });
    let tick = || {
        whats().find_map(|what| match what {
            What::Tick(id) => Some(id),
            _ => None,
        })
    };
    switch.or_else(tick)
}

impl<'a> Lane<'a> {
    fn new(thread: &'a Thread, start: u64) -> Self {
        let (level, next) = (thread.base, State::Ready);
        let now = Now { state: State::Gone, level, since: start, ready_since: None, next };
        let (spans, wakes, changes) = (Vec::new(), Vec::new(), Vec::new());
        Self { thread, spans, wakes, changes, switches: 0, longest_wait: 0, now }
    }

    /// How long it had the processor.
    pub fn ran(&self) -> u64 {
        let running = self.spans.iter().filter(|span| span.state == State::Running);
        running.map(|span| span.to - span.from).sum()
    }

    /// The lowest and the highest level at which it was.
    pub fn levels(&self) -> (Level, Level) {
        let levels = self.changes.iter().flat_map(|change| [change.from, change.to]);
        let levels = || levels.clone().chain([self.thread.base]);
        let (lowest, highest) = (levels().min(), levels().max());
        (lowest.unwrap_or(self.thread.base), highest.unwrap_or(self.thread.base))
    }

    /// Whether it is the one that runs when nobody wants to: it waits for nothing.
    pub fn is_idle(&self) -> bool {
        self.thread.base == Level::Idle && self.thread.name == "idle"
    }

    /// Takes what happens to this thread, whose number is `id`.
    fn add(&mut self, time: u64, id: Id, what: What) {
        match what {
            What::Switch { to, .. } if to == id => {
                self.switches += 1;
                self.change_to(time, State::Running);
                self.now.next = State::Ready;
            }
            What::Switch { .. } => self.change_to(time, self.now.next),
            What::Wake(_) => {
                self.wakes.push(time);
                self.will_be(time, State::Ready);
            }
            What::Block(_) => self.will_be(time, State::Blocked),
            What::End(_) => self.will_be(time, State::Gone),
            What::Level(_, level) => {
                self.go(time);
                let from = std::mem::replace(&mut self.now.level, level);
                if from != level {
                    self.changes.push(Change { time, from, to: level });
                }
            }
            What::Tick(_) => {}
        }
    }

    /// Notes what it does from `time` on, or as soon as it has lost the processor.
    fn will_be(&mut self, time: u64, state: State) {
        match self.now.state {
            State::Running => self.now.next = state,
            _ => self.change_to(time, state),
        }
    }

    fn change_to(&mut self, time: u64, state: State) {
        self.go(time);
        self.now.state = state;
        match state {
            State::Ready => self.now.ready_since = self.now.ready_since.or(Some(time)),
            _ => self.now.ready_since = None,
        }
    }

    /// Notes what it has done up to `time`.
    fn go(&mut self, time: u64) {
        let Now { state, level, since: from, .. } = self.now;
        if time > from && state != State::Gone {
            self.spans.push(Span { state, level, from, to: time });
        }
        self.now.since = time;
        let wait = self.now.ready_since.map_or(0, |since| time - since);
        self.longest_wait = self.longest_wait.max(wait);
    }
}
