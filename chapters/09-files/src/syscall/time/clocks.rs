//! The clocks, and what each of them shows.

use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;

use linux_raw_sys::errno::EINVAL;
use linux_raw_sys::general::{
    CLOCK_BOOTTIME, CLOCK_MONOTONIC, CLOCK_MONOTONIC_COARSE, CLOCK_MONOTONIC_RAW,
    CLOCK_PROCESS_CPUTIME_ID, CLOCK_REALTIME, CLOCK_REALTIME_COARSE, CLOCK_TAI,
    CLOCK_THREAD_CPUTIME_ID,
};

use super::super::Errno;
use crate::scheduler::table;
use crate::{config, process, timer};

/// Linux's names of them.
pub const NAMES: &[(u32, &str)] = &[
    (CLOCK_REALTIME, "CLOCK_REALTIME"),
    (CLOCK_MONOTONIC, "CLOCK_MONOTONIC"),
    (CLOCK_PROCESS_CPUTIME_ID, "CLOCK_PROCESS_CPUTIME_ID"),
    (CLOCK_THREAD_CPUTIME_ID, "CLOCK_THREAD_CPUTIME_ID"),
    (CLOCK_MONOTONIC_RAW, "CLOCK_MONOTONIC_RAW"),
    (CLOCK_REALTIME_COARSE, "CLOCK_REALTIME_COARSE"),
    (CLOCK_MONOTONIC_COARSE, "CLOCK_MONOTONIC_COARSE"),
    (CLOCK_BOOTTIME, "CLOCK_BOOTTIME"),
    (CLOCK_TAI, "CLOCK_TAI"),
];

/// How long a tick is.
const TICK: Duration = Duration::from_nanos(1_000_000_000 / config::TICK_HERTZ as u64);

/// The time of day at the start, in nanoseconds since the beginning of 1970.
static START: AtomicU64 = AtomicU64::new(0);

/// A clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The time of day.
    Real,
    /// The same, as it was at the last tick.
    RealCoarse,
    /// The time of day without leap seconds, of which we know none.
    Atomic,
    /// The time since the start. Nobody corrects it and nobody sleeps as a whole, so three of
    /// Linux's clocks are this one.
    Monotonic,
    /// The same, but one that nobody can wait for.
    Raw,
    /// The same, as it was at the last tick.
    MonotonicCoarse,
    /// How long the process has had the processor.
    Process,
    /// How long the thread has had it.
    Thread,
}

/// When a clock that can be waited for showed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zero {
    /// What it showed at the start.
    at_start: Duration,
}

impl Clock {
    /// The clock with this number.
    pub fn new(number: u64) -> Result<Self, Errno> {
        match number as u32 {
            CLOCK_REALTIME => Ok(Self::Real),
            CLOCK_REALTIME_COARSE => Ok(Self::RealCoarse),
            CLOCK_TAI => Ok(Self::Atomic),
            CLOCK_MONOTONIC | CLOCK_BOOTTIME => Ok(Self::Monotonic),
            CLOCK_MONOTONIC_RAW => Ok(Self::Raw),
            CLOCK_MONOTONIC_COARSE => Ok(Self::MonotonicCoarse),
            CLOCK_PROCESS_CPUTIME_ID => Ok(Self::Process),
            CLOCK_THREAD_CPUTIME_ID => Ok(Self::Thread),
            _ => Err(Errno(EINVAL)),
        }
    }

    /// What it shows.
    pub fn now(self) -> Duration {
        match self {
            Self::Real | Self::Atomic => start() + timer::now(),
            Self::RealCoarse => start() + coarse(timer::now()),
            Self::Monotonic | Self::Raw => timer::now(),
            Self::MonotonicCoarse => coarse(timer::now()),
            Self::Process => processor_time(),
            Self::Thread => table::used(),
        }
    }

    /// The shortest time that it can tell.
    pub fn resolution(self) -> Duration {
        match self {
            Self::RealCoarse | Self::MonotonicCoarse => TICK,
            _ => Duration::from_nanos(1),
        }
    }

    /// When it showed nothing, if it can be waited for.
    pub fn zero(self) -> Option<Zero> {
        match self {
            Self::Real | Self::Atomic => Some(Zero { at_start: start() }),
            Self::Monotonic => Some(Zero { at_start: Duration::ZERO }),
            Self::RealCoarse | Self::MonotonicCoarse | Self::Raw => None,
            Self::Process | Self::Thread => None,
        }
    }
}

impl Zero {
    /// How long after the start the clock shows `time`, unless it was before.
    pub fn since_start(self, time: Duration) -> Option<Duration> {
        time.checked_sub(self.at_start)
    }
}

/// Makes it `time` of the day. The result is nothing if the start would have been before 1970, or
/// the clock does not go that far.
pub fn set_time_of_day(time: Duration) -> Option<()> {
    let start = time.checked_sub(timer::now())?;
    START.store(u64::try_from(start.as_nanos()).ok()?, Ordering::Relaxed);
    Some(())
}

/// How long the threads of the process that runs have had the processor. What those had that have
/// ended is not counted.
pub fn processor_time() -> Duration {
    let pid = process::current();
    let mut index = 0;
    let rows = core::iter::from_fn(|| table::next(&mut index));
    rows.filter(|row| row.pid == pid).map(|row| row.used).sum()
}

fn start() -> Duration {
    Duration::from_nanos(START.load(Ordering::Relaxed))
}

/// `time` as it was at the last tick.
fn coarse(time: Duration) -> Duration {
    Duration::from_nanos((time.as_nanos() / TICK.as_nanos() * TICK.as_nanos()) as u64)
}
