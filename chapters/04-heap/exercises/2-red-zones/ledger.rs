//! The blocks that are out, each with the layout that it was asked for with.
//!
//! Given, not to be written. An entry lies before the block's first zone. Whoever writes so far
//! before a block that the zone is behind him destroys the ledger, too.

use core::alloc::Layout;
use core::iter::successors;
use core::ptr::NonNull;

use super::overrun::ZONE;

/// An entry.
pub struct Header {
    previous: Option<NonNull<Header>>,
    next: Option<NonNull<Header>>,
    layout: Layout,
}

/// The blocks that are out, the last one first.
pub struct Ledger {
    first: Option<NonNull<Header>>,
}

// SAFETY: the pointers lead to headers that belong to the ledger alone, wherever it goes.
unsafe impl Send for Ledger {}

impl Ledger {
    /// No block is out.
    pub const EMPTY: Self = Self { first: None };

    /// What an entry needs.
    pub const HEADER: Layout = Layout::new::<Header>();

    /// Enters a block.
    ///
    /// # Safety
    ///
    /// There must be room for a header before the block's first zone, aligned for it, until the
    /// block is removed.
    pub unsafe fn enter(&mut self, block: NonNull<u8>, layout: Layout) {
        // SAFETY: the caller promises that there is a place for it.
        let header = unsafe { header_of(block) };
        if let Some(mut next) = self.first {
            // SAFETY: what is in the ledger is a header.
            unsafe { next.as_mut() }.previous = Some(header);
        }
        // SAFETY: the place is the ledger's, and aligned.
        unsafe { header.write(Header { previous: None, next: self.first, layout }) };
        self.first = Some(header);
    }

    /// Removes a block.
    ///
    /// # Safety
    ///
    /// It must have been entered, and not removed.
    pub unsafe fn remove(&mut self, block: NonNull<u8>) {
        // SAFETY: the caller promises that it has a header,
        let header = unsafe { header_of(block) };
        // SAFETY: which `enter` wrote.
        let Header { previous, next, .. } = unsafe { header.read() };
        match previous {
            // SAFETY: what is in the ledger is a header.
            Some(mut previous) => unsafe { previous.as_mut() }.next = next,
            None => self.first = next,
        }
        if let Some(mut next) = next {
            // SAFETY: likewise.
            unsafe { next.as_mut() }.previous = previous;
        }
    }

    /// The layout that a block was asked for with.
    ///
    /// # Safety
    ///
    /// It must have been entered, and not removed.
    pub unsafe fn layout(&self, block: NonNull<u8>) -> Layout {
        // SAFETY: the caller promises that it has a header,
        let header = unsafe { header_of(block) };
        // SAFETY: which `enter` wrote.
        unsafe { header.as_ref() }.layout
    }

    /// The blocks and their layouts.
    pub fn blocks(&self) -> impl Iterator<Item = (NonNull<u8>, Layout)> {
        // SAFETY: what is in the ledger is a header.
        let headers = successors(self.first, |header| unsafe { header.as_ref() }.next);
        headers.map(|header| {
            // SAFETY: as above.
            let layout = unsafe { header.as_ref() }.layout;
            // SAFETY: a header lies in front of a zone,
            let zone = unsafe { header.add(1) }.cast::<u8>();
            // SAFETY: and that in front of its block.
            (unsafe { zone.add(ZONE) }, layout)
        })
    }
}

/// Where the header of a block lies.
///
/// # Safety
///
/// There must be a place for it before the block's first zone.
unsafe fn header_of(block: NonNull<u8>) -> NonNull<Header> {
    // SAFETY: the caller promises that there is a zone,
    let zone = unsafe { block.sub(ZONE) };
    // SAFETY: and room for a header before it.
    unsafe { zone.cast::<Header>().sub(1) }
}
