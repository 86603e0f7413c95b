//! Calls in any order, of the policy and of its model.

use host_tests::holds_for_many;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::model::Model;
use crate::scheduler::policy::feedback::{BOOST_TICKS, Feedback};
use crate::scheduler::policy::{Level, Policy, State, ThreadId, Verdict};
use crate::workload::levels;

/// How many threads there can be.
const THREADS: usize = 7;

/// A call. What does not fit the state of its thread is left out.
#[derive(Clone, Copy, Debug)]
enum Call {
    Add(usize, Level),
    Remove(usize),
    /// Removes whoever is running.
    Exit,
    Wake(usize),
    Lend(usize, Level),
    Block,
    Yield,
    Pick,
    /// So many ticks, each with a switch where the policy says so.
    Ticks(u64),
    /// One tick, whose verdict is not followed yet.
    LateTick,
}

fn calls() -> impl Strategy<Value = Vec<Call>> {
    let id = || 0..THREADS;
    let ticks = prop_oneof![6 => 1..12_u64, 2 => 12..60_u64, 1 => 80..150_u64];
    let call = prop_oneof![
        4 => (id(), levels()).prop_map(|(id, level)| Call::Add(id, level)),
        1 => id().prop_map(Call::Remove),
        1 => Just(Call::Exit),
        8 => id().prop_map(Call::Wake),
        2 => (id(), levels()).prop_map(|(id, level)| Call::Lend(id, level)),
        4 => Just(Call::Block),
        1 => Just(Call::Yield),
        3 => Just(Call::Pick),
        6 => ticks.prop_map(Call::Ticks),
        1 => Just(Call::LateTick),
    ];
    vec(call, 1..80)
}

/// What a call says.
#[derive(Debug, PartialEq)]
enum Said {
    Nothing,
    Ticks(u64),
    Verdict(Verdict),
    Picked(Vec<Option<ThreadId>>),
}

/// Does a call, if it fits.
fn act(policy: &mut impl Policy, call: Call) -> Said {
    let is = |id, state| policy.state(ThreadId(id)) == state;
    match call {
        Call::Add(id, level) if is(id, State::Absent) => {
            policy.reserve(ThreadId(id)).expect("there is memory");
            policy.add(ThreadId(id), level);
            Said::Nothing
        }
        Call::Remove(id) if !is(id, State::Absent) => Said::Ticks(policy.remove(ThreadId(id))),
        Call::Exit => policy.running().map_or(Said::Nothing, |id| Said::Ticks(policy.remove(id))),
        Call::Wake(id) if is(id, State::Blocked) => Said::Verdict(policy.wake(ThreadId(id))),
        Call::Lend(id, level) if !is(id, State::Absent) => {
            Said::Verdict(policy.lend(ThreadId(id), level))
        }
        Call::Block => {
            if let Some(id) = policy.running() {
                policy.block(id);
            }
            Said::Nothing
        }
        Call::Yield => Said::Verdict(policy.yield_now()),
        Call::Pick => Said::Picked(vec![policy.pick()]),
        Call::LateTick => Said::Verdict(policy.tick()),
        Call::Ticks(count) => Said::Picked((0..count).map(|_| run_for_a_tick(policy)).collect()),
        _ => Said::Nothing,
    }
}

/// Follows the verdict of a tick, and says who runs then.
fn run_for_a_tick(policy: &mut impl Policy) -> Option<ThreadId> {
    match policy.tick() {
        Verdict::Continue => policy.running(),
        Verdict::Switch => policy.pick(),
    }
}

/// What can be seen of a thread from outside.
type Cell = Option<(State, Level, u64)>;

/// Who runs, the idle ticks, and the threads.
type Face = (Option<ThreadId>, u64, [Cell; THREADS]);

fn face(policy: &impl Policy) -> Face {
    let seen = |id| match policy.state(id) {
        State::Absent => None,
        state => Some((state, policy.level(id), policy.ticks(id))),
    };
    let threads: [_; THREADS] = core::array::from_fn(|id| seen(ThreadId(id)));
    (policy.running(), policy.idle_ticks(), threads)
}

/// Everybody who is ready, in the order in which they come.
fn line(policy: &mut impl Policy) -> Vec<ThreadId> {
    let next = || {
        let id = policy.pick()?;
        policy.block(id);
        Some(id)
    };
    std::iter::from_fn(next).collect()
}

#[test]
fn calls_do_as_the_model_does() {
    holds_for_many(1000, calls(), |calls| {
        let (mut policy, mut model) = (Feedback::new(), Model::default());
        for call in calls {
            let (said, expected) = (act(&mut policy, call), act(&mut model, call));
            prop_assert_eq!(said, expected, "{:?}", call);
            let (face, expected) = (face(&policy), face(&model));
            prop_assert!(face == expected, "after {call:?}\n{face:?}\n{expected:?}");
        }
        prop_assert_eq!(line(&mut policy), line(&mut model));
        Ok(())
    });
}

/// A thread with the name of one that is gone owes nothing and is owed nothing.
#[test]
fn a_number_used_again_is_a_new_thread() {
    let mut policy = Feedback::new();
    let id = ThreadId(0);
    policy.reserve(id).expect("there is memory");
    for _ in 0..2 {
        policy.add(id, Level::High);
        let _ = policy.wake(id);
        assert_eq!((policy.pick(), policy.level(id)), (Some(id), Level::High));
        for _ in 0..40 {
            let _ = policy.tick();
        }
        assert_eq!(policy.level(id), Level::Low);
        let _ = policy.lend(id, Level::Realtime);
        assert_eq!(policy.remove(id), 40);
    }
}

/// A boost puts threads into another queue and does not touch them; they must be found there.
#[test]
fn who_was_lifted_by_a_boost_can_be_removed() {
    let mut policy = Feedback::new();
    let (urgent, lifted) = (ThreadId(0), ThreadId(1));
    for (id, base) in [(urgent, Level::Realtime), (lifted, Level::Low)] {
        policy.reserve(id).expect("there is memory");
        policy.add(id, base);
        let _ = policy.wake(id);
    }
    assert_eq!(policy.pick(), Some(urgent));
    for _ in 0..BOOST_TICKS {
        let _ = policy.tick();
    }
    assert_eq!(policy.level(lifted), Level::High);
    assert_eq!(policy.remove(lifted), 0);
    policy.block(urgent);
    assert_eq!(policy.pick(), None);
}

/// That the turn of one is over says nothing about the next.
#[test]
fn a_turn_is_over_for_one_thread_only() {
    let mut policy = Feedback::new();
    for number in 0..3 {
        policy.reserve(ThreadId(number)).expect("there is memory");
        policy.add(ThreadId(number), Level::Normal);
        let _ = policy.wake(ThreadId(number));
    }
    assert_eq!(policy.pick(), Some(ThreadId(0)));
    assert_eq!(policy.yield_now(), Verdict::Switch);
    policy.remove(ThreadId(0));
    assert_eq!(policy.pick(), Some(ThreadId(1)));
    assert_eq!(policy.tick(), Verdict::Continue);
}

#[test]
fn no_room_is_an_error_and_changes_nothing() {
    let mut policy = Feedback::new();
    for number in [usize::MAX, usize::MAX / 2, isize::MAX as usize / 8] {
        assert!(policy.reserve(ThreadId(number)).is_err());
        assert_eq!(policy.state(ThreadId(number)), State::Absent);
    }
    assert!(policy.reserve(ThreadId(3)).is_ok());
    policy.add(ThreadId(3), Level::Low);
    assert_eq!(policy.state(ThreadId(3)), State::Blocked);
}
