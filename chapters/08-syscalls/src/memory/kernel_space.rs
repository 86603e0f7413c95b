//! The kernel's own address space: its image, all of memory, and the devices it needs at once.
//!
//! Memory is written or executed, never both. That must hold for every way to a byte, and since all
//! memory is in the direct map, the image has two: so its code and its constants are read-only
//! there, too. What only the entry needed is not mapped at all: the tables that `boot.s` made are
//! given back as frames, and the low addresses, where it ran, are left to programs.

use core::fmt;
use core::ops::Range;

use super::address::{FRAME_SIZE, PhysAddr, VirtAddr};
use super::layout::DIRECT_MAP;
use super::map::{Kind, MemoryMap};
use super::paging::{Access, MapError, Mapping, Tables, reach};
use super::walker::Walker;
use super::{frames, image_part, stack};
use crate::arch::{self, PageTableEntry};
use crate::image;
use crate::sync::Lock;

/// Protects the kernel's tables; holds the address of the root once it is current. While it is held
/// frames may be asked for.
static ROOT: Lock<Option<PhysAddr>> = Lock::new(None);

/// Tables in frames, reached through the direct map.
pub struct KernelTables;

impl Tables for KernelTables {
    type Entry = PageTableEntry;

    fn largest(&self) -> usize {
        arch::largest_page_level()
    }

    fn allocate(&mut self) -> Option<PhysAddr> {
        let table = frames::allocate().ok()?.into_start();
        // SAFETY: the frame is ours, in the direct map, and as large as a table, whose entries mean
        // nothing when they are zeroes.
        unsafe { arch::clear_page(table.as_ptr()) };
        Some(table)
    }

    unsafe fn free(&mut self, table: PhysAddr) {
        // SAFETY: `allocate` above took the frame, and the caller promises that nobody uses it.
        drop(unsafe { frames::Frame::from_start(table) });
    }

    unsafe fn read(&self, table: PhysAddr, index: usize) -> PageTableEntry {
        // SAFETY: the caller promises a table and an entry in it; tables are frames of our own, in
        // the direct map, and any bits are an entry. (Volatile: the processor writes there, too.)
        unsafe { entry(table, index).read_volatile() }
    }

    unsafe fn write(&mut self, table: PhysAddr, index: usize, value: PageTableEntry) {
        // SAFETY: as above; whoever can write to the tables holds them alone.
        unsafe { entry(table, index).write_volatile(value) };
    }

    fn publish(&mut self) {
        arch::publish_entry();
    }

    fn forget(&mut self, page: VirtAddr) {
        arch::flush_page(page);
    }
}

/// Where an entry lies in the direct map.
fn entry(table: PhysAddr, index: usize) -> *mut PageTableEntry {
    table.as_ptr::<PageTableEntry>().wrapping_add(index)
}

/// Makes the kernel's address space and moves into it; gives back what only the entry needed.
///
/// # Safety
///
/// `map` must be the map that the frames come from. This must be called once.
pub unsafe fn init(map: &MemoryMap) -> Result<(), MapError> {
    let root = KernelTables.allocate().ok_or(MapError::OutOfFrames)?;
    let mut tables = KernelTables;
    // SAFETY: the root is an empty table of ours, which the processor does not use yet.
    let mut walker = unsafe { Walker::new(root, &mut tables) };
    map_image(&mut walker)?;
    map_memory(&mut walker, map)?;
    for device in arch::DEVICES {
        let page = direct(*device);
        let access = Access::WRITE | Access::DEVICE;
        walker.map(page..page + FRAME_SIZE, *device, access)?;
    }
    // SAFETY: the image is mapped where it runs, with its stack, and so is all other memory.
    unsafe { arch::activate_page_table(root) };
    // SAFETY: text is mapped as read-only, and there are no programs yet.
    unsafe { arch::enable_protections() };
    *ROOT.lock() = Some(root);
    // SAFETY: only the old tables lay there, and they are not current any more.
    unsafe { frames::add(image_part(image::boot_tables())) };
    Ok(())
}

/// The root of the kernel's own tables.
pub fn root() -> PhysAddr {
    ROOT.lock().expect("the tables are asked for after `init`")
}

/// Lets `act` look at the kernel's tables.
pub fn look<T>(act: impl FnOnce(&Walker<KernelTables>) -> T) -> T {
    // SAFETY: by a shared reference nothing can be changed.
    unsafe { change(|walker| act(walker)) }
}

/// Lets `act` look at the tables that the processor uses, even if somebody is changing them: for
/// the report of a death, which may have come in the middle of that.
pub fn peek<T>(act: impl FnOnce(&Walker<KernelTables>) -> T) -> T {
    let mut tables = KernelTables;
    // SAFETY: by a shared reference nothing can be changed, and an entry is read as a whole.
    let walker = unsafe { Walker::new(arch::root_page_table(), &mut tables) };
    act(&walker)
}

