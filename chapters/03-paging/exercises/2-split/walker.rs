//! The walker's `split`, by the one that you write.

use super::super::{MapError, Mapping, Tables, Walker};
use super::space::Space;
#[allow(unused_imports, reason = "the starter asks for less than a solution")]
use super::{address, paging, space};

#[forbid(unsafe_code)]
mod split;
#[cfg(feature = "ktest")]
mod tests;

impl<T: Tables> Walker<'_, T> {
    /// Makes `found` 512 smaller pages.
    pub(in super::super) fn split(&mut self, found: Mapping) -> Result<(), MapError> {
        // SAFETY: whoever made the walker promised as much of its tables; that what is done with
        // them keeps to it is the exercise.
        let mut space = unsafe { Space::new(self.root, self.tables) };
        split::split(&mut space, found)
    }
}
