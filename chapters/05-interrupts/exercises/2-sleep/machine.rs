//! An alarm, made of a timer that can only interrupt so many times a second.
//!
//! Given, not to be written. The same for both machines: it knows no more of a timer than the
//! contract of `arch/mod.rs` does. A timer with 1 / t interrupts a second has the first of them
//! after t. Not every t can be had, since the number is a whole one; it is rounded up, so the
//! interrupt comes too early if anything, at most t^2 too early: of ten milliseconds a tenth of
//! one. Then the rest is waited for in the same way. After the second time it is nothing.

use core::sync::atomic::{AtomicU64, Ordering};

use super::steady::timer;
use crate::{arch, config};

/// The least and the greatest that the timer is asked for: an 8254 counts no further than 55 ms,
/// and a handler takes longer than 4 us.
const LEAST_HERTZ: u64 = 20;
const MOST_HERTZ: u64 = 250_000;

/// When the alarm is to ring.
static TIME: AtomicU64 = AtomicU64::new(0);

/// How much the counter counts in a second; 0 as long as nobody knows.
static COUNTER_HERTZ: AtomicU64 = AtomicU64::new(0);

/// How much the counter counts in a second. The first time it may take some ticks to find out.
pub fn counter_hertz() -> u64 {
    if COUNTER_HERTZ.load(Ordering::Relaxed) == 0 {
        COUNTER_HERTZ.store(arch::counter_hertz().unwrap_or_else(measure), Ordering::Relaxed);
    }
    COUNTER_HERTZ.load(Ordering::Relaxed)
}

/// Measures it by the ticks.
fn measure() -> u64 {
    const TICKS: u64 = 20;
    let counter_at = |tick| timer::wait(|| (timer::ticks() >= tick).then(arch::counter));
    let first = timer::ticks() + 1;
    let (start, end) = (counter_at(first), counter_at(first + TICKS));
    (end - start) * u64::from(config::TICK_HERTZ) / TICKS
}

/// Rings at `time`, or in 50 ms if that is earlier.
pub fn set_alarm(time: u64) {
    let farthest = arch::counter() + counter_hertz() / LEAST_HERTZ;
    TIME.store(time.min(farthest), Ordering::Relaxed);
    start();
}

/// Whether the timer interrupts before the time of the alarm. Then it will do so again, unless the
/// rest is so short that it is over when this returns.
pub fn is_early() -> bool {
    let time = TIME.load(Ordering::Relaxed);
    if time.saturating_sub(arch::counter()) > counter_hertz() / MOST_HERTZ {
        start();
        return true;
    }
    while arch::counter() < time {}
    false
}

/// Has the timer interrupt at the time of the alarm, or a little earlier.
fn start() {
    let rest = TIME.load(Ordering::Relaxed).saturating_sub(arch::counter()).max(1);
    let hertz = counter_hertz().div_ceil(rest).clamp(LEAST_HERTZ, MOST_HERTZ);
    arch::start_timer(hertz as u32);
}
