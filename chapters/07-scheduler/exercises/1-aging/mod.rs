//! Aging in the place of the boost: the kernel takes this policy for the one of the chapter.
//!
//! ```text
//!  scheduler ── Policy ──> feedback.rs: levels, slices, sinking and rising
//!                              |
//!                          aging.rs: has somebody waited too long?
//! ```

use super::queues::Queues;
use super::thread::Thread;
use super::{Level, Policy, State, ThreadId, Verdict};

#[forbid(unsafe_code)]
#[allow(dead_code, unused_variables, reason = "until its holes are filled")]
mod aging;
mod feedback;
#[cfg(feature = "ktest")]
mod tests;

pub use feedback::Feedback;
