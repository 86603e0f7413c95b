//! Shares in the place of levels: the kernel takes this policy for the feedback queue.
//!
//! ```text
//!  scheduler ── Policy ──> shares.rs: who is there, and what do they do?
//!                              |
//!                          stride.rs: whose turn is it?
//! ```

use super::{Level, Policy, State, ThreadId, Verdict};

mod shares;
#[forbid(unsafe_code)]
#[allow(dead_code, unused_variables, reason = "until its holes are filled")]
mod stride;
#[cfg(feature = "ktest")]
mod tests;

pub use shares::Shares as Feedback;
