//! Days of sleepers and ticks, with an alarm that rings when it was told to, or early, or late.

use core::fmt::Debug;

use alarm::{Alarm, Full, ROOM, Sleeper};
use bedroom::{Bedroom, deadline};
use exercise_host::{Property, holds_for, properties};
use ktest::expect;
use proptest::collection::vec;
use proptest::prelude::*;

#[allow(dead_code, reason = "the bedroom uses it when its holes are filled")]
mod alarm;
#[forbid(unsafe_code)]
#[allow(dead_code, unused_variables, reason = "until its holes are filled")]
mod bedroom;

/// What is tried.
pub const PROPERTIES: &[Property] =
    properties![any_day_goes_well, any_deadline_is_right, any_far_deadline_is_right];

/// From tick to tick.
const INTERVAL: u64 = 10;

/// What happens.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Somebody goes to bed, for so long or until so long ago.
    Sleep(i64),
    /// Time goes on until the alarm rings, and so much further until it is heard.
    Ring { late: u64 },
    /// The alarm rings at once, for nothing.
    RingEarly,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (-3..40_i64).prop_map(Step::Sleep),
        3 => prop_oneof![3 => Just(0), 1 => 1..25_u64].prop_map(|late| Step::Ring { late }),
        1 => Just(Step::RingEarly),
    ]
}

/// The time that the alarm was set to last.
struct Clock(Option<u64>);

impl Alarm for Clock {
    fn set(&mut self, time: u64) {
        self.0 = Some(time);
    }
}

/// What should be so.
struct Model {
    asleep: Vec<Sleeper>,
    next_tick: u64,
}

impl Model {
    /// What comes first.
    fn first(&self) -> u64 {
        self.asleep.iter().map(|one| one.deadline).fold(self.next_tick, u64::min)
    }

    /// Wakes who is due; their deadlines, and the ticks.
    fn ring(&mut self, now: u64) -> (Vec<u64>, u64) {
        let mut due: Vec<u64> =
            self.asleep.extract_if(.., |one| one.deadline <= now).map(|one| one.deadline).collect();
        due.sort_unstable();
        let ticks = (now + INTERVAL).saturating_sub(self.next_tick) / INTERVAL;
        self.next_tick += ticks * INTERVAL;
        (due, ticks)
    }
}

/// What has happened so far, in a bedroom and in its model.
struct Day {
    now: u64,
    clock: Clock,
    bedroom: Bedroom,
    model: Model,
    /// The deadlines of all, by name.
    deadlines: Vec<u64>,
}

impl Day {
    fn new() -> Self {
        let (now, next_tick) = (100, 100 + INTERVAL);
        Self {
            now,
            clock: Clock(Some(next_tick)),
            bedroom: Bedroom::new(next_tick, INTERVAL),
            model: Model { asleep: Vec::new(), next_tick },
            deadlines: Vec::new(),
        }
    }

    fn put_to_bed(&mut self, deadline: u64, input: &impl Debug) {
        let sleeper = Sleeper { deadline, name: self.deadlines.len() };
        self.deadlines.push(deadline);
        let expected = if self.model.asleep.len() < ROOM { Ok(()) } else { Err(Full) };
        let result = self.bedroom.add(sleeper, &mut self.clock);
        expect((input, "goes to bed"), result, expected);
        if expected.is_ok() {
            self.model.asleep.push(sleeper);
        }
    }

    /// Lets the alarm ring, and be heard now.
    fn ring(&mut self, input: &impl Debug) {
        self.clock.0 = None;
        let mut woken = Vec::new();
        let wake = |name| woken.push(self.deadlines[name]);
        let ticks = self.bedroom.ring(self.now, &mut self.clock, wake);
        let due = self.model.ring(self.now);
        expect((input, "deadlines of those woken at", self.now), woken, due.0);
        expect((input, "ticks at", self.now), ticks, due.1);
    }

    fn take(&mut self, step: Step, input: &impl Debug) {
        match step {
            Step::Sleep(time) => self.put_to_bed(self.now.saturating_add_signed(time), input),
            Step::RingEarly => self.ring(input),
            Step::Ring { late } => {
                self.now = self.now.max(self.clock.0.expect("it was set when it rang")) + late;
                self.ring(input);
            }
        }
        // What is over rings at once, whatever it is set to.
        let [set, first] = [self.clock.0, Some(self.model.first())];
        let [set, first] = [set, first].map(|time| time.map(|time| time.max(self.now)));
        expect((input, "the alarm, at", self.now), set, first);
    }
}

fn any_day_goes_well() {
    // Those who are asleep already sleep longer than any day here.
    holds_for((0..=ROOM, vec(step(), 0..40)), |(others, steps)| {
        let mut day = Day::new();
        for name in 0..others {
            day.put_to_bed(1_000_000 + name as u64, &("somebody who sleeps long", name));
        }
        for (number, step) in steps.iter().enumerate() {
            day.take(*step, &("others", others, &steps[..=number]));
        }
    });
}

/// How much a counter counts in a second.
fn hertz() -> impl Strategy<Value = u64> {
    prop_oneof![Just(62_500_000), 1..10_000_000_000_u64]
}

fn any_deadline_is_right() {
    expect_deadlines(0..1_u64 << 40, 0..1_000_000_000_u64);
}

fn any_far_deadline_is_right() {
    let number = || prop_oneof![0..1000_u64, any::<u64>(), (u64::MAX - 1000)..=u64::MAX];
    expect_deadlines(number(), number());
}

fn expect_deadlines(now: impl Strategy<Value = u64>, microseconds: impl Strategy<Value = u64>) {
    holds_for((now, microseconds, hertz()), |(now, microseconds, hertz)| {
        let product = u128::from(microseconds) * u128::from(hertz);
        let time = u128::from(now) + product / 1_000_000 + u128::from(product % 1_000_000 != 0);
        let expected = u64::try_from(time).unwrap_or(u64::MAX);
        let input = ("now", now, "microseconds", microseconds, "hertz", hertz);
        expect(input, deadline(now, microseconds, hertz), expected);
    });
}
