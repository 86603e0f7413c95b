//! Two threads meet at a pipe: one is in the middle of it when the other comes.
//!
//! The first does what it wants twice: once it can do so at once, and once it must wait for the
//! second, which comes once. When both are done or asleep, the thread that made them runs again.

use alloc::vec;
use core::iter;

use super::pipe::{self, SIZE, Side};
use super::{Buffer, Description};
use crate::file::description::File;
use crate::interrupts::moments;
use crate::memory::shared::Shared;
use crate::process::Name;
use crate::scheduler::policy::Level;
use crate::scheduler::{Handle, State, spawn, table};
use crate::sync::Lock;

/// An end of a pipe.
type End = Shared<Description>;

/// What the first of both is called.
const FIRST: &str = "first";

/// The ends, to read and to write.
static ENDS: Lock<Option<[End; 2]>> = Lock::new(None);

/// How often the first has done what it wants.
static DONE: Lock<usize> = Lock::new(0);

/// What comes of a meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Outcome {
    /// How often the first has done what it wants.
    done: usize,
    /// How many bytes are in the pipe.
    bytes: usize,
    /// What the first does, if it has not ended.
    state: Option<State>,
    /// Whether the second came when the first was asleep, or had ended.
    is_late: bool,
}

/// Shows all meetings at which somebody waits for bytes.
pub fn show() {
    for moment in 0.. {
        let Outcome { done, bytes, is_late, .. } = meet(Side::Read, moment);
        match is_late {
            true => print!("meeting: a byte is written while the reader sleeps: "),
            false => print!("meeting: a byte is written at moment {moment}: "),
        }
        match done {
            2 => println!("the reader has it"),
            _ => println!("the reader sleeps, and {bytes} byte is in the pipe"),
        }
        if is_late {
            break;
        }
    }
}

/// Lets a reader, or a writer, and somebody of the other side meet at the moment number `moment`.
fn meet(side: Side, moment: usize) -> Outcome {
    let ends = pipe::new(0).expect("there is memory");
    let already = match side {
        Side::Read => 1,
        Side::Write | Side::Both => SIZE - 1,
    };
    act(&ends, Side::Write, already);
    *DONE.lock() = 0;
    *ENDS.lock() = Some(ends.clone());
    let start = |name, level, work, argument| {
        spawn(name, level, work, argument).expect("there is memory for a thread")
    };
    let (comes, is_met): (fn(usize), fn(usize)) = match side {
        Side::Read => (|_| come(Side::Write), |moment| be_met(Side::Read, moment)),
        Side::Write | Side::Both => (|_| come(Side::Read), |moment| be_met(Side::Write, moment)),
    };
    // Each of them runs at once, up to where it waits.
    let second = start("second", Level::Realtime, comes, 0);
    let first = start(FIRST, Level::High, is_met, moment);
    let is_late = moments::end();
    let (bytes, state) = (bytes(&ends), state_of_first());
    let outcome = Outcome { done: *DONE.lock(), bytes, state, is_late };
    if outcome.done < 2 {
        // As it is not woken by what has come, it gets more.
        act(&ends, if side == Side::Read { Side::Write } else { Side::Read }, 1);
    }
    [first, second].into_iter().for_each(Handle::join);
    *ENDS.lock() = None;
    outcome
}

/// Does twice what `side` does, with somebody who comes at the moment number `moment`.
fn be_met(side: Side, moment: usize) {
    let ends = ends();
    moments::watch(moment);
    for _ in 0..2 {
        act(&ends, side, 1);
        *DONE.lock() += 1;
    }
}

/// Comes at the moment that is due, and does once what `side` does.
fn come(side: Side) {
    let ends = ends();
    moments::wait();
    act(&ends, side, 1);
}

/// Reads or writes `count` bytes.
fn act(ends: &[End; 2], side: Side, count: usize) {
    let mut bytes = vec![b'.'; count];
    let mut buffer = Buffer::Kernel(&mut bytes);
    let acted = match side {
        Side::Read => ends[0].read(&mut buffer),
        Side::Write | Side::Both => ends[1].write(&buffer),
    };
    assert_eq!(acted, Ok(count), "what is open can be used");
}

fn ends() -> [End; 2] {
    ENDS.lock().clone().expect("there are ends while somebody meets")
}

/// What the first does, if it has not ended.
fn state_of_first() -> Option<State> {
    let mut index = 0;
    let mut rows = iter::from_fn(|| table::next(&mut index));
    let first = rows.find(|row| row.name == Name::new(FIRST))?;
    Some(first.state).filter(|state| *state != State::Terminated)
}

/// How many bytes are in the pipe.
fn bytes(ends: &[End; 2]) -> usize {
    match &ends[0].file {
        File::Pipe(end) => end.readable(),
        _ => unreachable!("it is a pipe"),
    }
}

/// Lets somebody be met who does what `side` does, at each moment.
#[cfg(feature = "ktest")]
#[track_caller]
fn try_all_moments(side: Side) {
    let bytes = if side == Side::Read { 0 } else { SIZE };
    for moment in 0.. {
        let seen = meet(side, moment);
        let is_late = seen.is_late;
        let wanted = Outcome { done: 2, bytes, state: None, is_late };
        ktest::expect(("somebody comes at moment", moment), seen, wanted);
        if is_late {
            assert!(moment > 0, "no moment was tried");
            break;
        }
    }
}

#[cfg(feature = "ktest")]
ktest::test! {
    /// Who waits for bytes has them when they have been written, whenever that was.
    fn bytes_are_heard_of_at_each_moment() {
        try_all_moments(Side::Read);
    }

    /// Who waits for room has it when somebody has read, whenever that was.
    fn room_is_heard_of_at_each_moment() {
        try_all_moments(Side::Write);
    }
}
