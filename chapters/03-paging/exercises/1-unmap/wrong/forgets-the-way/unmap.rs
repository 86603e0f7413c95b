//! The end of a mapping: entries go, the processor learns of it, empty tables are given back.

use core::ops::Range;

use super::address::{PhysAddr, VirtAddr};
use super::paging::{ENTRIES, Meaning, Tables, index, reach};
use super::space::Space;

/// Makes `pages` map nothing, and gives back the tables that are empty then. There is at least one
/// page, all are mapped, and no larger page reaches across an end of the range.
pub fn unmap<T: Tables>(space: &mut Space<T>, pages: Range<VirtAddr>) {
    clear(space, space.root(), 0, pages);
}

/// Clears what `table`, one of `level`, says of `pages`.
fn clear<T: Tables>(space: &mut Space<T>, table: PhysAddr, level: usize, pages: Range<VirtAddr>) {
    let mut page = pages.start;
    while page < pages.end {
        // Behind the last entry of the last table there is no address.
        let end = page.align_down(reach(level)).checked_add(reach(level));
        let end = end.map_or(pages.end, |end| end.min(pages.end));
        let entry = index(page, level);
        match space.meaning(table, entry, level) {
            Meaning::Nothing => {}
            Meaning::Page(..) => {
                space.set(table, entry, level, Meaning::Nothing);
                space.forget(page);
            }
            Meaning::Table(next) => {
                clear(space, next, level + 1, page..end);
                if may_go(page, level + 1) && is_empty(space, next, level + 1) {
                    space.set(table, entry, level, Meaning::Nothing);
                    space.free(next);
                }
            }
        }
        page = end;
    }
}

/// Whether the table of `level` on the way to `page` may be given back. In the upper half those of
/// level 1 stay: every program's root will point to them.
fn may_go(page: VirtAddr, level: usize) -> bool {
    level > 1 || index(page, 0) < ENTRIES / 2
}

fn is_empty<T: Tables>(space: &Space<T>, table: PhysAddr, level: usize) -> bool {
    (0..ENTRIES).all(|entry| space.meaning(table, entry, level) == Meaning::Nothing)
}