/// Lets `act` change the kernel's tables.
///
/// # Safety
///
/// - Nobody may rely on a page that `act` changes, or on one in a larger page that is split for
///   that: for a moment they are not mapped, and afterwards they are what `act` made of them.
/// - What `act` maps gets one more name, and that must do no harm: memory is not mapped as a
///   device, nor a device as memory; and nobody may write through the new name, a program
///   included, what somebody relies on.
pub unsafe fn change<T>(act: impl FnOnce(&mut Walker<KernelTables>) -> T) -> T {
    let root = ROOT.lock();
    let root = root.expect("the tables are asked for after `init`");
    let mut tables = KernelTables;
    // SAFETY: `init` made all tables from frames, and the caller promises the rest.
    let mut walker = unsafe { Walker::new(root, &mut tables) };
    act(&mut walker)
}

/// Maps each section of the image to what may be done with it, and the old tables and the stack's
/// guard not at all.
fn map_image(walker: &mut Walker<KernelTables>) -> Result<(), MapError> {
    let [text, rodata, data, bss] = image::sections().map(|section| section.range);
    let tables = image::boot_tables();
    let guard = stack::boot_guard();
    let parts = [
        (text.start..rodata.start, Access::EXECUTE),
        (rodata.start..data.start, Access::empty()),
        (data.start..tables.start, Access::WRITE),
        (tables.end..guard.start, Access::WRITE),
        (guard.end..bss.end, Access::WRITE),
    ];
    for (part, access) in parts.into_iter().filter(|(part, _)| !part.is_empty()) {
        let pages = VirtAddr(part.start as u64)..VirtAddr(part.end as u64);
        walker.map(pages, image_part(part).start, access)?;
    }
    Ok(())
}

/// Maps all memory that the map knows of, except what the firmware keeps to itself.
fn map_memory(walker: &mut Walker<KernelTables>, map: &MemoryMap) -> Result<(), MapError> {
    let [text, _, data, _] = image::sections().map(|section| section.range);
    let constants = image_part(text.start..data.start);
    let mut mapped = PhysAddr(0);
    for region in map.regions().iter().filter(|region| region.kind != Kind::Firmware) {
        // Regions are as small as bytes: two may share a page.
        let start = region.range.start.align_down(FRAME_SIZE).max(mapped);
        let end = region.range.end.align_up(FRAME_SIZE);
        let before = start..end.min(constants.start);
        let within = start.max(constants.start)..end.min(constants.end);
        let after = start.max(constants.end)..end;
        for (part, access) in
            [(before, Access::WRITE), (within, Access::empty()), (after, Access::WRITE)]
        {
            if !part.is_empty() {
                walker.map(direct(part.start)..direct(part.end), part.start, access)?;
            }
        }
        mapped = mapped.max(end);
    }
    Ok(())
}

/// The address in the direct map of the memory at `address`.
fn direct(address: PhysAddr) -> VirtAddr {
    VirtAddr(DIRECT_MAP + address.0)
}

/// Pages that follow each other and map memory that does, all with the same access.
pub struct Span {
    /// The pages.
    pub pages: Range<VirtAddr>,
    /// The memory that the first of them maps.
    pub frame: PhysAddr,
    /// What may be done with them.
    pub access: Access,
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { pages, frame, access } = self;
        let size = (pages.end - pages.start) / 1024;
        write!(f, "{:?}..{:?} {size:>9} KiB  {access}  {frame:?}", pages.start, pages.end)
    }
}

/// Calls `see` with everything that is mapped, from the lowest address up.
pub fn for_each_span(mut see: impl FnMut(Span)) {
    look(|walker| {
        let mut span: Option<Span> = None;
        let halves = [VirtAddr(0)..VirtAddr(1 << 47), VirtAddr(DIRECT_MAP)..VirtAddr(u64::MAX)];
        for mut rest in halves {
            while let Some(Mapping { page, level, frame, access }) = walker.next(&rest) {
                let Some(end) = page.checked_add(reach(level)) else { break };
                rest.start = end;
                match &mut span {
                    Some(span)
                        if span.pages.end == page
                            && span.access == access
                            && span.frame + (page - span.pages.start) == frame =>
                    {
                        span.pages.end = end;
                    }
                    _ => {
                        span.replace(Span { pages: page..end, frame, access }).map(&mut see);
                    }
                }
            }
        }
        span.map(see);
    });
}

#[cfg(feature = "ktest")]
mod tests;
