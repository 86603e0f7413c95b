//! Threads that take mutexes and let go of them, in any order, on no machine at all.

use core::time::Duration;

use exercise_host::{Property, holds_for, properties};
use ktest::expect;
use proptest::collection::vec;
use proptest::prelude::*;
use simulator::scheduler::policy::{Level, ThreadId};
use waits::{Threads, Wait};

#[allow(dead_code, unused_variables, reason = "until its holes are filled")]
mod inherit;
#[allow(dead_code, reason = "the tests use what they need")]
#[path = "../simulator.rs"]
mod simulator;
#[allow(dead_code, reason = "some of it is unused until the holes are filled")]
mod waits;

/// What is tried.
pub const PROPERTIES: &[Property] =
    properties![any_waiter_is_heard, any_level_is_given_back, any_heir_is_the_most_urgent,];

/// Mutexes there are. A thread takes a lower one before a higher one, so nobody waits in a circle.
const MUTEXES: usize = 3;

/// Threads there are: one of each level, and as many again.
const COUNT: usize = 8;

/// A thread wants the next mutex, from this one on, or lets go of one that it has.
#[derive(Clone, Copy, Debug)]
enum Step {
    Lock { thread: usize, mutex: usize },
    Unlock { thread: usize, which: usize },
}

/// All that there is.
struct World {
    lent: [Level; COUNT],
    waits: Vec<Wait>,
    holders: [Option<usize>; MUTEXES],
    now: u64,
}

/// The level that a thread has of its own.
fn own(thread: usize) -> Level {
    Level::ALL[thread % 4]
}

impl Threads for World {
    fn waits(&self) -> impl Iterator<Item = Wait> {
        let level = |id: ThreadId| own(id.0).max(self.lent[id.0]);
        self.waits.iter().map(move |wait| Wait { level: level(wait.waiter), ..*wait })
    }

    fn lend(&mut self, id: ThreadId, floor: Level) {
        self.lent[id.0] = floor;
    }
}

impl World {
    fn new() -> Self {
        Self { lent: [Level::Idle; COUNT], waits: Vec::new(), holders: [None; MUTEXES], now: 0 }
    }

    fn is_waiting(&self, thread: usize) -> bool {
        self.waits.iter().any(|wait| wait.waiter == ThreadId(thread))
    }

    /// The mutexes that a thread has.
    fn held(&self, thread: usize) -> Vec<usize> {
        (0..MUTEXES).filter(|mutex| self.holders[*mutex] == Some(thread)).collect()
    }

    fn step(&mut self, step: Step) {
        self.now += 1;
        match step {
            Step::Lock { thread, mutex } if !self.is_waiting(thread) => self.lock(thread, mutex),
            Step::Unlock { thread, which } if !self.is_waiting(thread) => {
                let held = self.held(thread);
                if !held.is_empty() {
                    self.unlock(thread, held[which % held.len()]);
                }
            }
            _ => {}
        }
    }

    fn lock(&mut self, thread: usize, mutex: usize) {
        if self.held(thread).last().is_some_and(|last| *last >= mutex) {
            return;
        }
        let Some(holder) = self.holders[mutex] else {
            self.holders[mutex] = Some(thread);
            return;
        };
        let (waiter, since) = (ThreadId(thread), Duration::from_millis(self.now));
        let holder = ThreadId(holder);
        self.waits.push(Wait { waiter, holder, key: mutex, level: own(thread), since });
        inherit::begin_to_wait(self, holder);
    }

    fn unlock(&mut self, thread: usize, mutex: usize) {
        let heir = inherit::heir(self.waits(), mutex);
        self.holders[mutex] = heir.map(|heir| heir.0);
        if let Some(heir) = heir {
            self.waits.retain(|wait| wait.waiter != heir);
            for wait in self.waits.iter_mut().filter(|wait| wait.key == mutex) {
                wait.holder = heir;
            }
        }
        inherit::let_go(self, ThreadId(thread), heir);
    }

    /// What is to be lent to a thread: the highest of all that wait for it, and for those.
    fn due(&self, thread: usize) -> Level {
        let waiting = self.waits.iter().filter(|wait| wait.holder == ThreadId(thread));
        let level = |wait: &Wait| own(wait.waiter.0).max(self.due(wait.waiter.0));
        waiting.map(level).max().unwrap_or(Level::Idle)
    }
}

fn story() -> impl Strategy<Value = Vec<Step>> {
    let lock = (0..COUNT, 0..MUTEXES).prop_map(|(thread, mutex)| Step::Lock { thread, mutex });
    let unlock = (0..COUNT, 0..MUTEXES).prop_map(|(thread, which)| Step::Unlock { thread, which });
    vec(prop_oneof![3 => lock, 2 => unlock], 0..40)
}

/// Tells a story, and compares what all threads have been lent after each step.
fn tell(story: &[Step], is_wrong: impl Fn(Level, Level) -> bool) {
    let mut world = World::new();
    for (number, step) in story.iter().enumerate() {
        world.step(*step);
        for thread in 0..COUNT {
            let (seen, due) = (world.lent[thread], world.due(thread));
            let input = (&story[..=number], "what is lent to thread", thread, own(thread));
            expect(input, seen, if is_wrong(seen, due) { due } else { seen });
        }
    }
}

fn any_waiter_is_heard() {
    holds_for(story(), |story| tell(&story, |seen, due| seen < due));
}

fn any_level_is_given_back() {
    holds_for(story(), |story| tell(&story, |seen, due| seen > due));
}

fn any_heir_is_the_most_urgent() {
    let wait = (0..4_usize, 0..9_u64, 0..2_usize);
    holds_for(vec(wait, 0..8), |waits| {
        let waits = waits.into_iter().enumerate().map(|(index, (level, since, key))| Wait {
            waiter: ThreadId(index),
            holder: ThreadId(100),
            key,
            level: Level::ALL[level],
            // No two begin at once.
            since: Duration::from_millis(10 * since + index as u64),
        });
        let waits: Vec<Wait> = waits.collect();
        let mut mine: Vec<&Wait> = waits.iter().filter(|wait| wait.key == 0).collect();
        mine.sort_by_key(|wait| (core::cmp::Reverse(wait.level), wait.since));
        let expected = mine.first().map(|wait| wait.waiter);
        expect(&waits, inherit::heir(waits.iter().copied(), 0), expected);
    });
}
