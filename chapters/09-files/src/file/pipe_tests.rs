//! What pipes promise.
//!
//! Threads of the level `High` run as soon as they are made or woken, until they wait: so what
//! those tests see between two lines is what must have happened by then.

use alloc::vec;
use alloc::vec::Vec;

use ktest::Chance;
use linux_raw_sys::general::{O_ACCMODE, O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY};

use super::side::Side;
use super::{ATOMIC, SIZE};
use crate::file::description::{Description, Whence};
use crate::file::status::Kind;
use crate::file::{Buffer, FileError};
use crate::memory::faults;
use crate::memory::shared::Shared;
use crate::process::family_tests::leaves_nothing;
use crate::process::tests::left;
use crate::process::{self, Exit, Process, Signal};
use crate::scheduler::policy::Level;
use crate::scheduler::{Handle, spawn};
use crate::sync::Lock;
use crate::timer;

/// An end of a pipe.
type End = Shared<Description>;

/// The end that threads work with.
static END: Lock<Option<End>> = Lock::new(None);

/// What they were answered.
static ANSWERS: Lock<Vec<Result<usize, FileError>>> = Lock::new(Vec::new());

/// A pipe: the end to read, and the one to write.
pub fn pipe(flags: u32) -> [End; 2] {
    super::new(flags).expect("there is memory")
}

/// Writes `bytes`.
pub fn write(end: &End, bytes: &[u8]) -> Result<usize, FileError> {
    end.write(&Buffer::Kernel(&mut bytes.to_vec()))
}

/// Reads up to `most` bytes.
pub fn read(end: &End, most: usize) -> Result<Vec<u8>, FileError> {
    let mut bytes = vec![0; most];
    let count = end.read(&mut Buffer::Kernel(&mut bytes))?;
    bytes.truncate(count);
    Ok(bytes)
}

/// Lets a thread that is `Realtime` do `work` with `end`.
fn with_end(end: &End, work: fn(usize), argument: usize) -> Handle {
    *END.lock() = Some(end.clone());
    spawn("test", Level::Realtime, work, argument).expect("there is memory for a thread")
}

/// The end that this thread is to work with.
fn take_end() -> End {
    END.lock().take().expect("each thread is given an end")
}

fn read_some(most: usize) {
    let result = read(&take_end(), most).map(|bytes| bytes.len());
    ANSWERS.lock().push(result);
}

fn write_some(count: usize) {
    let result = write(&take_end(), &vec![b'w'; count]);
    ANSWERS.lock().push(result);
}

/// What was answered since.
fn answers() -> Vec<Result<usize, FileError>> {
    core::mem::take(&mut *ANSWERS.lock())
}

/// How many records each writer writes.
const RECORDS: usize = 60;

/// Writes records of many lengths, each full of the writer's number.
fn write_records(number: usize) {
    let end = take_end();
    let mut chance = Chance::new(number as u64 + 1);
    for turn in 0..RECORDS {
        let length = if turn % 3 == 0 { ATOMIC } else { 3 + usize::from(chance.byte()) * 15 };
        let mut record = vec![number as u8; length];
        record[..2].copy_from_slice(&(length as u16).to_le_bytes());
        assert_eq!(write(&end, &record), Ok(length));
    }
}

/// Reads until there are `count` bytes, or nothing comes any more.
fn read_all(end: &End, count: usize) -> Vec<u8> {
    let mut all = Vec::new();
    while all.len() < count {
        let bytes = read(end, count - all.len()).expect("it is open to be read");
        if bytes.is_empty() {
            break;
        }
        all.extend_from_slice(&bytes);
    }
    all
}

/// The program `pipes`, which tries the part `part`; all of them, if that is empty.
fn program(part: &str) -> Process {
    let words: [&[u8]; 2] = [b"bin/pipes", part.as_bytes()];
    let count = if part.is_empty() { 1 } else { 2 };
    let process = Process::new("bin/pipes", &words[..count], &[]);
    process.unwrap_or_else(|error| panic!("pipes: {error}"))
}

