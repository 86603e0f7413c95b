//! A large page, made into 512 smaller ones that mean the same.

use super::paging::{MapError, Mapping, Tables};
use super::space::Space;

/// Makes `found`, a page of level 1 or 2, 512 pages of the level below, which map the same memory
/// and may be used alike. Without memory for a table nothing changes.
pub fn split<T: Tables>(space: &mut Space<T>, found: Mapping) -> Result<(), MapError> {
    todo!("split {found:?}, in the tables below {:?}", space.root())
}
