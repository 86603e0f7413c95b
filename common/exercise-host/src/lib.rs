//! What the properties of an exercise are written with.
//!
//! A property is a function that fails by a panic. It tries its claim on made-up cases, and where
//! it does not hold, the smallest case that was found is shown. The cases come from a seed, and the
//! same seed makes the same cases.

pub mod allocations;

use core::fmt::Debug;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestError, TestRunner};

/// Makes the cases, unless the environment has another one.
const SEED: u64 = 1;

/// Something that a student's file must keep.
#[derive(Clone, Copy, Debug)]
pub struct Property {
    /// Its name.
    pub name: &'static str,
    /// Tries it.
    pub run: fn(),
}

/// The properties that are functions of these names.
#[macro_export]
macro_rules! properties {
    ($($name:ident),+ $(,)?) => {
        &[$($crate::Property { name: stringify!($name), run: $name }),+]
    };
}

/// Tries `property` on cases of `cases`.
///
/// # Panics
///
/// When it panics for one of them; then with the same words, for the smallest case there is.
pub fn holds_for<S>(cases: S, property: impl Fn(S::Value))
where
    S: Strategy<Value: Debug>,
{
    let mut config = Config { failure_persistence: None, ..Config::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(SEED);
    }
    let outcome = TestRunner::new(config).run(&cases, |case| {
        property(case);
        Ok(())
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(why, _)) if why.message().starts_with(ktest::WRONG_ANSWER) => {
            panic!("{}", why.message());
        }
        Err(TestError::Fail(why, case)) => panic!("{}\n  input: {case:?}", why.message()),
        Err(TestError::Abort(why)) => panic!("{}", why.message()),
    }
}
