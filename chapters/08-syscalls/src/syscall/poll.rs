//! `poll` and `ppoll`: to ask several descriptors at once, and to wait for the first to be ready.
//!
//! ```text
//!  0          4        6        8
//! | descriptor | asked | answer |     struct pollfd
//! ```
//!
//! Linux, `man 2 poll`.

use core::time::Duration;

use linux_raw_sys::errno::{EINTR, EINVAL};
use linux_raw_sys::general::{POLLERR, POLLHUP, POLLIN, POLLNVAL, POLLOUT, POLLRDNORM, POLLWRNORM};

use super::console::{File, file};
use super::{Context, Errno, signal, time};
use crate::input::terminal;
use crate::process::user::UserSlice;
use crate::timer;

/// Bytes of a `struct pollfd`.
const POLLFD: usize = 8;

/// How many descriptors a process may have, which bounds how many it may ask for.
const DESCRIPTORS: u64 = 1024;

/// Bytes of a set of signals.
const SIGNALS: u64 = 8;

/// Asks descriptors, for so many milliseconds: for ever, if that is negative.
///
/// The console can be written to at any time, and read if a read would not wait. A pipe has
/// POLLHUP when its end was reached. Other descriptors are not open: POLLNVAL, at once. A negative
/// one is not asked for.
///
/// Linux: EFAULT, EINVAL for more of them than the process may have, EINTR. Here: the same, but
/// that this number is 1024, and that only the end of the process interrupts, as with `read`.
#[allow(dead_code, reason = "aarch64 has `ppoll` only")]
pub fn poll(context: &mut Context) -> Result<usize, Errno> {
    let [start, count, patience, ..] = context.arguments;
    let patience = u64::try_from(patience as i32).ok().map(Duration::from_millis);
    wait(start, count, deadline(patience))
}

/// Asks descriptors as `poll` does, for the time of a `struct timespec`: for ever, if it is null.
/// What is left of the time is written back.
///
/// Linux: as `poll`; EINVAL for a time that is none, or a set of signals of another size than 8
/// bytes. The set that the fourth argument names takes the place of the one that is blocked while
/// the call waits. Here: the same, but the set is checked and not heeded.
pub(super) fn ppoll(context: &mut Context) -> Result<usize, Errno> {
    let [start, count, patience, signals, size, ..] = context.arguments;
    let time = if patience == 0 { None } else { Some(time::read(patience)?) };
    check_signals(signals, size)?;
    let deadline = deadline(time);
    let result = wait(start, count, deadline);
    if let Some(deadline) = deadline {
        // Who passes memory that cannot be written loses the rest of the time, and nothing else.
        let _ = time::write(patience, deadline.saturating_sub(timer::now()));
    }
    result
}

fn check_signals(signals: u64, size: u64) -> Result<(), Errno> {
    if signals == 0 {
        return Ok(());
    }
    if size != SIGNALS {
        return Err(Errno(EINVAL));
    }
    signal::read_set(signals).map(|_| ())
}

fn deadline(patience: Option<Duration>) -> Option<Duration> {
    patience.map(|patience| timer::now().saturating_add(patience))
}

/// Asks all until one has an answer, or until `deadline`. The result is how many have.
fn wait(start: u64, count: u64, deadline: Option<Duration>) -> Result<usize, Errno> {
    // The upper half of the count means nothing on Linux.
    let count = count as u32;
    if u64::from(count) > DESCRIPTORS {
        return Err(Errno(EINVAL));
    }
    let structures = UserSlice::new(start, count as usize * POLLFD)?;
    loop {
        let seen = terminal::news();
        let ready = ask(structures)?;
        if ready > 0 || deadline.is_some_and(|deadline| timer::now() >= deadline) {
            return Ok(ready);
        }
        terminal::wait_for_news(seen, deadline).map_err(|_| Errno(EINTR))?;
    }
}

/// Asks each of them once, and writes the answers.
fn ask(structures: UserSlice) -> Result<usize, Errno> {
    let mut ready = 0;
    for place in (0..structures.len()).step_by(POLLFD) {
        let mut bytes = [0; POLLFD];
        structures.read(place, &mut bytes)?;
        let [a, b, c, d, e, f, ..] = bytes;
        let asked = u16::from_le_bytes([e, f]);
        let answer = match i32::from_le_bytes([a, b, c, d]) {
            ..0 => 0,
            descriptor => answer(descriptor as u64) & (asked | ALWAYS),
        };
        structures.write(place + 6, &answer.to_le_bytes())?;
        ready += usize::from(answer != 0);
    }
    Ok(ready)
}

/// What is answered whether it is asked for or not.
const ALWAYS: u16 = (POLLERR | POLLHUP | POLLNVAL) as u16;

/// All that there is to say of a descriptor.
fn answer(descriptor: u64) -> u16 {
    let terminal::Readiness { can_read, has_ended } = terminal::readiness();
    let input = if can_read { POLLIN | POLLRDNORM } else { 0 };
    let answer = match file(descriptor) {
        Ok(File::Terminal) if terminal::is_pipe() => POLLOUT | POLLWRNORM,
        Ok(File::Terminal) => input | POLLOUT | POLLWRNORM,
        Ok(File::Pipe) => input | if has_ended { POLLHUP } else { 0 },
        Err(_) => POLLNVAL,
    };
    answer as u16
}
