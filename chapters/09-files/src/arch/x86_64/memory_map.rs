//! The memory map, from PVH's start information.
//!
//! The firmware's map is a table of what is RAM and what is not; where entries contradict each
//! other, what is not RAM wins. What the loader left for us lies in RAM like anything else and is
//! in no map: the start information, the tables and the text that it points to, and the modules, of
//! which the first is the initrd. (Xen, `xen/include/public/arch-x86/hvm/start_info.h`.)

use core::ops::Range;
use core::slice;

use super::boot::{IDENTITY_END, StartInfo, start_info};
use crate::memory::address::PhysAddr;
use crate::memory::map::{Kind, MapIsFull, MemoryMap};

/// An entry of the firmware's map.
#[repr(C)]
struct Entry {
    start: u64,
    size: u64,
    kind: u32,
    reserved: u32,
}

/// The `kind` of RAM.
const RAM: u32 = 1;

/// A file that was loaded with the kernel.
#[repr(C)]
struct Module {
    start: u64,
    size: u64,
    arguments: u64,
    reserved: u64,
}

/// The first MiB has tables of the firmware that no map tells of, and is where other processors
/// start.
const LOW_MEMORY: u64 = 0x10_0000;

/// Paints what the start information at `boot` says of memory. Without it the map stays empty.
///
/// # Safety
///
/// `boot` must be what the loader passed, and whatever lies there must never change.
pub unsafe fn read_memory_map(boot: usize, map: &mut MemoryMap) -> Result<(), MapIsFull> {
    // SAFETY: the caller promises the same.
    let Ok(info) = (unsafe { start_info(boot) }) else { return Ok(()) };
    let entries: &[Entry] = table(info.memory_map, info.memory_map_count);
    for entry in entries.iter().filter(|entry| entry.kind == RAM) {
        map.paint(bytes(entry.start, entry.size), Kind::Usable)?;
    }
    for entry in entries.iter().filter(|entry| entry.kind != RAM) {
        map.paint(bytes(entry.start, entry.size), Kind::Firmware)?;
    }
    map.paint(bytes(0, LOW_MEMORY), Kind::Firmware)?;
    paint_modules(info, map)?;
    if let Ok(text) = info.arguments() {
        let size = text.to_bytes_with_nul().len() as u64;
        map.paint(bytes(info.arguments, size), Kind::Loader)?;
    }
    map.paint(bytes(boot as u64, size_of::<StartInfo>() as u64), Kind::Loader)?;
    map.paint(bytes(info.memory_map, size_of_val(entries) as u64), Kind::Loader)
}

fn paint_modules(info: &StartInfo, map: &mut MemoryMap) -> Result<(), MapIsFull> {
    let modules: &[Module] = table(info.modules, info.module_count);
    for module in modules {
        map.paint(bytes(module.start, module.size), Kind::Initrd)?;
    }
    map.paint(bytes(info.modules, size_of_val(modules) as u64), Kind::Loader)
}

/// The table of `count` entries at `address`; one that is out of reach is as good as none.
fn table<T>(address: u64, count: u32) -> &'static [T] {
    let is_aligned = PhysAddr(address).is_aligned(align_of::<T>() as u64);
    let bytes = u64::from(count) * size_of::<T>() as u64;
    let is_mapped = address.checked_add(bytes).is_some_and(|end| end <= IDENTITY_END);
    if address == 0 || !is_aligned || !is_mapped {
        return &[];
    }
    let start = PhysAddr(address).as_ptr();
    // SAFETY: direct map; the loader left a table of `count` entries here, in RAM that nobody
    // writes to, and any bits are an entry.
    unsafe { slice::from_raw_parts(start, count as usize) }
}

fn bytes(start: u64, size: u64) -> Range<PhysAddr> {
    PhysAddr(start)..PhysAddr(start.saturating_add(size))
}
