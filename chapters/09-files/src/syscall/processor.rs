//! Calls about processors and who gets them: which ones a thread may run on, and by what policy.
//!
//! There is one processor, and one policy for all programs. Linux, `man 2 sched_setaffinity`,
//! `man 2 sched_setscheduler`, `man 2 getcpu`.

use linux_raw_sys::errno::{EINVAL, ESRCH};
use linux_raw_sys::general::{
    __NR_getcpu as GETCPU, __NR_sched_get_priority_max as PRIORITY_MAX,
    __NR_sched_get_priority_min as PRIORITY_MIN, __NR_sched_getaffinity as GETAFFINITY,
    __NR_sched_getparam as GETPARAM, __NR_sched_getscheduler as GETSCHEDULER,
    __NR_sched_setaffinity as SETAFFINITY, SCHED_BATCH, SCHED_DEADLINE, SCHED_FIFO, SCHED_IDLE,
    SCHED_NORMAL, SCHED_RR,
};

use super::{Context, Descriptor, Errno, Kind, words};
use crate::process::{Pid, threads};

/// The calls about processors.
pub(super) const CALLS: &[Descriptor] = &[
    Descriptor::new(GETAFFINITY, "sched_getaffinity", AFFINITY, sched_getaffinity),
    Descriptor::new(SETAFFINITY, "sched_setaffinity", AFFINITY, sched_setaffinity),
    Descriptor::new(GETSCHEDULER, "sched_getscheduler", &[Kind::Int], sched_getscheduler),
    Descriptor::new(
        GETPARAM,
        "sched_getparam",
        &[Kind::Int, Kind::Got(&Kind::IntAt)],
        sched_getparam,
    ),
    Descriptor::new(PRIORITY_MAX, "sched_get_priority_max", POLICY, sched_get_priority_max),
    Descriptor::new(PRIORITY_MIN, "sched_get_priority_min", POLICY, sched_get_priority_min),
    Descriptor::new(
        GETCPU,
        "getcpu",
        &[Kind::Got(&Kind::IntAt), Kind::Got(&Kind::IntAt), Kind::Address],
        getcpu,
    ),
];

/// Of whom, bytes of the set, the set.
const AFFINITY: &[Kind] = &[Kind::Int, Kind::Size, Kind::Address];

/// One of the policies that Linux has.
const POLICY: &[Kind] = &[Kind::Choice(&[
    (SCHED_NORMAL, "SCHED_OTHER"),
    (SCHED_FIFO, "SCHED_FIFO"),
    (SCHED_RR, "SCHED_RR"),
    (SCHED_BATCH, "SCHED_BATCH"),
    (SCHED_IDLE, "SCHED_IDLE"),
    (SCHED_DEADLINE, "SCHED_DEADLINE"),
])];

/// The set of processors: a bit for the one that there is.
const PROCESSORS: u64 = 1;

/// Bytes of a set of processors.
const SET_BYTES: u64 = size_of::<u64>() as u64;

/// Tells which processors a thread may run on: the one that there is.
///
/// Linux: EINVAL for less room than the set needs, or no multiple of 8; ESRCH; EFAULT; the result
/// is how many bytes the set has. Here: the same.
fn sched_getaffinity(context: &mut Context) -> Result<usize, Errno> {
    let [pid, bytes, place, ..] = context.arguments;
    let bytes = u64::from(bytes as u32);
    if bytes == 0 || !bytes.is_multiple_of(SET_BYTES) {
        return Err(Errno(EINVAL));
    }
    check_process(pid)?;
    words::write_words(place, &[PROCESSORS])?;
    Ok(SET_BYTES as usize)
}

/// Says which processors a thread may run on.
///
/// Linux: EFAULT, ESRCH, EINVAL for a set without a processor that there is. Here: the same, and
/// nothing changes, since it is the one that everybody runs on.
fn sched_setaffinity(context: &mut Context) -> Result<usize, Errno> {
    let [pid, bytes, place, ..] = context.arguments;
    // Only the first byte can name a processor that there is.
    let [set] = if bytes as u32 == 0 { [0] } else { words::read::<1>(place)? };
    check_process(pid)?;
    if u64::from(set) & PROCESSORS == 0 { Err(Errno(EINVAL)) } else { Ok(0) }
}

/// Tells by what policy a thread gets the processor: the ordinary one, SCHED_OTHER. EINVAL for a
/// negative number, ESRCH for nobody's, as on Linux. Left out: to choose another.
fn sched_getscheduler(context: &mut Context) -> Result<usize, Errno> {
    check_number(context.arguments[0])?;
    Ok(SCHED_NORMAL as usize)
}

/// Tells the priority of a thread, which in the ordinary policy is 0.
///
/// Linux: as `sched_getscheduler`; EINVAL without a place for it, EFAULT. Here: the same.
fn sched_getparam(context: &mut Context) -> Result<usize, Errno> {
    let [pid, place, ..] = context.arguments;
    if place == 0 {
        return Err(Errno(EINVAL));
    }
    check_number(pid)?;
    words::write_halves(place, &[0])?;
    Ok(0)
}

/// Tells the highest priority of a policy; EINVAL for one that does not exist. As on Linux, also
/// for the policies that are not here: programs ask without using them.
fn sched_get_priority_max(context: &mut Context) -> Result<usize, Errno> {
    priority(context.arguments[0] as u32, 99)
}

/// Tells the lowest priority of a policy, as `sched_get_priority_max` the highest, and as on Linux.
fn sched_get_priority_min(context: &mut Context) -> Result<usize, Errno> {
    priority(context.arguments[0] as u32, 1)
}

/// Tells which processor the thread runs on, and in which part of the machine: number 0, both. A
/// place that is null is left out; EFAULT, as on Linux.
fn getcpu(context: &mut Context) -> Result<usize, Errno> {
    for place in context.arguments[..2].iter().filter(|place| **place != 0) {
        words::write_halves(*place, &[0])?;
    }
    Ok(0)
}

/// A priority of `policy`: `urgent` in those that have any.
fn priority(policy: u32, urgent: usize) -> Result<usize, Errno> {
    match policy {
        SCHED_FIFO | SCHED_RR => Ok(urgent),
        SCHED_NORMAL | SCHED_BATCH | SCHED_IDLE | SCHED_DEADLINE => Ok(0),
        _ => Err(Errno(EINVAL)),
    }
}

/// Refuses numbers that can be nobody's, and those that are nobody's.
fn check_number(pid: u64) -> Result<(), Errno> {
    if (pid as i32) < 0 { Err(Errno(EINVAL)) } else { check_process(pid) }
}

/// Refuses numbers that are nobody's, neither a process's nor a thread's; 0 is who asks.
fn check_process(number: u64) -> Result<(), Errno> {
    let number = number as u32;
    let exists = number == 0 || threads::process_of(Pid(number)).is_some();
    exists.then_some(()).ok_or(Errno(ESRCH))
}
