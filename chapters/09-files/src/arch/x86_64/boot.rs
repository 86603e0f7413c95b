//! The way in: the entry in `boot.s`, and what PVH's start information says about the boot.
//!
//! The start information is a structure that the loader leaves in RAM. (Xen,
//! `xen/include/public/arch-x86/hvm/start_info.h`.)

use core::arch::global_asm;
use core::ffi::{CStr, c_char};
use core::fmt;

use x86_64::registers::control::{Cr0Flags, Cr4Flags, EferFlags};
use x86_64::structures::gdt::DescriptorFlags;
use x86_64::structures::paging::PageTableFlags;

use super::cpu;
use crate::memory::address::PhysAddr;
use crate::memory::layout;

global_asm!(
    include_str!("boot.s"),
    kmain = sym crate::kmain,
    IMAGE_OFFSET = const layout::IMAGE_OFFSET,
    TABLE = const PageTableFlags::PRESENT.union(PageTableFlags::WRITABLE).bits(),
    PAGE = const PageTableFlags::PRESENT
        .union(PageTableFlags::WRITABLE)
        .union(PageTableFlags::HUGE_PAGE)
        .bits(),
    CR4 = const Cr4Flags::PHYSICAL_ADDRESS_EXTENSION.bits(),
    // CPUID leaf 0x8000_0001, edx: long mode and execute-disable.
    LONG_MODE_AND_NX = const 1 << 29 | 1 << 20,
    COM1 = const crate::config::UART,
    EFER = const 0xc000_0080_u32,
    EFER_VALUE = const EferFlags::LONG_MODE_ENABLE.union(EferFlags::NO_EXECUTE_ENABLE).bits(),
    CR0 = const Cr0Flags::PROTECTED_MODE_ENABLE
        .union(Cr0Flags::EXTENSION_TYPE)
        .union(Cr0Flags::WRITE_PROTECT)
        .union(Cr0Flags::PAGING)
        .bits(),
    CODE = const DescriptorFlags::KERNEL_CODE64.bits(),
    DATA = const DescriptorFlags::KERNEL_DATA.bits(),
);

/// The start information, version 1. Addresses are physical; zero means that there is none.
#[repr(C)]
pub(super) struct StartInfo {
    magic: u32,
    version: u32,
    flags: u32,
    pub(super) module_count: u32,
    pub(super) modules: u64,
    pub(super) arguments: u64,
    pub(super) root_system_description: u64,
    pub(super) memory_map: u64,
    pub(super) memory_map_count: u32,
    reserved: u32,
}

/// The first address that `boot.s` does not map to itself.
pub(super) const IDENTITY_END: u64 = 4 << 30;

/// The value of `magic`: "xEn3", with the top bit of the E set.
const MAGIC: u32 = 0x336e_c578;

/// What is wrong with the loader's information.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BootError {
    /// There is no start information at `address`.
    NoStartInfo { address: usize },
    /// The boot arguments are out of reach, or not UTF-8.
    UnreadableArguments,
}

impl fmt::Display for BootError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::NoStartInfo { address } => write!(f, "no PVH start information at {address:#x}"),
            Self::UnreadableArguments => write!(f, "the boot arguments are not UTF-8"),
        }
    }
}

impl core::error::Error for BootError {}

/// The boot arguments. What they say of the way to switch off is remembered.
///
/// # Safety
///
/// `boot` must be what the loader passed, and whatever lies there must never change.
pub unsafe fn boot_arguments(boot: usize) -> Result<&'static str, BootError> {
    // SAFETY: the caller promises the same.
    let arguments = unsafe { start_info(boot) }?.arguments()?;
    cpu::init_power_off(arguments.to_bytes());
    arguments.to_str().map_err(|_| BootError::UnreadableArguments)
}

impl StartInfo {
    /// The boot arguments; none are the empty text.
    pub(super) fn arguments(&self) -> Result<&'static CStr, BootError> {
        match self.arguments {
            0 => Ok(c""),
            IDENTITY_END.. => Err(BootError::UnreadableArguments),
            // SAFETY: direct map; the loader left a text that ends with a zero byte here, and
            // whoever made this reference promised that it stays.
            address => Ok(unsafe { CStr::from_ptr(PhysAddr(address).as_ptr::<c_char>()) }),
        }
    }
}

/// The start information at `boot`.
///
/// # Safety
///
/// `boot` must be what the loader passed, and whatever lies there must never change.
pub(super) unsafe fn start_info(boot: usize) -> Result<&'static StartInfo, BootError> {
    let info = PhysAddr(boot as u64).as_ptr::<StartInfo>();
    if boot == 0 || !info.is_aligned() {
        return Err(BootError::NoStartInfo { address: boot });
    }
    // SAFETY: direct map; the loader passed this address, so what lies there can be read. It is
    // checked before it is believed.
    let info = unsafe { &*info };
    if info.magic == MAGIC && info.version > 0 {
        Ok(info)
    } else {
        Err(BootError::NoStartInfo { address: boot })
    }
}

#[cfg(feature = "ktest")]
mod tests {
    use super::{BootError, start_info};
    use crate::memory::address::VirtAddr;

    /// Aligned like the start information, but none.
    #[repr(align(8))]
    struct Other([u8; 64]);

    ktest::test! {
        /// What is no start information is not taken for it.
        fn other_things_are_no_start_info() {
            static OTHER: Other = Other([7; 64]);
            let other = VirtAddr(OTHER.0.as_ptr() as u64).of_image().0 as usize;
            for address in [0, other, other + 4] {
                // SAFETY: the bytes can be read, and never change.
                let found = unsafe { start_info(address) }.err();
                assert_eq!(found, Some(BootError::NoStartInfo { address }));
            }
        }
    }
}
