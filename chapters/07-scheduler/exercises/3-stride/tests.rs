//! What the kernel expects of shares. Time is counted in instructions, so a tick is a tick.

use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use core::time::Duration;

use ktest::expect;

use super::Level;
use super::shares::tickets;
use crate::scheduler::{self, Handle, table};
use crate::timer;

/// How far apart ticks are.
const TICK: Duration = Duration::from_millis(10);

/// For how many ticks threads compute beside each other.
const TICKS: u32 = 70;

/// Whether those who compute are to end.
static IS_OVER: AtomicBool = AtomicBool::new(false);

/// How long each of them ran, in microseconds.
static RAN: [AtomicU64; 3] = [const { AtomicU64::new(0) }; 3];

fn compute(index: usize) {
    while !IS_OVER.load(Ordering::Relaxed) {}
    RAN[index].store(table::used().as_micros() as u64, Ordering::Relaxed);
}

/// Starts threads that compute.
fn hogs(levels: &[Level]) -> impl Iterator<Item = Handle> {
    IS_OVER.store(false, Ordering::Relaxed);
    levels.iter().enumerate().map(|(index, level)| {
        scheduler::spawn("hog", *level, compute, index).expect("there is memory")
    })
}

ktest::test! {
    /// Whoever computes has the share of its tickets, to 5 % or two ticks.
    fn shares_are_kept() {
        let levels = [Level::Low, Level::Normal, Level::High];
        let mut handles = [None; 3];
        handles.iter_mut().zip(hogs(&levels)).for_each(|(place, handle)| *place = Some(handle));
        timer::sleep_until(timer::now() + TICKS * TICK);
        IS_OVER.store(true, Ordering::Relaxed);
        handles.into_iter().flatten().for_each(Handle::join);
        let ran = [0, 1, 2].map(|index| RAN[index].load(Ordering::Relaxed));
        let all: u64 = levels.iter().map(|level| tickets(*level)).sum();
        let sum: u64 = ran.iter().sum();
        let least = u64::from(TICKS - 2) * 10_000;
        expect(("us that all of them ran, at least", least), sum, sum.max(least));
        for (seen, level) in ran.into_iter().zip(levels) {
            let share = sum * tickets(level) / all;
            let error = (share / 20).max(20_000);
            let input = (level, "us of", sum, "beside", levels, "and", error, "more or less");
            let is_right = seen.abs_diff(share) <= error;
            expect(input, seen, if is_right { seen } else { share });
        }
    }

    /// Whoever sleeps is heard when it wakes, while others compute.
    fn sleepers_are_heard() {
        let mut handle = None;
        hogs(&[Level::Normal]).for_each(|hog| handle = Some(hog));
        for nap in 0..10 {
            let wanted = timer::now() + TICK;
            timer::sleep_until(wanted);
            let late = (timer::now() - wanted).as_millis();
            // One tick until the clock is looked at, and one for whoever is ahead by no more.
            expect(("nap", nap, "ms late, at most 30"), late, late.min(30));
        }
        IS_OVER.store(true, Ordering::Relaxed);
        handle.into_iter().for_each(Handle::join);
    }
}