ktest::test! {
    /// An end is to read, to write or to do both, as flags say that are not all bits of it.
    fn side_is_what_flags_say() {
        let sides = [O_RDONLY, O_WRONLY, O_RDWR].map(|flags| Side::of(flags | O_NONBLOCK));
        assert_eq!(sides, [Ok(Side::Read), Ok(Side::Write), Ok(Side::Both)]);
        assert_eq!(sides.map(|side| side.is_ok_and(Side::reads)), [true, false, true]);
        assert_eq!(sides.map(|side| side.is_ok_and(Side::writes)), [false, true, true]);
        assert_eq!(Side::of(O_ACCMODE), Err(FileError::Invalid));
    }

    /// Bytes come out of a pipe as they went in, wherever pieces begin and end.
    fn pipe_keeps_bytes_in_order() {
        let [reader, writer] = pipe(O_NONBLOCK);
        let mut chance = Chance::new(9);
        let (mut written, mut found) = (0_usize, 0_usize);
        while found < 20 * SIZE {
            let wanted = usize::from(chance.byte()) * 97;
            let bytes: Vec<u8> = (written..written + wanted).map(|at| (at / 3) as u8).collect();
            written += write(&writer, &bytes).unwrap_or(0);
            for byte in read(&reader, usize::from(chance.byte()) * 89).unwrap_or_default() {
                assert_eq!(byte, (found / 3) as u8, "byte {found}");
                found += 1;
            }
        }
        assert!(written - found <= SIZE);
    }

    /// Who does not want to wait gets what there is, or an error; what is not to be torn is written
    /// whole or not at all.
    fn impatient_pipe_does_not_wait() {
        let [reader, writer] = pipe(O_NONBLOCK);
        assert_eq!(read(&reader, 1), Err(FileError::WouldWait));
        assert_eq!(write(&writer, &[1; SIZE + 1]), Ok(SIZE));
        assert_eq!(write(&writer, &[1]), Err(FileError::WouldWait));
        assert_eq!(read(&reader, ATOMIC - 1), Ok(vec![1; ATOMIC - 1]));
        assert_eq!(write(&writer, &[2; ATOMIC]), Err(FileError::WouldWait));
        assert_eq!(read(&reader, 1), Ok(vec![1]));
        assert_eq!(write(&writer, &[2; ATOMIC]), Ok(ATOMIC));
        assert_eq!(read(&reader, 5), Ok(vec![1; 5]));
        assert_eq!(write(&writer, &[3; ATOMIC + 1]), Ok(5), "what is longer may be torn");
        assert_eq!(read_all(&reader, SIZE)[SIZE - 5..], [3; 5]);
    }

    /// What was written is read when nobody is left who could write, and then comes the end.
    fn pipe_ends_when_nobody_writes() {
        let [reader, writer] = pipe(0);
        let other = writer.clone();
        assert_eq!(write(&writer, b"the last words"), Ok(14));
        drop(writer);
        assert_eq!(write(&other, b"!"), Ok(1));
        drop(other);
        assert_eq!(read(&reader, 100).as_deref(), Ok(b"the last words!".as_slice()));
        assert_eq!(read(&reader, 100), Ok(vec![]));
    }

    /// To write what nobody can read is an error; to write nothing is none.
    fn pipe_breaks_when_nobody_reads() {
        let [reader, writer] = pipe(0);
        assert_eq!(write(&writer, b"x"), Ok(1));
        drop(reader);
        assert_eq!(write(&writer, b"x"), Err(FileError::BrokenPipe));
        assert_eq!(write(&writer, b""), Ok(0));
    }

    /// Who waits for bytes is woken by them, and by the end.
    fn pipe_wakes_who_reads() {
        let [reader, writer] = pipe(0);
        let first = with_end(&reader, read_some, 100);
        let second = with_end(&reader, read_some, 100);
        assert!(answers().is_empty());
        assert_eq!(write(&writer, b"abc"), Ok(3));
        assert_eq!(answers(), [Ok(3)], "one of the two has it, and the other waits");
        drop(writer);
        assert_eq!(answers(), [Ok(0)]);
        [first, second].into_iter().for_each(Handle::join);
    }

    /// Who waits for room is woken by as much as is needed, and by the last reader's end.
    fn pipe_wakes_who_writes() {
        let [reader, writer] = pipe(0);
        assert_eq!(write(&writer, &[0; SIZE]), Ok(SIZE));
        let first = with_end(&writer, write_some, ATOMIC);
        assert_eq!(read_all(&reader, ATOMIC - 1).len(), ATOMIC - 1);
        assert!(answers().is_empty(), "a piece that is not to be torn has no room");
        assert_eq!(read(&reader, 1), Ok(vec![0]));
        assert_eq!(answers(), [Ok(ATOMIC)]);
        let second = with_end(&writer, write_some, 3 * ATOMIC);
        assert_eq!(read_all(&reader, 2 * ATOMIC).len(), 2 * ATOMIC);
        assert!(answers().is_empty());
        drop(reader);
        assert_eq!(answers(), [Ok(2 * ATOMIC)], "what was written counts");
        let third = with_end(&writer, write_some, 1);
        assert_eq!(answers(), [Err(FileError::BrokenPipe)]);
        [first, second, third].into_iter().for_each(Handle::join);
    }

    /// What several write at the same time is not torn, however long it has to wait.
    fn pipe_tears_no_records() {
        const WRITERS: usize = 4;
        let [reader, writer] = pipe(0);
        let writers = [1, 2, 3, 4].map(|number| with_end(&writer, write_records, number));
        drop(writer);
        let mut counts = [0; WRITERS];
        loop {
            let head = read_all(&reader, 3);
            let [low, high, number] = head[..] else { break };
            let rest = usize::from(u16::from_le_bytes([low, high])) - 3;
            assert_eq!(read_all(&reader, rest), vec![number; rest]);
            counts[usize::from(number) - 1] += 1;
        }
        assert_eq!(counts, [RECORDS; WRITERS]);
        writers.into_iter().for_each(Handle::join);
    }

    /// A pipe has no places, and a number that no other has.
    fn pipe_is_told_from_others() {
        let [reader, writer] = pipe(0);
        let [other, _] = pipe(0);
        let [first, second] = [&reader, &writer].map(|end| end.status());
        assert_eq!((first.kind, first.number), (Kind::Pipe, second.number));
        assert_ne!(other.status().number, first.number);
        let mut bytes = [0; 1];
        let mut buffer = Buffer::Kernel(&mut bytes);
        assert_eq!(reader.seek(Whence::Start, 0), Err(FileError::NotSeekable));
        assert_eq!(reader.read_at(0, &mut buffer), Err(FileError::NotSeekable));
        assert_eq!(writer.write_at(0, &buffer), Err(FileError::NotSeekable));
        assert_eq!(writer.read(&mut buffer), Err(FileError::BadDescriptor));
        assert_eq!(reader.write(&buffer), Err(FileError::BadDescriptor));
    }

    /// Whichever allocation fails while a pipe is made and filled: it is an error, and nothing is
    /// lost. What was written before it counts.
    fn pipe_takes_no_memory_for_an_error() {
        let mut bytes = vec![7; SIZE];
        let mut use_pipe = || {
            let [reader, writer] = super::new(0)?;
            let written = writer.write(&Buffer::Kernel(&mut bytes))?;
            reader.read(&mut Buffer::Kernel(&mut bytes[..written]))
        };
        assert_eq!(use_pipe(), Ok(SIZE));
        let before = left();
        let mut count = 0;
        loop {
            let (result, has_failed) = faults::fail_at(count, &mut use_pipe);
            assert_eq!(left(), before, "at {count}");
            match result {
                Err(error) => assert_eq!((error, has_failed), (FileError::NoMemory, true)),
                Ok(SIZE) => {
                    assert!(!has_failed, "at {count}: nobody noticed");
                    break;
                }
                Ok(part) => assert!(has_failed && part.is_multiple_of(ATOMIC), "{part}"),
            }
            count += 1;
        }
        // The pipe, two ends, and sixteen frames.
        assert_eq!(count, 19);
    }

    /// Programs that are tied together by pipes leave nothing behind.
    fn pipe_programs_leave_nothing() {
        leaves_nothing(|| assert_eq!(program("").run(), Exit::Exited(0)));
    }

    /// Who waits for a pipe in whichever way can be ended.
    fn pipe_lets_go_who_is_to_end() {
        for part in ["read", "write", "ask"] {
            leaves_nothing(|| {
                let pid = program(part).start(Level::Normal).expect("there is memory");
                timer::sleep_until(timer::now() + core::time::Duration::from_millis(100));
                assert!(process::end(pid, Exit::Killed(Signal::Kill)), "{part} has ended");
                assert_eq!(process::wait(pid), Exit::Killed(Signal::Kill));
            });
        }
    }
}
