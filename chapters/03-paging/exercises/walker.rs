//! The exercises' way into the walker: what is yours stands in the place of the walker's own.
//!
//! Given, not to be written. The walker looks first whether all of what is asked for can be done;
//! what you write is told to do it.

use crate::memory::{address, paging};

mod space;

#[cfg(exercise = "03-split")]
#[path = "2-split/walker.rs"]
mod splitting;
#[cfg(exercise = "03-unmap")]
#[path = "1-unmap/walker.rs"]
mod unmapping;
