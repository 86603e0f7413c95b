//! Registers of devices that firmware tells of: they are mapped when somebody comes to use them.

use core::ops::Range;

use super::address::{FRAME_SIZE, PhysAddr, VirtAddr};
use super::kernel_space;
use super::layout::DIRECT_MAP;
use super::paging::{Access, MapError};

/// Maps `registers` where [`PhysAddr::as_ptr`] expects them. What is mapped already is refused: it
/// is memory, or another device's.
pub fn map(registers: Range<PhysAddr>) -> Result<(), MapError> {
    let start = registers.start.align_down(FRAME_SIZE);
    let end = registers.end.align_up(FRAME_SIZE);
    if end > PhysAddr(super::layout::DIRECT_MAP_BYTES) {
        return Err(MapError::OutOfReach { frame: start });
    }
    let page = |address: PhysAddr| VirtAddr(DIRECT_MAP + address.0);
    let access = Access::WRITE | Access::DEVICE;
    // SAFETY: nothing was mapped there, so nobody relies on it; it is a device's, as firmware says.
    unsafe { kernel_space::change(|walker| walker.map(page(start)..page(end), start, access)) }
}
