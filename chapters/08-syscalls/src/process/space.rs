//! Address spaces: a root table for each program, of which one half is everybody's.
//!
//! The lower half is the program's own. In the upper half all roots have the same entries, which
//! point to the kernel's own tables of level 1: whatever the kernel maps there later is mapped in
//! every address space at once, and a trap finds the kernel where it always is. For that those
//! tables must exist before the first root is copied, and stay; [`init`] sees to the first, and
//! the walker to the second.
//!
//! ```text
//!            root of a program       root of another         root of the kernel
//!         0 | its own tables     |  | its own tables     |  | nothing            |
//!       256 | kernel's tables    |  | kernel's tables    |  | kernel's tables    |
//!           '--------------------'  '--------------------'  '--------------------'
//!                   |                        |                       |
//!                   '------------------------'------ the same -------'
//! ```
//!
//! A page of a program has a frame of its own. The page table is the only owner of it, and all of
//! them come back when the address space is dropped.

#[path = "space_change.rs"]
mod change;

use core::ops::Range;

use crate::arch;
use crate::memory::address::{FRAME_SIZE, PhysAddr, VirtAddr};
use crate::memory::frames::{self, Frame};
use crate::memory::kernel_space::{self, KernelTables};
use crate::memory::layout::{LAZY, STACKS, STACKS_END};
use crate::memory::pages;
use crate::memory::paging::{Access, ENTRIES, MapError, Tables};
use crate::memory::walker::Walker;
use crate::process::layout::USER_END;

/// The lower half of the address space, as one program has it.
#[derive(Debug)]
pub struct AddressSpace {
    root: PhysAddr,
}

/// Sees to it that the kernel's half has all its tables of level 1.
///
/// # Panics
///
/// When there is no memory for them.
pub fn init() {
    for end in [LAZY, STACKS, STACKS_END].map(VirtAddr) {
        let last = VirtAddr(end.0 - FRAME_SIZE);
        pages::map(last..end).expect("the ends of the kernel's ranges are not in use");
        // SAFETY: it was mapped a line above, and nobody has heard of it.
        unsafe { pages::unmap(last..end) };
    }
}

impl AddressSpace {
    /// Makes one in which nothing is mapped but the kernel.
    pub fn new() -> Result<Self, MapError> {
        let mut tables = KernelTables;
        let root = tables.allocate().ok_or(MapError::OutOfFrames)?;
        let kernel = kernel_space::root();
        for index in ENTRIES / 2..ENTRIES {
            // SAFETY: both are tables; the kernel's has been complete since `init`.
            let entry = unsafe { tables.read(kernel, index) };
            // SAFETY: nobody else knows of the new one.
            unsafe { tables.write(root, index, entry) };
        }
        Ok(Self { root })
    }

    /// Maps `pages` to frames of their own, full of zeroes, which the program may use as `access`
    /// says. On an error some may be mapped: they go with the address space.
    pub fn map(&mut self, pages: Range<VirtAddr>, access: Access) -> Result<(), MapError> {
        let mut page = pages.start;
        while page < pages.end {
            self.map_page(page, access | Access::USER)?;
            page = page + FRAME_SIZE;
        }
        Ok(())
    }

    fn map_page(&mut self, page: VirtAddr, access: Access) -> Result<(), MapError> {
        if page >= VirtAddr(USER_END) {
            return Err(MapError::NotCanonical { address: page });
        }
        let frame = frames::allocate().map_err(|_| MapError::OutOfFrames)?;
        // SAFETY: the frame is ours, and in the direct map.
        unsafe { arch::clear_page(frame.start().as_ptr()) };
        self.change(|walker| walker.map(page..page + FRAME_SIZE, frame.start(), access))?;
        frame.into_start();
        Ok(())
    }

    /// Writes `bytes` from `start` on, whatever the program may do there.
    pub fn write(&mut self, start: VirtAddr, bytes: &[u8]) -> Result<(), MapError> {
        let mut done = 0;
        while done < bytes.len() {
            let address = start + done as u64;
            let room = (FRAME_SIZE - (address - address.align_down(FRAME_SIZE))) as usize;
            let count = room.min(bytes.len() - done);
            let found = self.change(|walker| walker.translate(address));
            let (target, _) = found.ok_or(MapError::NotMapped { page: address })?;
            let part = &bytes[done..done + count];
            // SAFETY: the frame is the program's, which does not run, and has room for so many.
            unsafe { target.as_ptr::<u8>().copy_from_nonoverlapping(part.as_ptr(), count) };
            arch::publish_code(target.as_ptr(), count);
            done += count;
        }
        Ok(())
    }

    /// The table at its root. It stays as long as the address space.
    pub fn root(&self) -> PhysAddr {
        self.root
    }

    fn change<T>(&mut self, act: impl FnOnce(&mut Walker<KernelTables>) -> T) -> T {
        let mut tables = KernelTables;
        // SAFETY: all tables come from `KernelTables`; what is changed is the lower half, of which
        // the kernel uses nothing.
        let mut walker = unsafe { Walker::new(self.root, &mut tables) };
        act(&mut walker)
    }
}

/// Makes the lower half of the processor's address space empty, as the kernel's own is.
pub fn leave() {
    // SAFETY: the kernel's own tables stay for ever.
    unsafe { arch::switch_page_table(kernel_space::root()) };
}

impl Drop for AddressSpace {
    fn drop(&mut self) {
        if arch::root_page_table() == self.root {
            leave();
        }
        let all = VirtAddr(0)..VirtAddr(USER_END);
        while let Some(first) = self.change(|walker| walker.next(&all)) {
            let mut end = first.page;
            while let Some(found) = self.change(|walker| walker.find(end)) {
                // SAFETY: `map_page` took this frame for this page, which nobody can use any more:
                // the processor has other tables.
                drop(unsafe { Frame::from_start(found.frame) });
                end = end + FRAME_SIZE;
            }
            // In one piece, since the walker looks at the end whether a table has become empty.
            let unmapped = self.change(|walker| walker.unmap(first.page..end));
            unmapped.expect("what was found is mapped, in pages of a frame each");
        }
        // SAFETY: `new` took the frame, and the processor uses another root.
        drop(unsafe { Frame::from_start(self.root) });
    }
}

#[cfg(feature = "ktest")]
#[path = "space_tests.rs"]
mod tests;
