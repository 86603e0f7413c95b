//! Size classes in front of the list of holes, under the list's name: the kernel takes them for it.
//!
//! ```text
//!  heap ── Pool ──> classes.rs ── Pool ──> the list of holes
//! ```

use super::pool;

#[allow(dead_code, reason = "some of it is unused until its holes are filled")]
mod classes;
#[path = "../../src/memory/list.rs"]
mod original;
#[cfg(feature = "ktest")]
mod tests;

pub use classes::Classes as List;
