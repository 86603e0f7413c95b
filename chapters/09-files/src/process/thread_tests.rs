//! What a process promises that more than one thread runs for.

use super::tests::{left, start_code};
use super::{Exit, wait};
use crate::arch::registers::registers_program;
use crate::interrupts::tests::with_timer;
use crate::scheduler::policy::Level;
use crate::scheduler::table;

/// Whether a thread runs for some process.
fn has_programs() -> bool {
    let mut index = 0;
    core::iter::from_fn(|| table::next(&mut index)).any(|row| row.pid.is_some())
}

ktest::test! {
    /// A process ends with its last thread, whichever that is, and has its memory until then.
    fn process_ends_with_its_last_thread() {
        let mut before = None;
        for rounds in [[10, 2_000], [2_000, 10], [500, 500]] {
            let threads = [[0x1111_0001, rounds[0]], [0x2222_0002, rounds[1]]];
            with_timer(20_000, || {
                let pid = start_code(registers_program(), Level::Idle, &threads);
                assert_eq!(wait(pid), Exit::Exited(0));
                assert!(!has_programs(), "a thread has lost its process");
            });
            let left = left();
            assert!(before.is_none_or(|before| before == left), "{left:?} after {before:?}");
            before = Some(left);
        }
    }
}
