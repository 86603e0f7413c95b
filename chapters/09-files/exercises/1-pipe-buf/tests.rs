//! Eight who write at once.
//!
//! What is expected holds in whatever order they come. Before a writer gets the ring it lets others
//! run, so that they come between a look and what follows it each time, and not once in a year.

use alloc::vec;
use alloc::vec::Vec;

use ktest::{Chance, expect};

use super::{ATOMIC, Buffer, End, FileError, Pipe, Side};
use crate::memory::shared::Shared;
use crate::scheduler::policy::Level;
use crate::scheduler::{Handle, spawn, yield_now};
use crate::sync::Lock;

/// How many write.
const WRITERS: usize = 8;

/// How many records each of them writes.
const RECORDS: usize = 24;

/// How many bytes a long write has: more than there is ever room for.
const LONG: usize = 5 * (1 << 14) + 17;

/// The ends by which they write, one for each.
static ENDS: Lock<Vec<End>> = Lock::new(Vec::new());

/// Lets eight threads do `work`, each with its number. The result is they, and the end to read.
fn with_writers(work: fn(usize)) -> (Vec<Handle>, End) {
    let pipe = Shared::new(Pipe::new()).expect("there is memory");
    // All are open before the first one ends, or there would be an end in the middle.
    *ENDS.lock() = (0..WRITERS).map(|_| End::new(pipe.clone(), Side::Write)).collect();
    let reader = End::new(pipe, Side::Read);
    let make = |number| spawn("writer", Level::Normal, work, number).expect("there is memory");
    ((0..WRITERS).map(make).collect(), reader)
}

/// The end of one who writes.
fn open() -> End {
    ENDS.lock().pop().expect("there is one for each")
}

/// Writes `bytes`, again and again while there is no room.
fn write(end: &End, bytes: &mut [u8], is_impatient: bool) -> Result<usize, FileError> {
    loop {
        match end.write(&Buffer::Kernel(bytes), is_impatient) {
            Err(FileError::WouldWait) if is_impatient => yield_now(),
            result => return result,
        }
    }
}

/// Reads up to `most` bytes.
fn read(end: &End, most: usize) -> Vec<u8> {
    let mut bytes = vec![0; most];
    let count = end.read(&mut Buffer::Kernel(&mut bytes), false).expect("it is open to be read");
    bytes.truncate(count);
    bytes
}

/// Reads to the end, in pieces of many lengths.
fn read_all(end: &End) -> Vec<u8> {
    let (mut all, mut chance) = (Vec::new(), Chance::new(99));
    loop {
        let bytes = read(end, 1 + chance.below(9000));
        if bytes.is_empty() {
            return all;
        }
        all.extend_from_slice(&bytes);
    }
}

/// A record of the writer `number`: its length, the number, its turn, and the number until it ends.
fn record(number: usize, turn: usize, chance: &mut Chance) -> Vec<u8> {
    let length = if turn % 3 == 0 { ATOMIC } else { 4 + chance.below(ATOMIC - 4) };
    let mut record = vec![number as u8; length];
    record[..2].copy_from_slice(&(length as u16).to_le_bytes());
    record[3] = turn as u8;
    record
}

fn write_records(number: usize, is_impatient: bool) {
    let (end, mut chance) = (open(), Chance::new(number as u64));
    for turn in 0..RECORDS {
        let mut record = record(number, turn, &mut chance);
        let seen = write(&end, &mut record, is_impatient);
        expect(("a record of bytes:", record.len()), seen, Ok(record.len()));
    }
}

fn write_patiently(number: usize) {
    write_records(number, false);
}

/// Every second one does not want to wait.
fn write_mixed(number: usize) {
    write_records(number, number.is_multiple_of(2));
}

/// Writes what is longer than there is room for: bytes that tell who, and how many came before.
fn write_long(number: usize) {
    let end = open();
    let mut bytes: Vec<u8> = (0..LONG).map(|place| byte(number, place)).collect();
    let seen = write(&end, &mut bytes, false);
    expect(("a write of bytes:", LONG), seen, Ok(LONG));
}

/// Byte `place` of the long write of `number`: who in three bits, and in five how many came before.
fn byte(number: usize, place: usize) -> u8 {
    (number << 5 | place % 32) as u8
}

/// Expects that what `work` writes are whole records, each writer's in its order.
fn expect_records(work: fn(usize)) {
    let (handles, reader) = with_writers(work);
    let all = read_all(&reader);
    let (mut rest, mut turns) = (all.as_slice(), [0; WRITERS]);
    while let [low, high, number, turn, ..] = *rest {
        let place = ("the record at byte", all.len() - rest.len());
        let length = usize::from(u16::from_le_bytes([low, high]));
        expect((place, "is of one of eight"), usize::from(number) < WRITERS, true);
        expect((place, "is so long"), (4..=ATOMIC.min(rest.len())).contains(&length), true);
        let (record, behind) = rest.split_at(length);
        let torn = record[4..].iter().position(|byte| *byte != number);
        expect((place, "of bytes", length, "is torn at"), torn, None);
        let expected = &mut turns[usize::from(number)];
        expect((place, "of writer", number, "has the turn"), usize::from(turn), *expected);
        *expected += 1;
        rest = behind;
    }
    expect("bytes that are no record", rest.len(), 0);
    expect("records of each writer", turns, [RECORDS; WRITERS]);
    handles.into_iter().for_each(Handle::join);
}

ktest::test! {
    /// Eight write records that must not be torn, and wait for room.
    fn eight_writers_tear_nothing() {
        expect_records(write_patiently);
    }

    /// Eight write records, and four of them do not wait.
    fn eight_impatient_writers_tear_nothing() {
        expect_records(write_mixed);
    }

    /// Eight write more than there is room for. It may be torn, but each has its order.
    fn eight_long_writes_arrive() {
        let (handles, reader) = with_writers(write_long);
        let mut counts = [0; WRITERS];
        for (place, found) in read_all(&reader).into_iter().enumerate() {
            let number = usize::from(found >> 5);
            let count = &mut counts[number];
            expect(("byte", place, "of writer", number), found, byte(number, *count));
            *count += 1;
        }
        expect("bytes of each writer", counts, [LONG; WRITERS]);
        handles.into_iter().for_each(Handle::join);
    }
}
