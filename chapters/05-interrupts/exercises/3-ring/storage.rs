//! What a ring is made of.
//!
//! Given, not to be written. In the kernel the atomics are those of `core`; on the host they are
//! ones that come as late as the rules allow, and the ring is smaller.

use super::atomic::{AtomicU8, AtomicUsize};

pub use super::SIZE;

const _: () = assert!(SIZE.is_power_of_two());

/// The queue. Both numbers only ever grow, by one for each byte; after `usize::MAX` comes 0.
///
/// ```text
///            popped            pushed
///              |                 |
///  |           | h e l l o       |           |     a byte's place is its number modulo SIZE
///   free         to be read       free
/// ```
pub struct Ring {
    pub(super) bytes: [AtomicU8; SIZE],
    /// How many bytes were ever pushed; written by whoever pushes.
    pub(super) pushed: AtomicUsize,
    /// How many were ever popped; written by whoever pops.
    pub(super) popped: AtomicUsize,
}

/// There is no room for another byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;
