//! Calls that do not fit the state of a thread: each panics, and says which thread and what it is.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::scheduler::policy::feedback::Feedback;
use crate::scheduler::policy::{Level, Policy, State, ThreadId};

const ID: ThreadId = ThreadId(7);

/// A policy with one thread that is in `state`, beside another which is running or ready.
fn policy_with(state: State) -> Feedback {
    let mut policy = Feedback::new();
    policy.reserve(ID).expect("there is memory");
    policy.add(ThreadId(1), Level::Normal);
    let _ = policy.wake(ThreadId(1));
    if state != State::Absent {
        policy.add(ID, if state == State::Ready { Level::Low } else { Level::High });
    }
    if matches!(state, State::Ready | State::Running) {
        let _ = policy.wake(ID);
    }
    policy.pick();
    assert_eq!(policy.state(ID), state);
    policy
}

/// What a call says when it panics; nothing when it does not.
fn complaint(state: State, call: fn(&mut Feedback)) -> Option<String> {
    let mut policy = policy_with(state);
    let result = catch_unwind(AssertUnwindSafe(|| call(&mut policy)));
    result.err().map(|payload| *payload.downcast::<String>().expect("a formatted message"))
}

/// A call by its name, the states that it fits, and how it is made.
type Call = (&'static str, &'static [State], fn(&mut Feedback));

const CALLS: [Call; 5] = [
    ("add", &[State::Absent], |policy| policy.add(ID, Level::Low)),
    ("wake", &[State::Blocked], |policy| {
        let _ = policy.wake(ID);
    }),
    ("block", &[State::Running], |policy| policy.block(ID)),
    ("remove", &[State::Ready, State::Running, State::Blocked], |policy| {
        policy.remove(ID);
    }),
    ("lend", &[State::Ready, State::Running, State::Blocked], |policy| {
        let _ = policy.lend(ID, Level::High);
    }),
];

#[test]
fn wrong_calls_name_the_thread_and_its_state() {
    let states = [State::Absent, State::Ready, State::Running, State::Blocked];
    for (name, fitting, call) in CALLS {
        for state in states {
            let complaint = complaint(state, call);
            if fitting.contains(&state) {
                assert_eq!(complaint, None, "{name} of a thread that is {state:?}");
            } else {
                let complaint = complaint.unwrap_or_default();
                let expected = format!("thread 7 is {state:?}");
                assert!(complaint.starts_with(&expected), "{name}: {complaint:?}");
            }
        }
    }
}
