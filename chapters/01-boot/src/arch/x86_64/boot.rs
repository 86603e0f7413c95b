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

/// The start of the start information; fields behind these are not needed.
#[repr(C)]
struct StartInfo {
    magic: u32,
    version: u32,
    flags: u32,
    module_count: u32,
    modules: u64,
    arguments: u64,
}

/// The value of `magic`: "xEn3", with the top bit of the E set.
const MAGIC: u32 = 0x336e_c578;

/// What is wrong with the loader's information.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BootError {
    /// There is no start information at `address`.
    NoStartInfo { address: usize },
    /// The boot arguments at `address` are not UTF-8.
    UnreadableArguments { address: u64 },
}

impl fmt::Display for BootError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::NoStartInfo { address } => write!(f, "no PVH start information at {address:#x}"),
            Self::UnreadableArguments { address } => {
                write!(f, "boot arguments at {address:#x} are not UTF-8")
            }
        }
    }
}

impl core::error::Error for BootError {}

/// Learns from the start information at `boot` how to end the run, and returns the boot arguments.
pub fn init(boot: usize) -> Result<&'static str, BootError> {
    let info = boot as *const StartInfo;
    if info.is_null() || !info.is_aligned() {
        return Err(BootError::NoStartInfo { address: boot });
    }
    // SAFETY: identity; the address is below 4 GiB, as `boot.s` got it in a 32-bit register, so
    // reading it cannot fault. What is read is checked before it is believed.
    let info = unsafe { &*info };
    if info.magic != MAGIC {
        return Err(BootError::NoStartInfo { address: boot });
    }
    let arguments = arguments(info.arguments)?;
    cpu::init_power_off(arguments);
    Ok(arguments)
}

/// The text at `address`; none is the empty text.
fn arguments(address: u64) -> Result<&'static str, BootError> {
    if address == 0 {
        return Ok("");
    }
    // SAFETY: identity; the loader left a text that ends with a zero byte here, in RAM that nobody
    // writes to.
    let text = unsafe { CStr::from_ptr(address as *const c_char) };
    text.to_str().map_err(|_| BootError::UnreadableArguments { address })
}
