//! `select` and `pselect6`: `poll` with a bit for each descriptor.
//!
//! ```text
//!  word 0                word 1                    fd_set
//! | 63 ...    2  1  0 | 127 ...   66 65 64 | ...
//! ```
//!
//! There are three sets: of those that are asked whether they can be read, whether they can be
//! written, and whether something urgent has come, which never happens here. The bits that are
//! still set afterwards are the answer.
//!
//! Linux, `man 2 select`.

use core::time::Duration;

use linux_raw_sys::errno::{EBADF, EINVAL};
use linux_raw_sys::general::{__NR_pselect6 as PSELECT6, O_PATH};

use super::poll::{check_signals, deadline, wait_until_ready};
use super::{Context, Descriptor, Errno, Kind, time, words};
use crate::file::description::Readiness;
use crate::file::descriptors::HIGHEST_LIMIT;
use crate::process::files;
use crate::timer;

/// The calls that ask several descriptors by bits.
pub(super) const CALLS: &[Descriptor] = &[Descriptor::new(
    PSELECT6,
    "pselect6",
    &[Kind::Int, Kind::Address, Kind::Address, Kind::Address, Kind::Time, Kind::Address],
    pselect6,
)];

/// Words of a set that has a bit for each descriptor that there can be.
const WORDS: usize = HIGHEST_LIMIT as usize / 64;

/// A set, as the program has it.
#[derive(Clone, Copy)]
struct Set([u64; WORDS]);

/// `select(count, to_read, to_write, urgent, patience)`: asks the descriptors below `count` whose
/// bits are set, for the time of a `struct timeval`, or for ever if it is null. The result is how
/// many bits are left; what is left of the time is written back.
///
/// Linux: EBADF if one is not open, EINVAL for a negative count or time, EFAULT. Here: the same.
/// What was hung up can be read, and what is broken both read and written, as the call would not
/// wait. No bits are looked at beyond the descriptors that there can be.
#[allow(dead_code, reason = "aarch64 has `pselect6` only")]
pub fn select(context: &mut Context) -> Result<usize, Errno> {
    let [count, sets @ .., patience, _] = context.arguments;
    let time = if patience == 0 { None } else { Some(read_time(patience)?) };
    let deadline = deadline(time);
    let result = ask_sets(count, sets, deadline);
    if let Some(rest) = deadline.map(rest) {
        let _ = words::write_words(patience, &[rest.as_secs(), rest.subsec_micros().into()]);
    }
    result
}

/// `pselect6(count, to_read, to_write, urgent, patience, signals)`: as `select`, for the time of a
/// `struct timespec`. The last argument is the address of two words: where a set of signals is and
/// how long that is.
///
/// Linux: as `select`, and EINVAL for a set of another size than 8 bytes. Here: the same, but the
/// set is checked and not heeded, as by `ppoll`.
fn pselect6(context: &mut Context) -> Result<usize, Errno> {
    let [count, sets @ .., patience, signals] = context.arguments;
    let [signals, size] = if signals == 0 { [0; 2] } else { words::read_words(signals)? };
    let time = if patience == 0 { None } else { Some(time::read(patience)?) };
    check_signals(signals, size)?;
    let deadline = deadline(time);
    let result = ask_sets(count, sets, deadline);
    if let Some(rest) = deadline.map(rest) {
        let _ = time::write(patience, rest);
    }
    result
}

/// Reads the `struct timeval` at `place`: seconds, and any number of microseconds.
fn read_time(place: u64) -> Result<Duration, Errno> {
    let [seconds, microseconds] = words::read_words(place)?;
    if (seconds | microseconds) > i64::MAX as u64 {
        return Err(Errno(EINVAL));
    }
    Ok(Duration::from_secs(seconds).saturating_add(Duration::from_micros(microseconds)))
}

fn rest(deadline: Duration) -> Duration {
    deadline.saturating_sub(timer::now())
}

/// Asks the descriptors below `count` that are in the sets at `places`, until one has an answer or
/// until `deadline`, and leaves the answers there.
fn ask_sets(count: u64, places: [u64; 3], deadline: Option<Duration>) -> Result<usize, Errno> {
    let count = usize::try_from(count as i32).map_err(|_| Errno(EINVAL))?.min(WORDS * 64);
    let mut asked = [Set([0; WORDS]); 3];
    for (set, place) in asked.iter_mut().zip(places) {
        set.read(place, count)?;
    }
    let mut answers = [Set([0; WORDS]); 3];
    let ready = wait_until_ready(deadline, || ask(&asked, &mut answers, count))?;
    for (set, place) in answers.iter().zip(places) {
        set.write(place, count)?;
    }
    Ok(ready)
}

/// Asks each of them once. The result is how many bits of `answers` are set.
fn ask(asked: &[Set; 3], answers: &mut [Set; 3], count: usize) -> Result<usize, Errno> {
    *answers = [Set([0; WORDS]); 3];
    let mut ready = 0;
    for number in 0..count {
        let wanted = [0, 1, 2].map(|set| asked[set].has(number));
        if wanted == [false; 3] {
            continue;
        }
        let description = files::description(number as u64).map_err(|_| Errno(EBADF))?;
        let Readiness { can_read, can_write, is_hung_up, is_broken } = description.readiness();
        // What is open with O_PATH cannot be asked. `poll` says POLLNVAL of it, which counts in
        // each of the sets. (Linux, `fs/select.c`, POLLEX_SET.)
        let is_path = description.flags() & O_PATH != 0;
        let is = [can_read || is_hung_up || is_broken, can_write || is_broken, is_path];
        for ((answer, is_wanted), is_so) in answers.iter_mut().zip(wanted).zip(is) {
            if is_wanted && is_so {
                answer.add(number);
                ready += 1;
            }
        }
    }
    Ok(ready)
}

impl Set {
    /// Reads the bits below `count` at `place`; none, if it is null.
    fn read(&mut self, place: u64, count: usize) -> Result<(), Errno> {
        if place != 0 {
            for (index, word) in self.0.iter_mut().take(count.div_ceil(64)).enumerate() {
                [*word] = words::read_words(place.saturating_add(8 * index as u64))?;
            }
        }
        Ok(())
    }

    /// Leaves the bits below `count` at `place`, in whole words.
    fn write(&self, place: u64, count: usize) -> Result<(), Errno> {
        if place != 0 {
            words::write_words(place, &self.0[..count.div_ceil(64)])?;
        }
        Ok(())
    }

    fn has(&self, number: usize) -> bool {
        self.0[number / 64] & 1 << (number % 64) != 0
    }

    fn add(&mut self, number: usize) {
        self.0[number / 64] |= 1 << (number % 64);
    }
}
