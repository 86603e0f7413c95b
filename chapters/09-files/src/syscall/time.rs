//! Calls about time: to ask for it, and to let it pass.
//!
//! There are as many clocks as there are questions. One goes on whatever happens, one shows the
//! time of day and can be set, two tell how long a process or a thread has had the processor. Under
//! all of them is one counter.
//!
//! No clock of the machine is read at the start: the time of day is the time since the start, as if
//! that had been at the beginning of 1970, until somebody sets it.
//!
//! Linux, `man 2 clock_gettime`, `man 2 nanosleep`, `man 2 clock_nanosleep`; kernel/time/.

use core::time::Duration;

use linux_raw_sys::errno::{EINTR, EINVAL, EOPNOTSUPP};
use linux_raw_sys::general::{
    __NR_clock_getres as CLOCK_GETRES, __NR_clock_gettime as CLOCK_GETTIME,
    __NR_clock_nanosleep as CLOCK_NANOSLEEP, __NR_clock_settime as CLOCK_SETTIME,
    __NR_gettimeofday as GETTIMEOFDAY, __NR_nanosleep as NANOSLEEP, TIMER_ABSTIME,
};

use super::capability::Capability;
use super::{Context, Descriptor, Errno, Kind, words};
use crate::timer;
pub use clocks::{Clock, processor_time};

mod clocks;

/// The calls about time.
pub(super) const CALLS: &[Descriptor] = &[
    Descriptor::new(NANOSLEEP, "nanosleep", &[Kind::Time, Kind::Address], nanosleep),
    Descriptor::new(
        CLOCK_NANOSLEEP,
        "clock_nanosleep",
        &[
            Kind::Choice(clocks::NAMES),
            Kind::Flags(&[(TIMER_ABSTIME, "TIMER_ABSTIME")]),
            Kind::Time,
            Kind::Address,
        ],
        clock_nanosleep,
    ),
    Descriptor::new(CLOCK_GETTIME, "clock_gettime", TELLS, clock_gettime),
    Descriptor::new(CLOCK_GETRES, "clock_getres", TELLS, clock_getres),
    Descriptor::new(
        CLOCK_SETTIME,
        "clock_settime",
        &[Kind::Choice(clocks::NAMES), Kind::Time],
        clock_settime,
    )
    .needs(Capability::Time),
    Descriptor::new(GETTIMEOFDAY, "gettimeofday", &[Kind::Address, Kind::Address], gettimeofday),
];

/// A clock, and where a time of it is told.
const TELLS: &[Kind] = &[Kind::Choice(clocks::NAMES), Kind::Got(&Kind::Time)];

/// The most nanoseconds that a `struct timespec` may have.
const LAST_NANOSECOND: u64 = 999_999_999;

/// Waits for as long as the `struct timespec` says.
///
/// Linux: EFAULT, EINVAL for a time that is none; EINTR if a signal comes first, with the rest of
/// the time at the second argument. Here: the same, but that only the end of the process
/// interrupts. Who wakes does so at a tick, not to the nanosecond.
fn nanosleep(context: &mut Context) -> Result<usize, Errno> {
    let [request, rest, ..] = context.arguments;
    sleep(timer::now().saturating_add(read(request)?), rest)
}

/// Waits for a time, or until it is one (TIMER_ABSTIME), by one of the clocks.
///
/// Linux: EINVAL for a clock that does not exist, EOPNOTSUPP for one that nobody can wait for; then
/// as `nanosleep`. Nothing is left of a time that was absolute. Here: the same, but that the
/// processor time of a process cannot be waited for either (EOPNOTSUPP), and that who waits for a
/// time of day does not notice when the clock is set.
fn clock_nanosleep(context: &mut Context) -> Result<usize, Errno> {
    let [clock, flags, request, rest, ..] = context.arguments;
    let clock = Clock::new(clock)?;
    let zero = clock.zero().ok_or(Errno(EOPNOTSUPP))?;
    let time = read(request)?;
    if flags as u32 & TIMER_ABSTIME == 0 {
        return sleep(timer::now().saturating_add(time), rest);
    }
    // A time of day before the start has passed.
    sleep(zero.since_start(time).unwrap_or_default(), 0)
}

/// Waits until the counter shows `deadline`. If it is interrupted, what is left is told at `rest`,
/// unless that is null.
fn sleep(deadline: Duration, rest: u64) -> Result<usize, Errno> {
    if crate::scheduler::sleep_until_interrupted(deadline).is_ok() {
        return Ok(0);
    }
    if rest != 0 {
        write(rest, deadline.saturating_sub(timer::now()))?;
    }
    Err(Errno(EINTR))
}

/// Tells what a clock shows.
///
/// Linux: EINVAL for a clock that does not exist, EFAULT. Here: the same, and the clocks are those
/// that a program can name by a constant: left out are those of other processes, and of devices.
fn clock_gettime(context: &mut Context) -> Result<usize, Errno> {
    let [clock, place, ..] = context.arguments;
    write(place, Clock::new(clock)?.now())?;
    Ok(0)
}

/// Tells how finely a clock goes: EINVAL, EFAULT, and nothing at a place that is null, as on Linux.
/// That is a nanosecond, or a tick for the coarse ones; like Linux it does not tell that the
/// counter may go in longer steps.
fn clock_getres(context: &mut Context) -> Result<usize, Errno> {
    let [clock, place, ..] = context.arguments;
    let resolution = Clock::new(clock)?.resolution();
    if place != 0 {
        write(place, resolution)?;
    }
    Ok(0)
}

/// Sets the time of day.
///
/// Linux: EINVAL for any clock but CLOCK_REALTIME, EFAULT, EINVAL for a time that is none or before
/// the start, EPERM without CAP_SYS_TIME. Here: the same errors, of which EPERM is looked for
/// first.
fn clock_settime(context: &mut Context) -> Result<usize, Errno> {
    let [clock, place, ..] = context.arguments;
    if Clock::new(clock)? != Clock::Real {
        return Err(Errno(EINVAL));
    }
    clocks::set_time_of_day(read(place)?).ok_or(Errno(EINVAL))?;
    Ok(0)
}

/// Tells the time of day in seconds and microseconds, and the time zone, which is none. What is
/// null is left out; EFAULT, as on Linux.
fn gettimeofday(context: &mut Context) -> Result<usize, Errno> {
    let [place, zone, ..] = context.arguments;
    let now = time_of_day();
    if place != 0 {
        words::write_words(place, &[now.as_secs(), now.subsec_micros().into()])?;
    }
    if zone != 0 {
        words::write_halves(zone, &[0; 2])?;
    }
    Ok(0)
}

/// The time of day, as far as it is known.
pub fn time_of_day() -> Duration {
    Clock::Real.now()
}

/// Reads the `struct timespec` at `place`: two words, of which the second is below a second.
pub fn read(place: u64) -> Result<Duration, Errno> {
    let [seconds, nanoseconds] = words::read_words(place)?;
    if seconds > i64::MAX as u64 || nanoseconds > LAST_NANOSECOND {
        return Err(Errno(EINVAL));
    }
    Ok(Duration::new(seconds, nanoseconds as u32))
}

/// Leaves `time` as a `struct timespec` at `place`.
pub fn write(place: u64, time: Duration) -> Result<(), Errno> {
    words::write_words(place, &[time.as_secs(), time.subsec_nanos().into()])
}
