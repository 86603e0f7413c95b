//! The memory map, from the devicetree.
//!
//! RAM is in the nodes `memory`, one per piece. What of it must be kept is said in three places:
//! the list of reservations in the devicetree's header, the children of `/reserved-memory` (those
//! that ask for memory without saying where get none), and `/chosen`, which has the initrd. The
//! devicetree itself need not be listed. (Devicetree Specification, "/memory node",
//! "/reserved-memory node", "/chosen node", "Memory Reservation Block"; Linux's binding of
//! `/chosen` has the initrd.)

use core::ops::Range;

use fdt::Fdt;
use fdt::node::FdtNode;

use super::boot::devicetree;
use crate::memory::address::PhysAddr;
use crate::memory::map::{Kind, MapIsFull, MemoryMap};

/// Paints what the devicetree at `boot` says of memory. Without one the map stays empty.
///
/// # Safety
///
/// `boot` must be what the loader passed, and whatever lies there must never change.
pub unsafe fn read_memory_map(boot: usize, map: &mut MemoryMap) -> Result<(), MapIsFull> {
    // SAFETY: the caller promises the same.
    let Ok(devicetree) = (unsafe { devicetree(boot) }) else { return Ok(()) };
    for node in devicetree.find_all_nodes("/memory") {
        paint(node, map, Kind::Usable)?;
    }
    for reservation in devicetree.memory_reservations() {
        let start = reservation.address() as u64;
        map.paint(bytes(start, reservation.size() as u64), Kind::Firmware)?;
    }
    if let Some(reserved) = devicetree.find_node("/reserved-memory") {
        for node in reserved.children() {
            paint(node, map, Kind::Firmware)?;
        }
    }
    if let Some(initrd) = initrd(&devicetree) {
        map.paint(initrd, Kind::Initrd)?;
    }
    map.paint(bytes(boot as u64, devicetree.total_size() as u64), Kind::Loader)
}

/// Paints the memory that `node` stands for.
fn paint(node: FdtNode, map: &mut MemoryMap, kind: Kind) -> Result<(), MapIsFull> {
    for piece in node.reg().into_iter().flatten() {
        let size = piece.size.unwrap_or(0) as u64;
        map.paint(bytes(piece.starting_address as u64, size), kind)?;
    }
    Ok(())
}

fn initrd(devicetree: &Fdt) -> Option<Range<PhysAddr>> {
    let chosen = devicetree.find_node("/chosen")?;
    let address = |name| Some(PhysAddr(chosen.property(name)?.as_usize()? as u64));
    Some(address("linux,initrd-start")?..address("linux,initrd-end")?)
}

fn bytes(start: u64, size: u64) -> Range<PhysAddr> {
    PhysAddr(start)..PhysAddr(start.saturating_add(size))
}
