//! A large page, made into 512 smaller ones that mean the same.

use super::address::PhysAddr;
use super::paging::{ENTRIES, MapError, Mapping, Meaning, Tables, index, reach};
use super::space::Space;

/// Makes `found`, a page of level 1 or 2, 512 pages of the level below, which map the same memory
/// and may be used alike. Without memory for a table nothing changes.
pub fn split<T: Tables>(space: &mut Space<T>, found: Mapping) -> Result<(), MapError> {
    let Mapping { page, level, .. } = found;
    let parts = space.allocate().ok_or(MapError::OutOfFrames)?;
    fill(space, parts, found);
    let table = table_of(space, found);
    // Two translations of one page must never be known at once: first there is none.
    space.set(table, index(page, level), level, Meaning::Nothing);
    space.forget(page);
    space.set(table, index(page, level), level, Meaning::Table(parts));
    space.publish();
    Ok(())
}

/// Fills the table `parts` with what `found` is made of.
fn fill<T: Tables>(space: &mut Space<T>, parts: PhysAddr, found: Mapping) {
    let level = found.level + 1;
    for part in 0..ENTRIES {
        let frame = found.frame + part as u64 * reach(level);
        space.set(parts, part, level, Meaning::Page(frame, found.access));
    }
}

/// The table whose entry maps `found`.
fn table_of<T: Tables>(space: &Space<T>, found: Mapping) -> PhysAddr {
    let mut table = space.root();
    for level in 0..found.level {
        match space.meaning(table, index(found.page, level), level) {
            Meaning::Table(next) => table = next,
            meaning => unreachable!("{found:?} is mapped, but on the way to it is {meaning}"),
        }
    }
    table
}
