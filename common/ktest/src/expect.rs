//! How a test says what it expected and what it saw.
//!
//! The words are the same in a kernel and on the host, since a tool reads them out of what either
//! prints. They only explain: that the test failed is known by other means.

use core::fmt::Debug;

/// The first line of the message.
pub const WRONG_ANSWER: &str = "wrong answer";

/// Fails unless `seen`, which came of `input`, is `expected`.
///
/// # Panics
///
/// When it is not.
#[track_caller]
pub fn expect<T: PartialEq + Debug>(input: impl Debug, seen: T, expected: T) {
    assert!(
        seen == expected,
        "{WRONG_ANSWER}\n  input: {input:?}\n  expected: {expected:?}\n  seen: {seen:?}"
    );
}
