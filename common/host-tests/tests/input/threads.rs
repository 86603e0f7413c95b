//! The ring with two threads, in every order; and rings that are broken, which must not pass.

use std::panic::catch_unwind;

use crate::atomic::Machine;
use crate::interleavings::{Queue, bytes_arrive, bytes_stay, room_stays};

/// All that can be asked of a queue.
pub struct Checks([fn(Machine); 3]);

impl Checks {
    const fn of<Q: Queue>() -> Self {
        Self([bytes_arrive::<Q>, bytes_stay::<Q>, room_stays::<Q>])
    }
}

/// The chapter's ring with loom's atomics, and broken ones.
#[allow(dead_code, reason = "the kernel uses what no test here does")]
mod rings {
    /// Makes a ring a queue that can be tried.
    macro_rules! queue {
        ($ring:path) => {
            impl crate::interleavings::Queue for $ring {
                fn empty() -> Self {
                    Self::new()
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
        };
    }

    include!(concat!(env!("OUT_DIR"), "/rings.rs"));
}

#[test]
fn bytes_arrive_once_and_in_order() {
    bytes_arrive::<rings::ring::Ring>(Machine::Weak);
}

#[test]
fn bytes_stay_until_they_are_read() {
    bytes_stay::<rings::ring::Ring>(Machine::Weak);
}

#[test]
fn whoever_pushes_can_rely_on_room() {
    room_stays::<rings::ring::Ring>(Machine::Weak);
}

#[test]
fn every_mistake_is_found() {
    for (name, Checks(checks)) in rings::MISTAKES {
        let is_found = checks.iter().any(|check| catch_unwind(|| check(Machine::Weak)).is_err());
        assert!(is_found, "{name}");
    }
}
