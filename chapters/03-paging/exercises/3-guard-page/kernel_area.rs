//! An area in the kernel's own address space, where the layout has room for stacks.

use core::ops::Range;

use super::address::{FRAME_SIZE, VirtAddr};
use super::area::{Area, StackError};
use crate::memory::frames::{self, Frame};
use crate::memory::kernel_space;
use crate::memory::paging::Access;

/// The pages: the first of what the layout keeps for stacks, which nobody else uses yet.
pub const PAGES: Range<VirtAddr> =
    VirtAddr(0xffff_e000_0000_0000)..VirtAddr(0xffff_e000_0000_0000 + 16 * FRAME_SIZE);

/// The area. There is one, and who has it may do with its pages what they like.
pub struct KernelArea(());

impl KernelArea {
    /// The area.
    ///
    /// # Safety
    ///
    /// Nobody has it already, nor anything in its pages.
    pub unsafe fn new() -> Self {
        Self(())
    }
}

impl Area for KernelArea {
    fn pages(&self) -> Range<VirtAddr> {
        PAGES
    }

    fn is_mapped(&self, page: VirtAddr) -> bool {
        kernel_space::look(|walker| walker.find(page)).is_some()
    }

    fn map(&mut self, page: VirtAddr) -> Result<(), StackError> {
        check(page);
        let frame = frames::allocate().map_err(|_| StackError::OutOfFrames)?;
        let pages = page..page + FRAME_SIZE;
        // SAFETY: the page is one of the area's, and `new` was promised that those are nobody's.
        let mapped = unsafe {
            kernel_space::change(|walker| walker.map(pages, frame.start(), Access::WRITE))
        };
        mapped.map_err(|_| StackError::OutOfFrames)?;
        frame.into_start();
        Ok(())
    }

    fn unmap(&mut self, page: VirtAddr) {
        check(page);
        let found = kernel_space::look(|walker| walker.translate(page));
        let Some((frame, _)) = found else { panic!("{page:?} is unmapped, and maps nothing") };
        let pages = page..page + FRAME_SIZE;
        // SAFETY: as in `map`.
        let unmapped = unsafe { kernel_space::change(|walker| walker.unmap(pages)) };
        unmapped.expect("one small page that is mapped can be unmapped");
        // SAFETY: `map` took the frame, and it is not mapped any more.
        drop(unsafe { Frame::from_start(frame) });
    }
}

/// Fails unless `page` is a page of the area.
fn check(page: VirtAddr) {
    assert!(PAGES.contains(&page), "{page:?} is outside of the area, {PAGES:?}");
    assert!(page.is_aligned(FRAME_SIZE), "{page:?} is not where a page begins");
}
