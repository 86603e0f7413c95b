//! The list of holes with red zones around its blocks, under the list's name: the kernel takes it
//! for that.
//!
//! Given, not to be written. It asks the list for more than was asked of it, has the zones painted,
//! and keeps a ledger of the blocks that are out. A zone that has been written to is found when its
//! block comes back, or whenever somebody calls [`List::check`].
//!
//! ```text
//!  |<-------------- front -------------->|<- size ->|<- ZONE ->|
//!  | nothing | ledger's header | red zone |   block  | red zone |
//!  |<-------------------------- outer --------------------------->|
//! ```

use core::alloc::Layout;
use core::ptr::NonNull;

use super::pool;
use ledger::Ledger;
use overrun::{Overrun, ZONE};
use pool::Pool;
use zones::Around;

mod ledger;
#[path = "../../src/memory/list.rs"]
mod original;
#[allow(dead_code, reason = "some of it is unused until the holes are filled")]
mod overrun;
#[cfg(feature = "ktest")]
mod tests;
mod zones;

/// The list of holes, whose blocks have zones around them.
pub struct List {
    rest: original::List,
    out: Ledger,
}

impl Pool for List {
    const EMPTY: Self = Self { rest: original::List::EMPTY, out: Ledger::EMPTY };

    unsafe fn extend(&mut self, start: NonNull<u8>, bytes: usize) {
        // SAFETY: the caller promises the same.
        unsafe { self.rest.extend(start, bytes) };
    }

    fn allocate(&mut self, layout: Layout) -> Option<NonNull<u8>> {
        let around = zones::around(layout, Ledger::HEADER)?;
        assert!(has_room(&around, layout), "{around:?} has no room for {layout:?} and its zones");
        let outer = self.rest.allocate(around.outer)?;
        // SAFETY: the block begins within what was given out, as was just looked at.
        let block = unsafe { outer.add(around.front) };
        // SAFETY: so do its zones,
        unsafe { zones::paint(block, layout) };
        // SAFETY: and there is room for the header before them.
        unsafe { self.out.enter(block, layout) };
        Some(block)
    }

    unsafe fn free(&mut self, block: NonNull<u8>, _: Layout) {
        // SAFETY: the caller promises the same.
        if let Err(overrun) = unsafe { self.give_back(block) } {
            panic!("heap: {overrun}");
        }
    }

    fn largest_hole(&mut self) -> usize {
        self.rest.largest_hole().saturating_sub(Ledger::HEADER.size() + 2 * ZONE)
    }
}

impl List {
    /// Looks at the zones of all blocks that are out.
    #[cfg_attr(not(feature = "ktest"), allow(dead_code, reason = "only tests ask for it yet"))]
    pub fn check(&self) -> Result<(), Overrun> {
        self.out.blocks().try_for_each(|(block, layout)| {
            // SAFETY: the block is out, so it has its zones around it.
            unsafe { zones::inspect(block, layout) }
        })
    }

    /// Takes a block back. If somebody has written to its zones, it stays out.
    ///
    /// # Safety
    ///
    /// It must be out, and is not used any more.
    pub unsafe fn give_back(&mut self, block: NonNull<u8>) -> Result<(), Overrun> {
        // SAFETY: the caller promises that the block is out.
        let layout = unsafe { self.out.layout(block) };
        // SAFETY: for the same reason it has its zones around it,
        unsafe { zones::inspect(block, layout) }?;
        // SAFETY: and is in the ledger.
        unsafe { self.out.remove(block) };
        let Around { outer, front } = zones::around(layout, Ledger::HEADER).expect("as before");
        // SAFETY: `allocate` put the block so far behind the start of what it got.
        let start = unsafe { block.sub(front) };
        // SAFETY: the list gave it out with this layout, and nobody uses it any more.
        unsafe { self.rest.free(start, outer) };
        Ok(())
    }
}

/// Whether a block of `layout`, its zones and its header fit, and the header is aligned.
fn has_room(around: &Around, layout: Layout) -> bool {
    let Around { outer, front } = *around;
    let align = Ledger::HEADER.align();
    let end = front.checked_add(layout.size()).and_then(|end| end.checked_add(ZONE));
    front >= Ledger::HEADER.size() + ZONE
        && end.is_some_and(|end| end <= outer.size())
        && front.is_multiple_of(align)
        && outer.align() >= align
}
