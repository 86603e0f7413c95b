//! Tests of the parts of the kernels that need no machine.
//!
//! Each folder in `tests/` is a program of its own. It compiles files of one chapter where they are
//! and lays them out as in the kernel. A property is tried on made-up cases against a model: the
//! same thing again, so plain that it is right at a glance, and never mind what it costs.
//!
//! The cases are the same in every run. `PROPTEST_CASES=100000` tries more of them, and
//! `PROPTEST_RNG_SEED=7` others. Where a property fails, the smallest case that was found is shown,
//! and the seed.

use core::fmt::Debug;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestCaseResult, TestRunner};

/// Makes the cases, unless the environment has another one.
const SEED: u64 = 2;

/// Miri is some hundred times slower than the processor.
const CASES_UNDER_MIRI: u32 = 3;

/// Tries `property` on cases of `cases`.
///
/// # Panics
///
/// When the property does not hold for one of them.
#[track_caller]
pub fn holds_for<S>(cases: S, property: impl Fn(S::Value) -> TestCaseResult)
where
    S: Strategy<Value: Debug>,
{
    try_cases(config(), cases, property);
}

/// Tries `property` on at least `count` cases of `cases`.
///
/// # Panics
///
/// When the property does not hold for one of them.
#[track_caller]
pub fn holds_for_many<S>(count: u32, cases: S, property: impl Fn(S::Value) -> TestCaseResult)
where
    S: Strategy<Value: Debug>,
{
    let config = config();
    let cases_wanted = if cfg!(miri) { config.cases } else { config.cases.max(count) };
    try_cases(Config { cases: cases_wanted, ..config }, cases, property);
}

#[track_caller]
fn try_cases<S>(config: Config, cases: S, property: impl Fn(S::Value) -> TestCaseResult)
where
    S: Strategy<Value: Debug>,
{
    let RngSeed::Fixed(seed) = config.rng_seed else { unreachable!("`config` fixes it") };
    if let Err(error) = TestRunner::new(config).run(&cases, property) {
        panic!("{error}\nseed: {seed}");
    }
}

fn config() -> Config {
    let mut config = Config { failure_persistence: None, ..Config::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(SEED);
    }
    if cfg!(miri) {
        config.cases = config.cases.min(CASES_UNDER_MIRI);
    }
    config
}
