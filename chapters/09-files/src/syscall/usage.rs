//! Calls about what a process has used: processor time, and little else.
//!
//! Nobody keeps apart what a program has used itself and what the kernel did for it: all of it is
//! told as the program's. Linux, `man 2 getrusage`, `man 2 times`.

use core::time::Duration;

use linux_raw_sys::errno::EINVAL;
use linux_raw_sys::general::{
    __NR_getrusage as GETRUSAGE, __NR_times as TIMES, RUSAGE_CHILDREN, RUSAGE_SELF, RUSAGE_THREAD,
};

use super::time::processor_time;
use super::{Context, Descriptor, Errno, Kind, words};
use crate::scheduler::table;
use crate::timer;

/// The calls about it.
pub(super) const CALLS: &[Descriptor] = &[
    Descriptor::new(GETRUSAGE, "getrusage", &[Kind::Choice(WHOSE), Kind::Address], getrusage),
    Descriptor::new(TIMES, "times", &[Kind::Address], times),
];

/// Who is asked about.
const WHOSE: &[(u32, &str)] = &[
    (RUSAGE_SELF, "RUSAGE_SELF"),
    (CHILDREN, "RUSAGE_CHILDREN"),
    (RUSAGE_THREAD, "RUSAGE_THREAD"),
];

const CHILDREN: u32 = RUSAGE_CHILDREN.cast_unsigned();

/// In how many parts of a second `times` counts. (Linux, `USER_HZ`; AT_CLKTCK tells programs.)
const PARTS: u32 = 100;

/// Words of a `struct rusage`: two times of two words, and 14 numbers.
const USAGE_WORDS: usize = 18;

/// Tells what the process, its children or the thread has used.
///
/// Linux: EINVAL for somebody else, EFAULT. Here: the same, but all that is told is the processor
/// time, and that is 0 for children. What is not counted is 0, as it is for much on Linux.
fn getrusage(context: &mut Context) -> Result<usize, Errno> {
    let [who, place, ..] = context.arguments;
    let used = match who as u32 {
        RUSAGE_SELF => processor_time(),
        CHILDREN => Duration::ZERO,
        RUSAGE_THREAD => table::used(),
        _ => return Err(Errno(EINVAL)),
    };
    let mut words = [0; USAGE_WORDS];
    [words[0], words[1]] = [used.as_secs(), used.subsec_micros().into()];
    words::write_words(place, &words)?;
    Ok(0)
}

/// Tells the same in hundredths of a second; the result is the time since the start. EFAULT, and
/// nothing at a place that is null, as on Linux.
fn times(context: &mut Context) -> Result<usize, Errno> {
    let [place, ..] = context.arguments;
    if place != 0 {
        words::write_words(place, &[parts(processor_time()), 0, 0, 0])?;
    }
    Ok(parts(timer::now()) as usize)
}

fn parts(time: Duration) -> u64 {
    time.as_secs() * u64::from(PARTS) + u64::from(time.subsec_nanos() / (1_000_000_000 / PARTS))
}
