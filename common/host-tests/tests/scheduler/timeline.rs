//! A run, drawn with letters: a line for each task, a column for each tick.

use std::fmt::{self, Write};

use super::machine::{Doing, Machine, Moment};
use super::scheduler::policy::feedback::BOOST_TICKS;
use super::scheduler::policy::{Level, Policy};

/// Ticks side by side.
const COLUMNS: usize = 100;

const LEGEND: &str = "I L N H R: runs on that level   . ready   0 1: waits for that lock   \
    blank: sleeps   - absent";

/// Draws all ticks until now, under a policy that boosts.
pub fn draw<P: Policy>(machine: &Machine<P>) -> String {
    draw_with(machine, Some(BOOST_TICKS))
}

/// Draws all ticks until now; and the boosts, so many ticks apart, if there are any.
pub fn draw_with<P: Policy>(machine: &Machine<P>, boosts: Option<u64>) -> String {
    let mut drawing = String::from(LEGEND);
    drawing += if boosts.is_some() { "   ^ a boost\n" } else { "\n" };
    for start in (0..machine.moments.len()).step_by(COLUMNS) {
        draw_from(machine, start, boosts, &mut drawing);
    }
    drawing
}

/// Draws the last ticks until now.
pub fn draw_end<P: Policy>(machine: &Machine<P>, boosts: Option<u64>) -> String {
    let mut drawing = format!("{LEGEND}\n");
    let start = machine.moments.len().saturating_sub(COLUMNS) / 10 * 10;
    draw_from(machine, start, boosts, &mut drawing);
    drawing
}

/// An input that is told as it is, and what came of it, drawn in the lines below.
pub struct Drawn<T>(pub T, pub Option<String>);

impl<T: fmt::Debug> fmt::Debug for Drawn<T> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{:?}", self.0)?;
        self.1.iter().try_for_each(|drawing| write!(f, "\n{}", drawing.trim_end()))
    }
}

fn draw_from<P: Policy>(
    machine: &Machine<P>,
    start: usize,
    boosts: Option<u64>,
    drawing: &mut String,
) {
    let end = machine.moments.len().min(start + COLUMNS);
    *drawing += &ruler(start as u64, end as u64, boosts);
    for (id, task) in machine.tasks.iter().enumerate() {
        let row = row(&machine.moments[start..end], id);
        let label = format!("{} ({:?})", task.program.name, task.program.base);
        writeln!(drawing, "{label:>20} |{row}|").expect("a String takes all");
    }
}

/// What one task did in some moments.
pub fn row(moments: &[Moment], id: usize) -> String {
    moments.iter().map(|moment| letter(moment[id])).collect()
}

fn letter((doing, level): (Doing, Level)) -> char {
    match doing {
        Doing::Absent => '-',
        Doing::Ready => '.',
        Doing::Sleeping => ' ',
        Doing::Waiting(lock) => char::from_digit(lock as u32, 10).unwrap_or('x'),
        Doing::Running => format!("{level:?}").chars().next().unwrap_or('?'),
    }
}

/// The ticks from `start` to `end`: each tenth by its number, and boosts in the line below.
fn ruler(start: u64, end: u64, boosts: Option<u64>) -> String {
    let numbers: String = (start..end).step_by(10).map(|tick| format!("{tick:<10}")).collect();
    let numbers = format!("{:>20}  {numbers}\n", "tick");
    let Some(interval) = boosts else { return numbers };
    let is_boost = |tick: u64| tick > 0 && tick.is_multiple_of(interval);
    let boosts: String = (start..end).map(|tick| if is_boost(tick) { '^' } else { ' ' }).collect();
    format!("{numbers}{:>20}  {boosts}\n", "")
}
