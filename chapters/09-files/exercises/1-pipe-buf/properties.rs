//! Any write to a pipe to which others do things at any moment, beside a model of the pipe.

use exercise_host::{Property, holds_for, properties};
use ktest::expect;
use proptest::collection::vec;
use proptest::prelude::*;

use model::Event;
pub use model::{Seen, Writer};

#[allow(dead_code, reason = "unused until the holes are filled")]
mod model;
#[allow(dead_code, unused_imports, reason = "until its holes are filled")]
mod write;

/// What is tried.
pub const PROPERTIES: &[Property] = properties![
    any_length_needs_its_room,
    any_patient_write_arrives,
    any_short_write_is_whole,
    any_impatient_write_takes_what_there_is,
    any_impatient_short_write_is_whole,
    any_other_may_be_quicker,
    any_end_of_readers_is_an_error,
    any_end_of_readers_is_a_signal,
    any_written_byte_counts,
];

/// What is never torn, and all that there is room for, as in the kernel.
pub const ATOMIC: usize = 4096;
pub const SIZE: usize = 1 << 16;

/// Why a write fails, likewise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileError {
    BadAddress,
    BrokenPipe,
    Interrupted,
    WouldWait,
}

/// Lengths of writes, many of them at the edge.
fn lengths() -> impl Strategy<Value = usize> {
    prop_oneof![short(), long()]
}

/// Lengths that must not be torn.
fn short() -> impl Strategy<Value = usize> {
    prop_oneof![Just(1), 1..ATOMIC, Just(ATOMIC)]
}

/// Lengths that may be.
fn long() -> impl Strategy<Value = usize> {
    prop_oneof![Just(ATOMIC + 1), ATOMIC + 1..3 * SIZE]
}

/// How many bytes are in the pipe at first: often so many that there is little room.
fn fillings() -> impl Strategy<Value = usize> {
    prop_oneof![Just(0), Just(SIZE), SIZE - ATOMIC..=SIZE, 0..=SIZE]
}

/// What others read and write meanwhile.
fn traffic() -> impl Strategy<Value = Vec<Event>> {
    let bytes = || prop_oneof![1..ATOMIC, Just(ATOMIC), 1..SIZE];
    let event =
        prop_oneof![3 => bytes().prop_map(Event::Read), 2 => bytes().prop_map(Event::Write)];
    vec(event, 0..12)
}

/// `traffic`, and somewhere in it `event`.
fn with_event(event: Event) -> impl Strategy<Value = Vec<Event>> {
    (traffic(), any::<prop::sample::Index>()).prop_map(move |(mut events, index)| {
        events.insert(index.index(events.len() + 1), event);
        events
    })
}

/// What is to be known of a case.
fn input(writer: &Writer) -> String {
    format!("{writer:?}")
}

fn any_length_needs_its_room() {
    holds_for(lengths(), |wanted| {
        let expected = if wanted <= ATOMIC { wanted } else { 1 };
        expect(("the room that is needed for bytes:", wanted), write::needed(wanted), expected);
    });
}

/// Who waits writes all, and in order, whatever others do.
fn any_patient_write_arrives() {
    holds_for((lengths(), fillings(), traffic()), |(wanted, used, events)| {
        let writer = Writer::patient(wanted, used, events);
        let input = input(&writer);
        let answer = write::write(&writer);
        expect((&input, "the answer"), answer, Ok(wanted));
        expect((&input, "what was put in, from the start on"), writer.put_in(), Some(wanted));
        expect((&input, "how often SIGPIPE was sent"), writer.signals(), 0);
    });
}

fn any_short_write_is_whole() {
    holds_for((short(), fillings(), traffic()), |(wanted, used, events)| {
        let writer = Writer::patient(wanted, used, events);
        let input = input(&writer);
        let _ = write::write(&writer);
        expect((&input, "pieces of it in the pipe"), writer.pieces(), vec![wanted]);
    });
}

/// If nobody else does anything, what there is room for goes in.
fn any_impatient_write_takes_what_there_is() {
    holds_for((lengths(), fillings()), |(wanted, used)| {
        let writer = Writer::impatient(wanted, used, vec![]);
        let (input, room) = (input(&writer), SIZE - used);
        let expected = match wanted <= ATOMIC {
            true if room < wanted => Err(FileError::WouldWait),
            false if room == 0 => Err(FileError::WouldWait),
            _ => Ok(wanted.min(room)),
        };
        expect((&input, "the answer"), write::write(&writer), expected);
        let put_in = writer.put_in();
        expect((&input, "what was put in"), put_in, Some(expected.unwrap_or_default()));
    });
}

fn any_impatient_short_write_is_whole() {
    holds_for((short(), fillings(), traffic()), |(wanted, used, events)| {
        let writer = Writer::impatient(wanted, used, events);
        let input = input(&writer);
        let expected = match write::write(&writer) {
            Ok(_) => vec![wanted],
            Err(_) => vec![],
        };
        expect((&input, "pieces of it in the pipe"), writer.pieces(), expected);
    });
}

/// Whatever was seen before the ring was had, others may have filled the pipe since.
fn any_other_may_be_quicker() {
    let bytes = prop_oneof![1..ATOMIC, Just(SIZE)];
    let pair = bytes.prop_map(|bytes| [Event::Read(bytes), Event::Write(bytes)]);
    holds_for((lengths(), vec(pair, 1..6)), |(wanted, pairs)| {
        let writer = Writer::patient(wanted, SIZE, pairs.concat());
        let input = input(&writer);
        expect((&input, "the answer"), write::write(&writer), Ok(wanted));
    });
}

/// When the last who could read goes, before the write or in the midst of it, the write ends.
fn any_end_of_readers_is_an_error() {
    let events = with_event(Event::Close);
    holds_for((lengths(), fillings(), events), |(wanted, used, events)| {
        let writer = Writer::patient(wanted, used, events);
        let input = input(&writer);
        let answer = write::write(&writer);
        let put_in = writer.put_in().unwrap_or_default();
        let expected = if put_in == 0 { Err(FileError::BrokenPipe) } else { Ok(put_in) };
        expect((&input, "was put in:", put_in, "and the answer is"), answer, expected);
    });
}

/// The thread is told even if it never looks at what its writes came to.
fn any_end_of_readers_is_a_signal() {
    let events = with_event(Event::Close);
    holds_for((lengths(), fillings(), events), |(wanted, used, events)| {
        let writer = Writer::patient(wanted, used, events);
        let input = input(&writer);
        let _ = write::write(&writer);
        let put_in = writer.put_in().unwrap_or_default();
        let what = (&input, "was put in:", put_in, "and SIGPIPE was sent so often:");
        expect(what, writer.signals(), usize::from(put_in < wanted));
    });
}

/// Whatever ends a write, what was put in before counts; and where that is nothing, it is an error.
fn any_written_byte_counts() {
    let broken = prop_oneof![Just(Event::Interrupt), (1..=4 * SIZE).prop_map(Event::Lose)];
    let events = broken.prop_flat_map(with_event);
    holds_for((lengths(), fillings(), events), |(wanted, used, events)| {
        let writer = Writer::patient(wanted, used, events);
        let input = input(&writer);
        let answer = write::write(&writer);
        let put_in = writer.put_in().unwrap_or_default();
        let expected = match (put_in, writer.obstacle()) {
            (0, Some(error)) => Err(error),
            _ => Ok(put_in),
        };
        expect((&input, "was put in:", put_in, "and the answer is"), answer, expected);
    });
}
