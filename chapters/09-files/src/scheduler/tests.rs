//! What threads promise, and those who make them wait.

mod interrupted;
mod jitter;
mod levels;
mod mutual;
mod parking;
mod registers;
mod threads;
mod time;
mod waiting;

use alloc::vec::Vec;
use core::hint::black_box;

use super::policy::Level;
use super::table::{self, Row};
use super::{Handle, Serial};
use crate::interrupts::Masked;
use crate::sync::Lock;
use crate::timer;

/// More where the code is optimised, and so takes less time.
const fn count(optimised: usize, otherwise: usize) -> usize {
    if cfg!(debug_assertions) { otherwise } else { optimised }
}

/// Makes a thread of `level` that calls `work` with `argument`.
#[track_caller]
fn spawn(level: Level, work: fn(usize), argument: usize) -> Handle {
    super::spawn("test", level, work, argument).expect("there is memory for threads")
}

/// Runs a thread of each of `levels`, whose argument is its place among them, until all have ended.
/// They begin when all of them are there.
#[track_caller]
fn run_all(levels: &[Level], work: fn(usize)) {
    let masked = Masked::new();
    let threads = levels.iter().enumerate();
    let handles: Vec<Handle> = threads.map(|(index, level)| spawn(*level, work, index)).collect();
    drop(masked);
    handles.into_iter().for_each(Handle::join);
}

/// Does nothing for some instructions.
fn spin(turns: usize) {
    (0..turns).for_each(|turn| {
        black_box(turn);
    });
}

/// Has the processor until that many ticks have come, whoever had it then.
fn spin_until_tick(tick: u64) {
    while timer::ticks() < tick {}
}

/// The line in the table of the thread that runs.
fn mine() -> Row {
    table::current().expect("there are threads")
}

/// The line in the table of another.
fn row_of(serial: Serial) -> Option<Row> {
    let mut index = 0;
    core::iter::from_fn(|| table::next(&mut index)).find(|row| row.serial == serial)
}

/// What threads have to say, in the order in which they say it.
struct Notes(Lock<Vec<usize>>);

impl Notes {
    const fn new() -> Self {
        Self(Lock::new(Vec::new()))
    }

    fn add(&self, note: usize) {
        self.0.lock().push(note);
    }

    /// All of them, which are forgotten.
    fn take(&self) -> Vec<usize> {
        core::mem::take(&mut *self.0.lock())
    }
}
