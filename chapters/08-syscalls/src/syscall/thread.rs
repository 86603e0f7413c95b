//! Calls about threads: what a C library needs beside `clone`.

use core::time::Duration;

use linux_raw_sys::errno::{EAGAIN, EFAULT, EINTR, EINVAL, ENOMEM, ENOSYS, ETIMEDOUT};
use linux_raw_sys::general as linux;

use super::time::Clock;
use super::{Context, Descriptor, Errno, Kind, flags, time};
use crate::process::futex::{self, FutexError};
use crate::process::threads;
use crate::process::user::UserSlice;
use crate::timer;

/// The calls about threads.
pub(super) const CALLS: &[Descriptor] = &[
    Descriptor::new(linux::__NR_gettid, "gettid", &[], gettid),
    Descriptor::new(
        linux::__NR_set_tid_address,
        "set_tid_address",
        &[Kind::Address],
        set_tid_address,
    ),
    Descriptor::new(
        linux::__NR_set_robust_list,
        "set_robust_list",
        &[Kind::Address, Kind::Size],
        set_robust_list,
    ),
    Descriptor::new(
        linux::__NR_futex,
        "futex",
        &[Kind::Address, Kind::Choice(flags::FUTEX), Kind::Int, TIMEOUT],
        futex,
    ),
];

/// How long `futex` waits at the most; who wakes others has nothing there.
const TIMEOUT: Kind = Kind::Depends(|[_, operation, ..]| {
    match operation as u32 & !(linux::FUTEX_PRIVATE_FLAG | linux::FUTEX_CLOCK_REALTIME) {
        linux::FUTEX_WAKE | linux::FUTEX_WAKE_BITSET => None,
        linux::FUTEX_WAIT | linux::FUTEX_WAIT_BITSET => Some(Kind::Time),
        _ => Some(Kind::Address),
    }
});

/// `gettid()`: the number of the thread, which is that of the process for its first. It cannot
/// fail, as on Linux.
fn gettid(_: &mut Context) -> Result<usize, Errno> {
    Ok(threads::current_tid().0 as usize)
}

/// `set_tid_address(place)`: where a zero is written when the thread ends, and a waiter is woken.
/// The result is the number of the thread; nothing is checked, on Linux neither.
fn set_tid_address(context: &mut Context) -> Result<usize, Errno> {
    threads::set_clear_tid(context.arguments[0]);
    gettid(context)
}

/// `set_robust_list(head, length)`: which locks the kernel is to free when the thread ends and
/// still holds them. EINVAL for another length than the head's.
///
/// Linux goes through the list at the end of every thread, also one that calls `exit` while others
/// go on: it marks each lock (FUTEX_OWNER_DIED) and wakes one who waits for it. Accepted here and
/// not done: who waits for such a lock waits until the process ends.
fn set_robust_list(context: &mut Context) -> Result<usize, Errno> {
    let is_right = context.arguments[1] == size_of::<linux::robust_list_head>() as u64;
    if is_right { Ok(0) } else { Err(Errno(EINVAL)) }
}

/// `futex(place, operation, value, timeout, place 2, value 3)`: waits for a word to change, or
/// wakes those who do.
///
/// Linux: EAGAIN if the word is another, ETIMEDOUT, EINTR, EFAULT; EINVAL for a place that is no
/// multiple of 4, a time that is none, no bits. Here: the same, but only the end of the process
/// interrupts, and who wakes at a place without a word gets 0 (on Linux EFAULT, but for PRIVATE).
///
/// Done: WAIT, WAKE, both by BITSET, REQUEUE and CMP_REQUEUE. WAIT takes how long, WAIT_BITSET
/// until when, by the time of day if CLOCK_REALTIME says so; nothing else knows that flag: ENOSYS.
/// Who waits does not notice when the clock is set. Processes do not share memory, so PRIVATE
/// changes nothing. Left out are PI, LOCK and WAKE_OP: ENOSYS.
fn futex(context: &mut Context) -> Result<usize, Errno> {
    let [place, operation, value, timeout, other, bits] = context.arguments;
    check_word(place)?;
    let value = value as u32;
    let is_real = operation as u32 & linux::FUTEX_CLOCK_REALTIME != 0;
    let clock = if is_real { Clock::Real } else { Clock::Monotonic };
    let command = operation as u32 & !(linux::FUTEX_PRIVATE_FLAG | linux::FUTEX_CLOCK_REALTIME);
    match command {
        linux::FUTEX_WAIT_BITSET => wait(place, value, bits as u32, moment(timeout, clock)?),
        _ if is_real => Err(Errno(ENOSYS)),
        linux::FUTEX_WAIT => {
            let deadline = timespec(timeout)?.map(|time| timer::now().saturating_add(time));
            wait(place, value, u32::MAX, deadline)
        }
        linux::FUTEX_WAKE => Ok(futex::wake(place, u32::MAX, count(value))),
        linux::FUTEX_WAKE_BITSET if bits as u32 == 0 => Err(Errno(EINVAL)),
        linux::FUTEX_WAKE_BITSET => Ok(futex::wake(place, bits as u32, count(value))),
        linux::FUTEX_REQUEUE => requeue(place, value, other, timeout as u32),
        linux::FUTEX_CMP_REQUEUE => {
            futex::compare(place, bits as u32)?;
            requeue(place, value, other, timeout as u32)
        }
        _ => Err(Errno(ENOSYS)),
    }
}

fn wait(place: u64, value: u32, bits: u32, deadline: Option<Duration>) -> Result<usize, Errno> {
    if bits == 0 {
        return Err(Errno(EINVAL));
    }
    futex::wait(place, value, bits, deadline)?;
    Ok(0)
}

/// Unlike a wake, this may wake nobody; and what is not a word of a program has no name.
fn requeue(place: u64, value: u32, target: u64, others: u32) -> Result<usize, Errno> {
    if [value, others].into_iter().any(|count| i32::try_from(count).is_err()) {
        return Err(Errno(EINVAL));
    }
    check_word(target)?;
    Ok(futex::requeue(place, value as usize, target, others as usize))
}

/// Refuses what cannot be a word of a program.
fn check_word(place: u64) -> Result<(), Errno> {
    if !place.is_multiple_of(4) {
        return Err(Errno(EINVAL));
    }
    UserSlice::new(place, 4)?;
    Ok(())
}

/// The `struct timespec` at `place`, if there is to be one.
fn timespec(place: u64) -> Result<Option<Duration>, Errno> {
    if place == 0 { Ok(None) } else { time::read(place).map(Some) }
}

/// When `clock` shows the time at `place`, counted from the start of the machine.
fn moment(place: u64, clock: Clock) -> Result<Option<Duration>, Errno> {
    let zero = clock.zero().ok_or(Errno(EINVAL))?;
    // What was before the start has passed.
    Ok(timespec(place)?.map(|time| zero.since_start(time).unwrap_or_default()))
}

/// How many are to be woken: Linux wakes one even if it is to wake none.
fn count(value: u32) -> usize {
    (value as i32).max(1) as usize
}

impl From<FutexError> for Errno {
    fn from(error: FutexError) -> Self {
        Self(match error {
            FutexError::BadAddress => EFAULT,
            FutexError::Changed => EAGAIN,
            FutexError::TimedOut => ETIMEDOUT,
            FutexError::Interrupted => EINTR,
            FutexError::NoMemory => ENOMEM,
        })
    }
}
