//! The table of threads: what `ps` shows elsewhere.

use core::fmt;
use core::time::Duration;

use super::policy::{Level, Policy, ThreadId};
use super::thread::{Serial, State};
use super::trace::word;
use super::{Scheduler, with};
use crate::process::{self, Name, Pid};
use crate::timer;

/// A line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Its number.
    pub serial: Serial,
    /// The process that it runs for.
    pub pid: Option<Pid>,
    /// Its number among what that runs.
    pub tid: Option<Pid>,
    /// What it is called.
    pub name: Name,
    /// What it is doing.
    pub state: State,
    /// Where it began, and where it gets back to at the most by itself.
    pub base: Level,
    /// Where it stands.
    pub level: Level,
    /// How long it has run.
    pub used: Duration,
    /// How many times it was given the processor.
    pub switches: u64,
}

/// Prints the table: of the threads that there are, and of the processes that have ended.
pub fn print() {
    println!("  id  pid  name            state       level    base      cpu ms  switches");
    let mut index = 0;
    while let Some(row) = next(&mut index) {
        println!("{row}");
    }
    (0..).map_while(process::ended).for_each(|row| println!("{row}"));
}

/// How long the thread that runs has had the processor.
pub fn used() -> Duration {
    with(|scheduler| scheduler.row(scheduler.current).used).unwrap_or_default()
}

/// The row of the thread that runs, as it ends.
pub fn current() -> Option<Row> {
    with(|scheduler| Row { state: State::Terminated, ..scheduler.row(scheduler.current) })
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { serial: Serial(serial), pid, name, state, base, level, used, switches, .. } =
            self;
        let pid = pid.map_or(0, |pid| pid.0);
        let (level, base, used) = (word(*level), word(*base), used.as_millis());
        write!(f, "{serial:>4}{pid:>5}  {name:15} {state:11} {level:8} {base:8} ")?;
        write!(f, "{used:>7} {switches:>9}")
    }
}

/// How many threads run for the process `pid`.
#[cfg(feature = "ktest")]
pub fn threads_of(pid: Pid) -> usize {
    let is_its = |thread: &&super::thread::Thread| {
        thread.program().is_some_and(|program| program.pid == pid)
    };
    with(|scheduler| scheduler.threads.iter().flatten().filter(is_its).count()).unwrap_or(0)
}

/// The row of the next thread from place `index` on, which it goes behind.
pub fn next(index: &mut usize) -> Option<Row> {
    with(|scheduler| {
        while *index < scheduler.threads.len() {
            let id = ThreadId(*index);
            *index += 1;
            if scheduler.threads[id.0].is_some() {
                return Some(scheduler.row(id));
            }
        }
        None
    })
    .flatten()
}

impl Scheduler {
    fn row(&mut self, id: ThreadId) -> Row {
        let level = if id == self.idle { Level::Idle } else { self.policy.level(id) };
        let runs = id == self.current;
        let thread = self.thread(id);
        let now = if runs { timer::now() - thread.since } else { Duration::ZERO };
        Row {
            serial: thread.serial,
            pid: thread.program().map(|program| program.pid),
            tid: thread.program().map(|program| program.tid),
            name: thread.name,
            state: thread.state,
            base: thread.base,
            level,
            used: thread.used + now,
            switches: thread.switches,
        }
    }
}
