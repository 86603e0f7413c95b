//! A run in as many columns as there is room for: how thousands of events stay readable.
//!
//! A column is a piece of time, and has no edges in it, only sums: for how much of it a thread ran,
//! at which level, and for how much it waited. So what is drawn of a run is bounded by the room and
//! not by the number of events, and what is too short to be seen still counts: ten short turns in
//! a column look like what they are together, and nothing is drawn that did not happen.

use std::ops::Range;

use super::history::{History, Lane, State};
use super::level::Level;

/// What a thread did in a piece of time, in nanoseconds of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// How long the piece is.
    pub length: u64,
    /// How long it ran, by level.
    pub ran: [u64; Level::ALL.len()],
    /// How long it waited for the processor.
    pub ready: u64,
    /// How long it waited for something else.
    pub blocked: u64,
}

impl Column {
    /// The level at which it ran most, and for how many of `steps` parts of the time it ran at any:
    /// at least one part. Nothing if it did not run.
    pub fn run(&self, steps: u64) -> Option<(Level, u64)> {
        let ran: u64 = self.ran.iter().sum();
        let level = Level::ALL.into_iter().max_by_key(|level| self.ran[level.index()])?;
        let share = u128::from(ran) * u128::from(steps) + u128::from(self.length) / 2;
        let share = share / u128::from(self.length.max(1));
        (ran > 0).then_some((level, (share as u64).clamp(1, steps)))
    }

    /// What it waited for during most of the time in which it did not run.
    pub fn waited(&self) -> Option<State> {
        let rest = self.length - self.ran.iter().sum::<u64>();
        match (self.ready, self.blocked) {
            (0, 0) => None,
            (ready, blocked) if 2 * (ready + blocked) < rest => None,
            (ready, blocked) if ready >= blocked => Some(State::Ready),
            _ => Some(State::Blocked),
        }
    }
}

/// What `lane` did, in `count` columns of equal length.
pub fn columns(history: &History, lane: &Lane, count: usize) -> Vec<Column> {
    let place = Place { start: history.start, length: history.length(), count };
    let length = |index| {
        let Range { start, end } = place.times(index);
        Column { length: end - start, ..Column::default() }
    };
    let mut columns: Vec<Column> = (0..count).map(length).collect();
    for span in &lane.spans {
        let first = place.column(span.from);
        let touched = &mut columns[first..=place.column(span.to - 1)];
        for (index, column) in touched.iter_mut().enumerate() {
            let Range { start, end } = place.times(first + index);
            let time = span.to.min(end).saturating_sub(span.from.max(start));
            match span.state {
                State::Running => column.ran[span.level.index()] += time,
                State::Ready => column.ready += time,
                State::Blocked => column.blocked += time,
                State::Gone => {}
            }
        }
    }
    columns
}

/// Runs of columns in which `what` is the same and is something: the columns, and what it is.
pub fn runs<T: PartialEq>(
    columns: &[Column],
    what: impl Fn(&Column) -> Option<T>,
) -> Vec<(Range<usize>, T)> {
    let mut runs: Vec<(Range<usize>, T)> = Vec::new();
    for (index, column) in columns.iter().enumerate() {
        let Some(what) = what(column) else { continue };
        match runs.last_mut() {
            Some((range, last)) if range.end == index && *last == what => range.end += 1,
            _ => runs.push((index..index + 1, what)),
        }
    }
    runs
}

/// How time is cut into columns.
struct Place {
    start: u64,
    length: u64,
    count: usize,
}

impl Place {
    /// The column in which `time` is.
    fn column(&self, time: u64) -> usize {
        // The last column that does not begin behind it; where they begin is rounded down.
        let behind = u128::from(time - self.start + 1) * self.count as u128 - 1;
        ((behind / u128::from(self.length)) as usize).min(self.count - 1)
    }

    /// The times of column `index`.
    fn times(&self, index: usize) -> Range<u64> {
        let cut = |index: usize| {
            let into = index as u128 * u128::from(self.length) / self.count as u128;
            self.start + into as u64
        };
        cut(index)..cut(index + 1)
    }
}
