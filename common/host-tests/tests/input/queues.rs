//! The ring in one thread, against a queue of the standard library.

use std::collections::VecDeque;

use host_tests::holds_for;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::input::ring::{Full, Ring, SIZE};

/// What is done.
#[derive(Clone, Copy, Debug)]
enum Deed {
    /// Pushes so many bytes, which count from a number on.
    Push(usize, u8),
    /// Pops so many.
    Pop(usize),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let count = || prop_oneof![0..5_usize, 0..SIZE + 5];
    let push = (count(), any::<u8>()).prop_map(|(count, first)| Deed::Push(count, first));
    vec(prop_oneof![push, count().prop_map(Deed::Pop)], 1..20)
}

fn push(ring: &Ring, model: &mut VecDeque<u8>, byte: u8) -> Result<(), TestCaseError> {
    let expected = if model.len() == SIZE { Err(Full) } else { Ok(()) };
    prop_assert_eq!(ring.push(byte), expected);
    if expected.is_ok() {
        model.push_back(byte);
    }
    Ok(())
}

#[test]
fn a_ring_is_a_queue() {
    holds_for(deeds(), |deeds| {
        let (ring, mut model) = (Ring::new(), VecDeque::new());
        for deed in deeds {
            match deed {
                Deed::Push(count, first) => {
                    for number in 0..count {
                        push(&ring, &mut model, first.wrapping_add(number as u8))?;
                    }
                }
                Deed::Pop(count) => {
                    for _ in 0..count {
                        prop_assert_eq!(ring.pop(), model.pop_front());
                    }
                }
            }
            prop_assert_eq!(ring.is_full(), model.len() == SIZE);
        }
        Ok(())
    });
}
