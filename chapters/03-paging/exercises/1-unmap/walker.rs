//! The walker's `unmap`, by the one that you write.

use core::ops::Range;

use super::super::{MapError, Tables, VirtAddr, Walker, check};
use super::space::Space;
use super::{address, paging, space};

#[cfg(feature = "ktest")]
mod tests;
#[forbid(unsafe_code)]
mod unmap;

impl<T: Tables> Walker<'_, T> {
    /// Makes `pages` map nothing, and gives back the tables that are empty then.
    pub fn unmap(&mut self, pages: Range<VirtAddr>) -> Result<(), MapError> {
        check(&pages)?;
        if pages.is_empty() {
            return Ok(());
        }
        self.check_mapped(&pages)?;
        self.split_at(pages.start)?;
        self.split_at(pages.end)?;
        // SAFETY: whoever made the walker promised as much of its tables; that what is done with
        // them keeps to it is the exercise.
        let mut space = unsafe { Space::new(self.root, self.tables) };
        unmap::unmap(&mut space, pages);
        Ok(())
    }
}
