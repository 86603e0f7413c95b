//! Time: a counter that never stops, and a tick a hundred times a second.
//!
//! Two devices share the work. The *counter* only counts, and reading it costs one instruction: it
//! says how late it is. The *timer* interrupts, and so wakes whoever sleeps. A clock made of ticks
//! alone would know the time to ten milliseconds only, and go slow whenever a tick is missed.
//!
//! Whoever waits gives the processor away until something happens, and then looks at the clock. So
//! nobody wakes before their time, and nobody later than a tick after it.

use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;

use crate::interrupts::Masked;
use crate::{arch, config, scheduler};

/// How many ticks there were.
static TICKS: AtomicU64 = AtomicU64::new(0);

/// What the counter was at the beginning.
static START: AtomicU64 = AtomicU64::new(0);

/// How much it counts in a second; 0 as long as nobody knows.
static HERTZ: AtomicU64 = AtomicU64::new(0);

/// The ticks during which a counter of unknown speed is measured.
const MEASURED_TICKS: u64 = 5;

/// Starts the clock and the ticks. Interrupts must be unmasked.
pub fn init() {
    START.store(arch::counter(), Ordering::Relaxed);
    arch::start_timer(config::TICK_HERTZ);
    let hertz = arch::counter_hertz().unwrap_or_else(measure);
    HERTZ.store(hertz, Ordering::Relaxed);
}

/// Counts a tick: the timer's interrupt.
pub fn tick() {
    arch::rearm_timer();
    TICKS.fetch_add(1, Ordering::Relaxed);
}

/// How many ticks there were.
pub fn ticks() -> u64 {
    TICKS.load(Ordering::Relaxed)
}

/// How long the clock has been running; nothing before [`init`].
pub fn now() -> Duration {
    match HERTZ.load(Ordering::Relaxed) {
        0 => Duration::ZERO,
        hertz => duration(arch::counter() - START.load(Ordering::Relaxed), hertz),
    }
}

/// How long it takes to count to `count` with `hertz` a second, rounded down to a nanosecond.
fn duration(count: u64, hertz: u64) -> Duration {
    // Below a second the product has room for any counter under 18 GHz.
    let nanoseconds = count % hertz * 1_000_000_000 / hertz;
    Duration::new(count / hertz, nanoseconds as u32)
}

/// Waits until the clock shows `deadline`; not longer than a tick beyond it.
pub fn sleep_until(deadline: Duration) {
    scheduler::sleep_until(deadline);
}

/// Waits until `look` finds something. It looks again after each interrupt, and is not interrupted
/// while it looks: so nothing can happen between its last look and the sleep.
///
/// # Panics
///
/// When interrupts are masked already: handlers would run although a lock is held, or one handler
/// within another.
#[track_caller]
pub fn wait<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let masked = Masked::new();
    assert!(masked.is_alone(), "nobody may wait while interrupts are masked");
    loop {
        match look() {
            Some(found) => return found,
            None => scheduler::wait_for_interrupt(&masked),
        }
    }
}

/// Measures how much the counter counts in a second, by the ticks.
fn measure() -> u64 {
    let wait_for_tick = |tick| wait(|| (ticks() >= tick).then(arch::counter));
    let first = ticks() + 1;
    let start = wait_for_tick(first);
    let end = wait_for_tick(first + MEASURED_TICKS);
    (end - start) * u64::from(config::TICK_HERTZ) / MEASURED_TICKS
}

#[cfg(feature = "ktest")]
#[path = "timer/tests.rs"]
mod tests;
