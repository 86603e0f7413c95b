//! A run, drawn with letters: a line for each task, a column for each tick.

use std::fmt::Write;

use crate::machine::{Doing, Machine, Moment};
use crate::scheduler::policy::feedback::BOOST_TICKS;
use crate::scheduler::policy::{Level, Policy};

/// Ticks side by side.
const COLUMNS: usize = 100;

const LEGEND: &str = "I L N H R: runs on that level   . ready   0 1: waits for that lock   \
    blank: sleeps   - absent   ^ a boost\n";

/// Draws all ticks until now.
pub fn draw<P: Policy>(machine: &Machine<P>) -> String {
    let mut drawing = String::from(LEGEND);
    for start in (0..machine.moments.len()).step_by(COLUMNS) {
        let end = machine.moments.len().min(start + COLUMNS);
        drawing += &ruler(start as u64, end as u64);
        for (id, task) in machine.tasks.iter().enumerate() {
            let row = row(&machine.moments[start..end], id);
            let label = format!("{} ({:?})", task.program.name, task.program.base);
            writeln!(drawing, "{label:>20} |{row}|").expect("a String takes all");
        }
    }
    drawing
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

/// The ticks from `start` to `end`: each tenth by its number, boosts in the line below.
fn ruler(start: u64, end: u64) -> String {
    let numbers: String = (start..end).step_by(10).map(|tick| format!("{tick:<10}")).collect();
    let is_boost = |tick: u64| tick > 0 && tick.is_multiple_of(BOOST_TICKS);
    let boosts: String = (start..end).map(|tick| if is_boost(tick) { '^' } else { ' ' }).collect();
    format!("{:>20}  {numbers}\n{:>20}  {boosts}\n", "tick", "")
}
