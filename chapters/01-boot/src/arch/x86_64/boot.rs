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

global_asm!(
    include_str!("boot.s"),
    kmain = sym crate::kmain,
    TABLE = const PageTableFlags::PRESENT.union(PageTableFlags::WRITABLE).bits(),
    PAGE = const PageTableFlags::PRESENT
        .union(PageTableFlags::WRITABLE)
        .union(PageTableFlags::HUGE_PAGE)
        .bits(),
    CR4 = const Cr4Flags::PHYSICAL_ADDRESS_EXTENSION.bits(),
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
const IDENTITY_END: u64 = 4 << 30;

/// The value of `magic`: "xEn3", with the top bit of the E set.
const MAGIC: u32 = 0x336e_c578;

/// What is wrong with the loader's information.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BootError {
    /// There is no start information at `address`.
    NoStartInfo { address: usize },
    /// The boot arguments at `address` are out of reach, or not UTF-8.
    UnreadableArguments { address: u64 },
}

impl fmt::Display for BootError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::NoStartInfo { address } => write!(f, "no PVH start information at {address:#x}"),
            Self::UnreadableArguments { address } => {
                write!(f, "the boot arguments at {address:#x} cannot be read")
            }
        }
    }
}

impl core::error::Error for BootError {}

/// Learns from the start information at `boot` how to end the run, and returns the boot arguments.
pub fn init(boot: usize) -> Result<&'static str, BootError> {
    let arguments = arguments(start_info(boot)?.arguments)?;
    cpu::init_power_off(arguments);
    Ok(arguments)
}

/// The start information at `boot`.
pub(super) fn start_info(boot: usize) -> Result<&'static StartInfo, BootError> {
    let info = boot as *const StartInfo;
    if info.is_null() || !info.is_aligned() {
        return Err(BootError::NoStartInfo { address: boot });
    }
    // SAFETY: identity; the address is below 4 GiB, as `boot.s` got it in a 32-bit register, so
    // reading it cannot fault. What is read is checked before it is believed.
    let info = unsafe { &*info };
    if info.magic == MAGIC && info.version > 0 {
        Ok(info)
    } else {
        Err(BootError::NoStartInfo { address: boot })
    }
}

/// The text at `address`; none is the empty text.
fn arguments(address: u64) -> Result<&'static str, BootError> {
    if address == 0 {
        return Ok("");
    }
    if address >= IDENTITY_END {
        return Err(BootError::UnreadableArguments { address });
    }
    // SAFETY: identity; the loader left a text that ends with a zero byte here, in RAM that nobody
    // writes to.
    let text = unsafe { CStr::from_ptr(address as *const c_char) };
    text.to_str().map_err(|_| BootError::UnreadableArguments { address })
}
