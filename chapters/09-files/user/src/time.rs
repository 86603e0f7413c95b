//! Time: what the clock shows, and how to let it pass.

use core::time::Duration;

use linux_raw_sys::general;

use crate::syscall::{Errno, call};

/// `struct timespec`.
#[repr(C)]
struct Timespec {
    seconds: u64,
    nanoseconds: u64,
}

/// How long the machine has been running.
pub fn now() -> Result<Duration, Errno> {
    show(general::CLOCK_MONOTONIC)
}

/// The time of day, since the beginning of 1970.
pub fn time_of_day() -> Result<Duration, Errno> {
    show(general::CLOCK_REALTIME)
}

/// What `clock` shows.
fn show(clock: u32) -> Result<Duration, Errno> {
    let mut time = Timespec { seconds: 0, nanoseconds: 0 };
    let arguments = [clock as usize, &raw mut time as usize, 0, 0, 0, 0];
    // SAFETY: the kernel writes the time to where there is room for it.
    unsafe { call(general::__NR_clock_gettime, arguments) }?;
    Ok(Duration::new(time.seconds, time.nanoseconds as u32))
}

/// Waits for `time`.
pub fn sleep(time: Duration) -> Result<(), Errno> {
    let time = Timespec { seconds: time.as_secs(), nanoseconds: time.subsec_nanos().into() };
    let arguments = [&raw const time as usize, 0, 0, 0, 0, 0];
    // SAFETY: the kernel only reads the time.
    unsafe { call(general::__NR_nanosleep, arguments) }?;
    Ok(())
}

/// Lets others have the processor first.
pub fn yield_now() {
    // SAFETY: it takes no arguments, and changes nothing here.
    let _ = unsafe { call(general::__NR_sched_yield, [0; 6]) };
}
