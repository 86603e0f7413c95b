//! What the exercises add to this kernel: nothing, unless one of them is being tested.

#[cfg(all(exercise = "09-tee", feature = "ktest"))]
#[path = "3-tee/tests.rs"]
mod tee_tests;
