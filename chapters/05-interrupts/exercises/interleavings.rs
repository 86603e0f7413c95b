//! What one who pushes and one who pops can live through together: all of it.
//!
//! Given, not to be written. Each of these tries a queue with two threads in every order in which
//! they can come to their atomics, as long as they interrupt each other three times at most, and
//! with every old value that they may still see. The queue must be of [`atomic`]'s numbers and
//! bytes, with room for [`SIZE`] bytes, which is so few that it is full and empty in between, and
//! a place is used twice.

use std::sync::Arc;

use ktest::expect;
use loom::model::Builder;
use loom::thread;

use super::atomic::{self, Machine};

/// The room of a queue.
pub const SIZE: usize = 2;

/// The bytes that are pushed. None is what a place holds at first.
const BYTES: [u8; 3] = [1, 2, 3];

/// How often is popped meanwhile.
const POPS: usize = 2;

/// How often a thread that could go on is interrupted.
const INTERRUPTIONS: usize = 3;

/// A queue without a lock.
pub trait Queue: Send + Sync + 'static {
    /// Makes an empty one.
    fn empty() -> Self;
    /// Adds a byte at the end; whether there was room.
    fn push(&self, byte: u8) -> bool;
    /// Takes the first byte out.
    fn pop(&self) -> Option<u8>;
    /// Whether there is no room.
    fn is_full(&self) -> bool;
}

/// What came of one case.
struct Outcome {
    /// What was accepted.
    pushed: Vec<u8>,
    /// What came out, meanwhile and afterwards.
    popped: Vec<u8>,
    /// A byte that was refused, though the queue was not full a moment before.
    refused: Option<u8>,
}

/// Tries all cases, and has `look` look at each.
///
/// Whoever pushes asks `is_full` first.
fn for_all<Q: Queue>(
    machine: Machine,
    is_full: fn(&Q) -> bool,
    look: impl Fn(Outcome) + Send + Sync + 'static,
) {
    let mut builder = Builder::new();
    builder.preemption_bound = Some(INTERRUPTIONS);
    builder.check(move || {
        atomic::begin(machine);
        look(one_case::<Q>(is_full));
    });
}

fn one_case<Q: Queue>(is_full: fn(&Q) -> bool) -> Outcome {
    let queue = Arc::new(Q::empty());
    let other = Arc::clone(&queue);
    let pusher = thread::spawn(move || {
        let (mut pushed, mut refused) = (Vec::new(), None);
        for byte in BYTES {
            let has_room = !is_full(&other);
            match other.push(byte) {
                true => pushed.push(byte),
                false if has_room => refused = Some(byte),
                false => {}
            }
        }
        (pushed, refused)
    });
    let mut popped: Vec<u8> = (0..POPS).filter_map(|_| queue.pop()).collect();
    let (pushed, refused) = pusher.join().expect("a panic ends the whole case");
    // One more than there can be, so that this ends whatever the queue does.
    popped.extend((0..=SIZE).filter_map(|_| queue.pop()));
    Outcome { pushed, popped, refused }
}

/// Every byte that was accepted comes out once and in order, and as it was pushed.
pub fn bytes_arrive<Q: Queue>(machine: Machine) {
    for_all::<Q>(
        machine,
        |_| true,
        move |Outcome { pushed, popped, .. }| {
            let input =
                ("one pushes", BYTES, "another pops; machine", machine, "accepted", &pushed);
            expect(input, &popped, &pushed);
        },
    );
}

/// No byte is stored over one that has not been read.
pub fn bytes_stay<Q: Queue>(machine: Machine) {
    for_all::<Q>(
        machine,
        |_| true,
        move |Outcome { .. }| {
            let input =
                ("one pushes", BYTES, "another pops; bytes overwritten before they were read");
            expect(input, atomic::overwritten(), 0);
        },
    );
}

/// Whoever pushes, and was told that there is room, has it.
pub fn room_stays<Q: Queue>(machine: Machine) {
    for_all::<Q>(machine, Q::is_full, move |Outcome { refused, .. }| {
        let input = ("one pushes", BYTES, "another pops; refused though it was not full");
        expect(input, refused, None);
    });
}
