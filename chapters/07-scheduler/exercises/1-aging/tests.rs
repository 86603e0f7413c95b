//! What the kernel expects of aging. Time is counted in instructions, so a tick is a tick.

use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use core::time::Duration;

use ktest::expect;

use super::Level;
use super::aging::PATIENCE;
use crate::scheduler::{self, Handle, table};
use crate::timer;

/// How far apart ticks are.
const TICK: Duration = Duration::from_millis(10);

/// For how many ticks threads compute beside each other.
const TICKS: u64 = 90;

/// Whether those who compute are to end.
static IS_OVER: AtomicBool = AtomicBool::new(false);

/// The longest time that the thread of low level was away, and how long it ran, in microseconds.
static AWAY: AtomicU64 = AtomicU64::new(0);
static RAN: AtomicU64 = AtomicU64::new(0);

fn compute(_: usize) {
    while !IS_OVER.load(Ordering::Relaxed) {}
}

/// Looks at the clock again and again: where it jumps, others ran.
fn watch(_: usize) {
    let mut before = timer::now();
    while !IS_OVER.load(Ordering::Relaxed) {
        let now = timer::now();
        AWAY.fetch_max((now - before).as_micros() as u64, Ordering::Relaxed);
        before = now;
    }
    RAN.store(table::used().as_micros() as u64, Ordering::Relaxed);
}

ktest::test! {
    /// A thread that nobody would let run is away for no longer than the bound, and has its ticks.
    fn low_thread_has_its_share() {
        IS_OVER.store(false, Ordering::Relaxed);
        let levels = [Level::Normal, Level::High];
        let spawn = |level, work| {
            scheduler::spawn("thread", level, work, 0).expect("there is memory")
        };
        let hogs = levels.map(|level| spawn(level, compute));
        let low = spawn(Level::Idle, watch);
        timer::sleep_until(timer::now() + TICK * TICKS as u32);
        IS_OVER.store(true, Ordering::Relaxed);
        hogs.into_iter().chain([low]).for_each(Handle::join);
        let (away, ran) = (AWAY.load(Ordering::Relaxed), RAN.load(Ordering::Relaxed));
        // Two others, a tick that has begun, and the one that this thread needs to end it all.
        let most = (PATIENCE + 2 + 2) * 10_000;
        expect(("us away, beside two that compute, at most", most), away, away.min(most));
        let least = (TICKS / (PATIENCE + 2 + 2) - 1) * 10_000;
        expect(("us of Idle in ticks", TICKS, "at least", least), ran, ran.max(least));
    }
}
