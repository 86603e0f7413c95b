//! The ring in one thread, against a queue of the standard library; and in two, in every order.

use std::collections::VecDeque;

use atomic::Machine;
use exercise_host::{Property, holds_for, properties};
use ktest::expect;
use plain::storage::{Full, Ring};
use proptest::collection::vec;
use proptest::prelude::*;

#[allow(dead_code, reason = "a solution may use all of it, and the reference does not")]
#[path = "../atomic.rs"]
mod atomic;
#[path = "../interleavings.rs"]
mod interleavings;

/// The ring with the atomics of this processor.
#[path = "."]
mod plain {
    #[allow(dead_code, reason = "unused until the holes are filled")]
    pub mod storage;
    #[forbid(unsafe_code)]
    #[path = "ring.rs"]
    mod student;

    pub const SIZE: usize = 8;

    use atomic::{AtomicU8, AtomicUsize};

    mod atomic {
        pub use core::sync::atomic::{AtomicU8, AtomicUsize};
    }

    impl storage::Ring {
        /// Makes one through which `count` bytes have gone.
        pub fn after(count: usize) -> Self {
            let bytes = core::array::from_fn(|_| AtomicU8::new(0));
            let [pushed, popped] = [count, count].map(AtomicUsize::new);
            Self { bytes, pushed, popped }
        }
    }
}

/// The ring with atomics that are as late as can be.
#[path = "."]
mod late {
    #[allow(dead_code, reason = "unused until the holes are filled")]
    pub mod storage;
    #[forbid(unsafe_code)]
    #[path = "ring.rs"]
    mod student;

    pub use super::interleavings::SIZE;

    use super::atomic::{self, AtomicU8, AtomicUsize};
    use super::interleavings::Queue;

    impl Queue for storage::Ring {
        fn empty() -> Self {
            let bytes = core::array::from_fn(|_| AtomicU8::new(0));
            Self { bytes, pushed: AtomicUsize::new(0), popped: AtomicUsize::new(0) }
        }

        fn push(&self, byte: u8) -> bool {
            self.push(byte).is_ok()
        }

        fn pop(&self) -> Option<u8> {
            self.pop()
        }

        fn is_full(&self) -> bool {
            self.is_full()
        }
    }
}

/// What is tried.
pub const PROPERTIES: &[Property] = properties![
    any_story_is_a_queues,
    full_ring_keeps_all,
    numbers_begin_again,
    order_of_lines_is_right,
    bytes_arrive,
    bytes_stay,
    room_stays,
];

/// What is done.
#[derive(Clone, Copy, Debug)]
enum Step {
    Push(u8),
    Pop,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    vec(prop_oneof![3 => any::<u8>().prop_map(Step::Push), 2 => Just(Step::Pop)], 0..40)
}

/// Whether a ring through which `count` bytes have gone behaves as a queue does at `steps`, with
/// room for `room` of them.
fn is_a_queue(count: usize, steps: &[Step], room: usize) {
    let (ring, mut model) = (Ring::after(count), VecDeque::new());
    for (number, step) in steps.iter().enumerate() {
        let input = ("before", count, "bytes; then", &steps[..=number]);
        match step {
            Step::Push(_) if model.len() == room => continue,
            Step::Push(byte) => {
                expect(input, ring.push(*byte), Ok(()));
                model.push_back(*byte);
            }
            Step::Pop => expect(input, ring.pop(), model.pop_front()),
        }
        if model.len() < room {
            expect((input, "is it full"), ring.is_full(), false);
        }
    }
}

fn any_story_is_a_queues() {
    // One less than it has, so that this is not about a full one.
    holds_for((0..100_usize, steps()), |(count, steps)| is_a_queue(count, &steps, plain::SIZE - 1));
}

fn full_ring_keeps_all() {
    let bytes = vec(any::<u8>(), plain::SIZE);
    holds_for((0..100_usize, bytes, any::<u8>()), |(count, bytes, more)| {
        let ring = Ring::after(count);
        for (number, byte) in bytes.iter().enumerate() {
            expect((number, "pushed; is it full"), ring.is_full(), false);
            expect((number, "pushed; is there room"), ring.push(*byte), Ok(()));
        }
        let input = (&bytes, "pushed; as many as there is room for");
        expect((input, "is it full"), ring.is_full(), true);
        expect((input, "one more", more), ring.push(more), Err(Full));
        let all: Vec<u8> = std::iter::from_fn(|| ring.pop()).take(plain::SIZE + 1).collect();
        expect((input, "one more", more, "and all popped"), &all, &bytes);
    });
}

fn numbers_begin_again() {
    let counts = (usize::MAX - 20)..=usize::MAX;
    holds_for((counts, steps()), |(count, steps)| is_a_queue(count, &steps, plain::SIZE - 1));
}

fn order_of_lines_is_right() {
    interleavings::bytes_arrive::<late::storage::Ring>(Machine::Strong);
    interleavings::bytes_stay::<late::storage::Ring>(Machine::Strong);
}

fn bytes_arrive() {
    interleavings::bytes_arrive::<late::storage::Ring>(Machine::Weak);
}

fn bytes_stay() {
    interleavings::bytes_stay::<late::storage::Ring>(Machine::Weak);
}

fn room_stays() {
    interleavings::room_stays::<late::storage::Ring>(Machine::Strong);
}
