//! The `x86_64` crate's page tables, in frames of the kernel's, at the same root.

use core::ops::Range;

use x86_64::registers::control::Cr3;
use x86_64::structures::paging::mapper::{CleanUp, MapToError};
use x86_64::structures::paging::page::PageRangeInclusive;
use x86_64::structures::paging::{
    FrameAllocator, FrameDeallocator, Mapper as _, OffsetPageTable, Page, PageSize, PageTable,
    PageTableFlags, PhysFrame, Size2MiB, Size4KiB, Translate,
};

use super::LARGE;
use crate::memory::address::{FRAME_SIZE, PhysAddr, VirtAddr};
use crate::memory::frames::{self, Frame};
use crate::memory::layout::DIRECT_MAP;

/// What a page may be used for: data.
const FLAGS: PageTableFlags = PageTableFlags::PRESENT
    .union(PageTableFlags::WRITABLE)
    .union(PageTableFlags::NO_EXECUTE)
    .union(PageTableFlags::GLOBAL);

/// The kernel's tables as that crate sees them.
pub struct Mapper(OffsetPageTable<'static>);

/// The kernel's frames as that crate sees them.
struct Frames;

// SAFETY: a frame is nobody else's until it is given back.
unsafe impl FrameAllocator<Size4KiB> for Frames {
    fn allocate_frame(&mut self) -> Option<PhysFrame> {
        let start = frames::allocate().ok()?.into_start();
        Some(PhysFrame::containing_address(x86_64::PhysAddr::new(start.0)))
    }
}

impl FrameDeallocator<Size4KiB> for Frames {
    unsafe fn deallocate_frame(&mut self, frame: PhysFrame) {
        // SAFETY: the caller promises that it is unused, and it comes from `allocate_frame`.
        drop(unsafe { Frame::from_start(PhysAddr(frame.start_address().as_u64())) });
    }
}

impl Mapper {
    /// The tables that are current.
    pub fn new() -> Self {
        let root = PhysAddr(Cr3::read().0.start_address().as_u64());
        // SAFETY: the root is a table in the direct map; the kernel leaves it alone meanwhile.
        let root = unsafe { &mut *root.as_ptr::<PageTable>() };
        // SAFETY: all tables are in the direct map.
        Self(unsafe { OffsetPageTable::new(root, x86_64::VirtAddr::new(DIRECT_MAP)) })
    }
}

impl super::Mapper for Mapper {
    fn map(&mut self, pages: Range<VirtAddr>, frame: PhysAddr) {
        if pages.end - pages.start == LARGE {
            map::<Size2MiB>(&mut self.0, pages.start, frame);
        } else {
            for (offset, page) in small_pages(&pages) {
                map::<Size4KiB>(&mut self.0, page, frame + offset);
            }
        }
    }

    fn unmap(&mut self, pages: Range<VirtAddr>) {
        if pages.end - pages.start == LARGE {
            unmap::<Size2MiB>(&mut self.0, pages.start);
        } else {
            for (_, page) in small_pages(&pages) {
                unmap::<Size4KiB>(&mut self.0, page);
            }
        }
        // Our own gives back empty tables, so this one has to do the same.
        let [start, end] = [pages.start, VirtAddr(pages.end.0 - 1)].map(page::<Size4KiB>);
        let range = PageRangeInclusive { start, end };
        // SAFETY: the frames of the tables come from `Frames`, and nothing else is in the way.
        unsafe { self.0.clean_up_addr_range(range, &mut Frames) };
    }

    fn translate(&mut self, address: VirtAddr) -> Option<PhysAddr> {
        let found = self.0.translate_addr(x86_64::VirtAddr::new(address.0));
        found.map(|address| PhysAddr(address.as_u64()))
    }
}

/// The small pages in `pages`, each with its distance from the first.
fn small_pages(pages: &Range<VirtAddr>) -> impl Iterator<Item = (u64, VirtAddr)> {
    let (start, bytes) = (pages.start, pages.end - pages.start);
    (0..bytes).step_by(FRAME_SIZE as usize).map(move |offset| (offset, start + offset))
}

fn page<S: PageSize>(start: VirtAddr) -> Page<S> {
    Page::containing_address(x86_64::VirtAddr::new(start.0))
}

fn map<S: PageSize>(tables: &mut OffsetPageTable<'static>, start: VirtAddr, frame: PhysAddr)
where
    OffsetPageTable<'static>: x86_64::structures::paging::Mapper<S>,
    MapToError<S>: core::fmt::Debug,
{
    let frame = PhysFrame::containing_address(x86_64::PhysAddr::new(frame.0));
    // SAFETY: nobody uses the page, and the memory is ours.
    let mapped = unsafe { tables.map_to(page::<S>(start), frame, FLAGS, &mut Frames) };
    mapped.expect("it is not mapped").flush();
}

fn unmap<S: PageSize>(tables: &mut OffsetPageTable<'static>, start: VirtAddr)
where
    OffsetPageTable<'static>: x86_64::structures::paging::Mapper<S>,
{
    tables.unmap(page::<S>(start)).expect("it is mapped").1.flush();
}
