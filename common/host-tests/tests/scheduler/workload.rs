//! Programs of any kind, made up.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::program::{LOCKS, Program, Step};
use super::scheduler::policy::Level;

/// Any level.
pub fn levels() -> impl Strategy<Value = Level> {
    select(Level::ALL.to_vec())
}

fn ticks() -> impl Strategy<Value = u64> {
    prop_oneof![4 => 1..6_u64, 2 => 6..25_u64, 1 => 25..130_u64]
}

fn plain_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => ticks().prop_map(Step::Run),
        4 => ticks().prop_map(Step::Sleep),
        1 => Just(Step::Yield),
    ]
}

/// Steps, some of them with a lock held, or with both.
fn steps() -> impl Strategy<Value = Vec<Step>> {
    let plain = || vec(plain_step(), 1..3);
    let around = |lock, mut inner: Vec<Step>| {
        inner.insert(0, Step::Lock(lock));
        inner.push(Step::Unlock(lock));
        inner
    };
    let nested = (plain(), plain(), plain()).prop_map(move |(before, inner, behind)| {
        around(0, [before, around(1, inner), behind].concat())
    });
    let part = prop_oneof![
        5 => plain(),
        1 => (0..LOCKS, plain()).prop_map(move |(lock, inner)| around(lock, inner)),
        1 => nested,
    ];
    vec(part, 1..4).prop_map(|parts| parts.concat())
}

fn program() -> impl Strategy<Value = Program> {
    let hog = Just(vec![Step::Run(1000)]);
    let steps = prop_oneof![3 => steps(), 1 => hog];
    let arrives = prop_oneof![2 => Just(0), 1 => 0..200_u64];
    let killed = prop_oneof![4 => Just(None), 1 => (0..400_u64).prop_map(Some)];
    (levels(), arrives, killed, steps, prop::bool::weighted(0.8)).prop_map(
        |(base, arrives, killed, steps, repeats)| {
            let name = String::new();
            Program { name, base, arrives, killed, steps, repeats }
        },
    )
}

/// Up to a dozen threads of any kind.
pub fn workloads() -> impl Strategy<Value = Vec<Program>> {
    vec(program(), 1..12).prop_map(|mut programs| {
        for (number, program) in programs.iter_mut().enumerate() {
            program.name = format!("thread {number}");
        }
        programs
    })
}
