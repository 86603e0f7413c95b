//! The kernel's clock, which can be switched from a steady tick to an alarm.
//!
//! Given, not to be written. The clock of the chapter goes on as it does, unless somebody is in
//! [`with_alarm`]. There the timer is told each time when to interrupt next, and it is your file
//! that tells it.

use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::interrupts::Masked;
use crate::sync::Lock;
use crate::{arch, config};
use alarm::{Alarm, Full, ROOM, Sleeper};
use bedroom::{Bedroom, deadline};
pub use steady::timer::*;

#[allow(dead_code, reason = "the bedroom uses it when its holes are filled")]
mod alarm;
#[forbid(unsafe_code)]
#[allow(dead_code, unused_variables, reason = "until its holes are filled")]
mod bedroom;
mod machine;
#[cfg(feature = "ktest")]
mod tests;

/// The chapter's own clock.
#[path = "../../src"]
mod steady {
    pub mod timer;
}

/// Who sleeps. It is taken with interrupts masked, as every lock is.
static BEDROOM: Lock<Bedroom> = Lock::new(Bedroom::new(0, 1));

/// Whether the timer is an alarm.
static IS_ALARM: AtomicBool = AtomicBool::new(false);

/// How often it rang.
static RINGS: AtomicU64 = AtomicU64::new(0);

/// When each sleeper was woken, by the counter; 0 for those who were not.
static WOKEN: [AtomicU64; ROOM] = [const { AtomicU64::new(0) }; ROOM];

/// How many were woken.
static COUNT: AtomicU64 = AtomicU64::new(0);

/// The `COUNT` of each of them.
static TURN: [AtomicU64; ROOM] = [const { AtomicU64::new(0) }; ROOM];

/// The timer's interrupt.
pub fn tick() {
    if !IS_ALARM.load(Ordering::Relaxed) {
        return steady::timer::tick();
    }
    if machine::is_early() {
        return;
    }
    RINGS.fetch_add(1, Ordering::Relaxed);
    let mut wanted = Wanted(None);
    let ticks = BEDROOM.lock().ring(arch::counter(), &mut wanted, wake);
    (0..ticks).for_each(|_| steady::timer::tick());
    machine::set_alarm(wanted.0.unwrap_or(u64::MAX));
}

/// The last time that was asked for.
struct Wanted(Option<u64>);

impl Alarm for Wanted {
    fn set(&mut self, time: u64) {
        self.0 = Some(time);
    }
}

fn wake(name: usize) {
    WOKEN[name].store(arch::counter(), Ordering::Relaxed);
    TURN[name].store(COUNT.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
}

/// When `name` was woken, if it was since it was put to bed.
fn woken(name: usize) -> Option<u64> {
    Some(WOKEN[name].load(Ordering::Relaxed)).filter(|time| *time != 0)
}

/// Lets `name` sleep until the counter shows `deadline`.
fn put_to_bed(name: usize, deadline: u64) -> Result<(), Full> {
    let _masked = Masked::new();
    WOKEN[name].store(0, Ordering::Relaxed);
    let mut wanted = Wanted(None);
    BEDROOM.lock().add(Sleeper { deadline, name }, &mut wanted)?;
    wanted.0.into_iter().for_each(machine::set_alarm);
    Ok(())
}

/// Waits `microseconds`, and as little longer as can be.
#[cfg_attr(not(feature = "ktest"), allow(dead_code, reason = "only tests sleep so well"))]
fn sleep_us(microseconds: u64) {
    let deadline = deadline(arch::counter(), microseconds, machine::counter_hertz());
    put_to_bed(0, deadline).expect("somebody who waits is alone");
    wait(|| woken(0));
}

/// Does `act` while the timer is an alarm; `act` is told how much the counter counts from tick to
/// tick.
#[cfg_attr(not(feature = "ktest"), allow(dead_code, reason = "only tests sleep so well"))]
fn with_alarm<T>(act: impl FnOnce(u64) -> T) -> T {
    let interval = machine::counter_hertz() / u64::from(config::TICK_HERTZ);
    let masked = Masked::new();
    let first = arch::counter() + interval;
    *BEDROOM.lock() = Bedroom::new(first, interval);
    IS_ALARM.store(true, Ordering::Relaxed);
    machine::set_alarm(first);
    drop(masked);
    let result = act(interval);
    IS_ALARM.store(false, Ordering::Relaxed);
    arch::start_timer(config::TICK_HERTZ);
    result
}
