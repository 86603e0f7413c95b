//! Bytes on their way from one process to another.

use alloc::vec;
use alloc::vec::Vec;

use user::process::{End, Pid, wait};
use user::signal::{Action, Signal, set_action};
use user::{Errno, write};

use crate::calls::{ATOMIC, close, move_to, pipe, read, read_all, start};
use crate::check;

/// How many numbers go down the line: more than fit into a pipe.
const NUMBERS: u64 = 9_000;

/// Three processes, as a shell would connect them: one writes numbers, one adds 1 to each, and one,
/// this, sums them up.
pub fn line() -> i32 {
    let Ok(source) = start_stage(None, |_, to| {
        let fails = |number: u64| write(to, &number.to_le_bytes()) != Ok(8);
        i32::from((0..NUMBERS).any(fails))
    }) else {
        return 1;
    };
    let Ok(filter) = start_stage(Some(source.1), |from, to| {
        let mut number = [0; 8];
        while read_all(from, &mut number) == Ok(8) {
            if write(to, &(u64::from_le_bytes(number) + 1).to_le_bytes()) != Ok(8) {
                return 1;
            }
        }
        0
    }) else {
        return 2;
    };
    let (mut sum, mut count, mut number) = (0, 0, [0; 8]);
    while read_all(filter.1, &mut number) == Ok(8) {
        sum += u64::from_le_bytes(number);
        count += 1;
    }
    let ended = [source.0, filter.0].map(wait);
    let is_right = |(ended, pid): (&Result<_, _>, Pid)| *ended == Ok((pid, End::Exited(0)));
    let closed = close(filter.1);
    let things = [
        count == NUMBERS,
        sum == NUMBERS * (NUMBERS + 1) / 2,
        is_right((&ended[0], source.0)),
        is_right((&ended[1], filter.0)),
        closed == Ok(0),
    ];
    check(2, &things)
}

/// Starts a stage that reads from `from` and writes to a pipe of its own, by the descriptors 0 and
/// 1. The result is the other end of that pipe.
fn start_stage(
    from: Option<usize>,
    work: impl FnOnce(usize, usize) -> i32,
) -> Result<(Pid, usize), Errno> {
    let [reader, writer] = pipe(0)?;
    let pid = start(|| {
        let moved = from.map_or(Ok(0), |from| move_to(from, 0));
        let is_moved = moved.is_ok() && move_to(writer, 1).is_ok() && close(reader).is_ok();
        if is_moved { work(0, 1) } else { 9 }
    })?;
    close(writer)?;
    from.map_or(Ok(0), close)?;
    Ok((pid, reader))
}

/// How many write at the same time, and how often.
const WRITERS: usize = 8;
const RECORDS: usize = 40;

/// Eight processes write records as long as is never torn, each of one letter; and of other lengths
/// below that. Whoever reads finds each of them in one piece.
pub fn records() -> i32 {
    let Ok([reader, writer]) = pipe(0) else { return 1 };
    for number in 0..WRITERS {
        if start(|| write_records(writer, number)).is_err() {
            return 2;
        }
    }
    let is_closed = close(writer).is_ok();
    let mut record = vec![0; ATOMIC];
    let mut counts = [0; WRITERS];
    let mut is_whole = true;
    // The first two bytes say how long a record is.
    while read_all(reader, &mut record[..2]) == Ok(2) {
        let length = usize::from(u16::from_le_bytes([record[0], record[1]])).clamp(3, ATOMIC);
        is_whole &= read_all(reader, &mut record[2..length]) == Ok(length - 2);
        let letter = record[2];
        is_whole &= record[2..length].iter().all(|byte| *byte == letter);
        if let Some(count) = counts.get_mut(usize::from(letter.wrapping_sub(b'a'))) {
            *count += 1;
        }
    }
    let are_done = (0..WRITERS).all(|_| matches!(wait(Pid::ANY), Ok((_, End::Exited(0)))));
    let counted = counts == [RECORDS; WRITERS];
    check(2, &[is_closed, is_whole, counted, are_done, close(reader).is_ok()])
}

fn write_records(writer: usize, number: usize) -> i32 {
    let mut record = vec![b'a' + number as u8; ATOMIC];
    for turn in 0..RECORDS {
        let length = if turn % 2 == 0 { ATOMIC } else { 3 + (turn * 997 + number * 131) % 4000 };
        record[..2].copy_from_slice(&(length as u16).to_le_bytes());
        if write(writer, &record[..length]) != Ok(length) {
            return 1;
        }
    }
    0
}

/// Who reads goes early: whoever writes on dies of SIGPIPE, or hears of it by an error if it
/// ignores that.
pub fn early() -> i32 {
    let killed = write_to_nobody(Action::Usual);
    let told = write_to_nobody(Action::Ignore);
    check(0, &[killed == Ok(End::Killed(PIPE)), told == Ok(End::Exited(7))])
}

/// The signal about it.
const PIPE: Signal = Signal(linux_raw_sys::general::SIGPIPE);

/// Starts a process that writes for ever, reads a little of that, and goes.
fn write_to_nobody(action: Action) -> Result<End, Errno> {
    let [reader, writer] = pipe(0)?;
    let pid = start(|| {
        let _ = close(reader);
        let _ = set_action(PIPE, action);
        let bytes = [b'y'; 3000];
        loop {
            match write(writer, &bytes) {
                Err(Errno::EPIPE) => return 7,
                Err(_) => return 8,
                Ok(_) => {}
            }
        }
    })?;
    close(writer)?;
    let mut bytes = [0; 10];
    let count = read(reader, &mut bytes);
    close(reader)?;
    let (_, end) = wait(pid)?;
    if count == Ok(10) { Ok(end) } else { Err(Errno::EAGAIN) }
}

/// How much is pumped.
const PUMPED: usize = 1 << 20;

/// A mebibyte goes through in pieces that fit nowhere, and comes out as it was.
pub fn pump() -> i32 {
    let Ok([reader, writer]) = pipe(0) else { return 1 };
    let child = start(|| {
        let _ = close(reader);
        let bytes: Vec<u8> = (0..PUMPED).map(pattern).collect();
        let mut done = 0;
        while done < PUMPED {
            let piece = (100_003).min(PUMPED - done);
            if write(writer, &bytes[done..done + piece]) != Ok(piece) {
                return 1;
            }
            done += piece;
        }
        0
    });
    let Ok(pid) = child else { return 2 };
    let is_closed = close(writer).is_ok();
    let mut bytes = vec![0; 7_001];
    let (mut done, mut is_same) = (0, true);
    while let Ok(count @ 1..) = read(reader, &mut bytes) {
        is_same &= bytes[..count].iter().zip(done..).all(|(byte, at)| *byte == pattern(at));
        done += count;
    }
    let ended = wait(pid);
    let has_ended = ended == Ok((pid, End::Exited(0)));
    check(2, &[is_closed, is_same, done == PUMPED, has_ended, close(reader).is_ok()])
}

/// The byte at place `at`: one that is elsewhere in each page.
fn pattern(at: usize) -> u8 {
    (at ^ at >> 8 ^ at >> 12) as u8
}
