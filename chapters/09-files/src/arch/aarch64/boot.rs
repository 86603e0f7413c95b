//! The way in: the entry in `boot.s`, and what the devicetree says about the boot.

use core::arch::global_asm;
use core::fmt;

use aarch64_cpu::registers::{CNTHCTL_EL2, CurrentEL, HCR_EL2, SPSR_EL2};
use fdt::Fdt;

use super::entry::Descriptor;
use super::{cpu, paging};
use crate::memory::address::PhysAddr;
use crate::memory::layout;

global_asm!(
    include_str!("boot.s"),
    kmain = sym crate::kmain,
    IMAGE_OFFSET = const layout::IMAGE_OFFSET,
    TABLE = const Descriptor::TABLE.bits(),
    MEMORY = const Descriptor::BOOT_MEMORY.bits(),
    DEVICE = const Descriptor::BOOT_DEVICE.bits(),
    MAIR = const paging::MAIR,
    TCR = const paging::TCR,
    EL1 = const CurrentEL::EL::EL1.value,
    EL2 = const CurrentEL::EL::EL2.value,
    HCR_RW = const HCR_EL2::RW::EL1IsAarch64.value,
    CNTHCTL_EL1 = const CNTHCTL_EL2::EL1PCEN::SET.value | CNTHCTL_EL2::EL1PCTEN::SET.value,
    // CPTR_EL2 with the bits that are one where there is no SVE, and none that traps.
    CPTR_RES1 = const 0x33ff,
    // ICC_SRE_EL2: the system registers are used, and EL1 may say so, too.
    SRE = const 1 << 0,
    SRE_ENABLE = const 1 << 3,
    // The same with the MMU (M) and the caches (C, I) on.
    SCTLR_ON = const 0x30d0_181d_u32,
    // SCTLR_EL1 with the bits that are one in Armv8.0, and SA and SA0: sp must be aligned.
    SCTLR_OFF = const 0x30d0_0818_u32,
    SPSR_EL1H = const SPSR_EL2::M::EL1h.value
        | SPSR_EL2::D::Masked.value
        | SPSR_EL2::A::Masked.value
        | SPSR_EL2::I::Masked.value
        | SPSR_EL2::F::Masked.value,
);

/// The word with which a devicetree begins, in its big-endian order.
const MAGIC: u32 = 0xd00d_feed;

/// What is wrong with the loader's information.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BootError {
    /// There is no devicetree at `address`.
    NoDevicetree { address: usize },
    /// The boot arguments are not UTF-8.
    UnreadableArguments,
}

impl fmt::Display for BootError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::NoDevicetree { address } => write!(f, "no devicetree at {address:#x}"),
            Self::UnreadableArguments => write!(f, "the boot arguments are not UTF-8"),
        }
    }
}

impl core::error::Error for BootError {}

/// The boot arguments. What they and the devicetree say of the way to switch off is remembered.
///
/// # Safety
///
/// `boot` must be what the loader passed, and whatever lies there must never change.
pub unsafe fn boot_arguments(boot: usize) -> Result<&'static str, BootError> {
    // SAFETY: the caller promises the same.
    let devicetree = unsafe { devicetree(boot) }?;
    let value = |node, property| Some(devicetree.find_node(node)?.property(property)?.value);
    let arguments = value("/chosen", "bootargs").unwrap_or_default();
    // A text in a devicetree ends with a zero byte.
    let arguments = arguments.strip_suffix(b"\0").unwrap_or(arguments);
    cpu::init_power_off(arguments, value("/psci", "method"));
    str::from_utf8(arguments).map_err(|_| BootError::UnreadableArguments)
}

/// The devicetree at `boot`. What has the magic number is believed: where a damaged one contradicts
/// itself, the parser panics. It is the loader's, and without it there is nothing to go on with.
///
/// # Safety
///
/// `boot` must be what the loader passed, and whatever lies there must never change.
pub(super) unsafe fn devicetree(boot: usize) -> Result<Fdt<'static>, BootError> {
    let error = BootError::NoDevicetree { address: boot };
    let start = PhysAddr(boot as u64).as_ptr::<u32>();
    if boot == 0 || !boot.is_multiple_of(8) {
        return Err(error);
    }
    // SAFETY: direct map; the loader passed this address, and a word there can be read.
    if unsafe { start.read() } != MAGIC.to_be() {
        return Err(error);
    }
    // SAFETY: what begins with the magic number is a devicetree, and the caller promises that it
    // stays.
    unsafe { Fdt::from_ptr(start.cast()) }.map_err(|_| error)
}

#[cfg(feature = "ktest")]
mod tests {
    use super::{BootError, devicetree};
    use crate::image;
    use crate::memory::address::VirtAddr;

    /// Aligned like a devicetree, but none.
    #[repr(align(8))]
    struct Other([u8; 64]);

    ktest::test! {
        /// What is no devicetree is not taken for one.
        fn other_things_are_no_devicetree() {
            static OTHER: Other = Other([7; 64]);
            let other = VirtAddr(OTHER.0.as_ptr() as u64).of_image().0 as usize;
            for address in [0, other, other + 4] {
                // SAFETY: the bytes can be read, and never change.
                let found = unsafe { devicetree(address) }.err();
                assert_eq!(found, Some(BootError::NoDevicetree { address }));
            }
        }

        /// The header tells the loader how much memory the image needs.
        fn header_has_the_size_of_the_image() {
            let size = (image::range().start + 16) as *const u64;
            // SAFETY: direct map; the header is part of the image, and the size is its third word.
            assert_eq!(unsafe { size.read() }, image::range().len() as u64);
        }
    }
}
