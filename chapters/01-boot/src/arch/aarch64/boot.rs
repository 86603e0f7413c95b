//! The way in: the entry in `boot.s`, and what the devicetree says about the boot.

use core::arch::global_asm;
use core::fmt;

use aarch64_cpu::registers::{CNTHCTL_EL2, CurrentEL, HCR_EL2, SPSR_EL2};
use fdt::Fdt;

use super::cpu;

global_asm!(
    include_str!("boot.s"),
    kmain = sym crate::kmain,
    EL2 = const CurrentEL::EL::EL2.value,
    HCR_RW = const HCR_EL2::RW::EL1IsAarch64.value,
    CNTHCTL_EL1 = const CNTHCTL_EL2::EL1PCEN::SET.value | CNTHCTL_EL2::EL1PCTEN::SET.value,
    // The bits that are one in a CPTR_EL2 that traps nothing. (Arm ARM DDI 0487, D24.2.34.)
    CPTR_RES1 = const 0x32ff,
    // The bits that are one in an SCTLR_EL1 of Armv8.0. (Arm ARM DDI 0487, D24.2.175.)
    SCTLR_RES1 = const 0x30d0_0800_u32,
    SPSR_EL1H = const SPSR_EL2::M::EL1h.value
        | SPSR_EL2::D::Masked.value
        | SPSR_EL2::A::Masked.value
        | SPSR_EL2::I::Masked.value
        | SPSR_EL2::F::Masked.value,
);

/// What is wrong with the loader's information.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BootError {
    /// There is no devicetree at `address`.
    NoDevicetree { address: usize },
}

impl fmt::Display for BootError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::NoDevicetree { address } => write!(f, "no devicetree at {address:#x}"),
        }
    }
}

impl core::error::Error for BootError {}

/// Learns from the devicetree at `boot` how to end the run, and returns the boot arguments.
pub fn init(boot: usize) -> Result<&'static str, BootError> {
    let devicetree = devicetree(boot)?;
    let text = |node, property| -> Option<&'static str> {
        devicetree.find_node(node)?.property(property)?.as_str()
    };
    let arguments = text("/chosen", "bootargs").unwrap_or("");
    cpu::init_power_off(arguments, text("/psci", "method"));
    Ok(arguments)
}

/// The devicetree at `boot`.
pub(super) fn devicetree(boot: usize) -> Result<Fdt<'static>, BootError> {
    let error = BootError::NoDevicetree { address: boot };
    if boot == 0 || !boot.is_multiple_of(8) {
        return Err(error);
    }
    // SAFETY: the loader left a devicetree here (checked by its magic number), in RAM that nobody
    // writes to.
    unsafe { Fdt::from_ptr(boot as *const u8) }.map_err(|_| error)
}
