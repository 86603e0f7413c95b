//! Calls about time: to ask for it, and to let it pass.
//!
//! Linux, `man 2 clock_gettime`, `man 2 nanosleep`.

use core::time::Duration;

use linux_raw_sys::errno::EINVAL;
use linux_raw_sys::general::{CLOCK_BOOTTIME, CLOCK_MONOTONIC};

use super::Errno;
use crate::process::user::UserSlice;
use crate::timer;

/// Bytes of a `struct timespec`: seconds and nanoseconds, eight each.
const TIMESPEC: usize = 16;

/// The most nanoseconds that a `struct timespec` may have.
const LAST_NANOSECOND: u64 = 999_999_999;

/// Waits for as long as the `struct timespec` at `request` says. Nothing wakes a program before its
/// time, so the second argument, where the rest would be told, is never looked at.
pub fn nanosleep(request: u64) -> Result<usize, Errno> {
    let mut bytes = [0; TIMESPEC];
    UserSlice::new(request, TIMESPEC)?.read(0, &mut bytes)?;
    let [seconds, nanoseconds] = words(bytes);
    if seconds > i64::MAX as u64 || nanoseconds > LAST_NANOSECOND {
        return Err(Errno(EINVAL));
    }
    let time = Duration::new(seconds, nanoseconds as u32);
    timer::sleep_until(timer::now().saturating_add(time));
    Ok(0)
}

/// Tells the time since the kernel began, which is what two of Linux's clocks tell, at `place`.
pub fn clock_gettime(clock: u64, place: u64) -> Result<usize, Errno> {
    if ![CLOCK_MONOTONIC, CLOCK_BOOTTIME].map(u64::from).contains(&clock) {
        return Err(Errno(EINVAL));
    }
    let now = timer::now();
    let mut bytes = [0; TIMESPEC];
    bytes[..8].copy_from_slice(&now.as_secs().to_le_bytes());
    bytes[8..].copy_from_slice(&u64::from(now.subsec_nanos()).to_le_bytes());
    UserSlice::new(place, TIMESPEC)?.write(0, &bytes)?;
    Ok(0)
}

/// The two numbers of a `struct timespec`.
fn words(bytes: [u8; TIMESPEC]) -> [u64; 2] {
    let [mut first, mut second] = [[0; 8]; 2];
    first.copy_from_slice(&bytes[..8]);
    second.copy_from_slice(&bytes[8..]);
    [first, second].map(u64::from_le_bytes)
}
