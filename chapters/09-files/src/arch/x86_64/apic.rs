//! The local APIC: the interrupt controller within the processor, told to stand aside.
//!
//! It sits between everything and the processor. The 8259s reach it by a pin, LINT0, and after a
//! reset it ignores that. Firmware that expects an old system behind it sets *virtual wire mode*:
//! what comes in at LINT0 goes on to the processor as if there was only a wire, and the processor
//! asks the 8259 (ExtINT). Firmware that is in a hurry leaves it as it was, so this is done here.
//!
//! It could be switched off as a whole instead, but not every processor can switch it on again.
//!
//! Intel SDM vol. 3A, "Local APIC", "Local Vector Table" and "Spurious Interrupt".

use tock_registers::interfaces::Writeable;
use tock_registers::registers::ReadWrite;
use tock_registers::{register_bitfields, register_structs};
use x86_64::registers::model_specific::ApicBase;
use x86_64::registers::model_specific::ApicBaseFlags;

use crate::memory::address::{FRAME_SIZE, PhysAddr};
use crate::memory::devices;
use crate::memory::paging::MapError;

/// The vector that it gives when it has nothing to say, and does not want to be told the end of.
pub(super) const SPURIOUS: u64 = 255;

register_bitfields! {
    u32,
    /// The Spurious-Interrupt Vector Register.
    SVR [
        VECTOR OFFSET(0) NUMBITS(8) [],
        /// Without it no LVT entry can be unmasked.
        ENABLE OFFSET(8) NUMBITS(1) []
    ],
    /// An entry of the Local Vector Table.
    LVT [
        DELIVERY OFFSET(8) NUMBITS(3) [ExtInt = 0b111],
        MASKED OFFSET(16) NUMBITS(1) []
    ]
}

register_structs! {
    /// Of its registers, those that matter here.
    Registers {
        (0x000 => _reserved0),
        (0x0f0 => svr: ReadWrite<u32, SVR::Register>),
        (0x0f4 => _reserved1),
        (0x350 => lint0: ReadWrite<u32, LVT::Register>),
        (0x354 => @END),
    }
}

/// Makes the local APIC pass on what the 8259s say, if it is there and on.
pub(super) fn pass_on_8259() -> Result<(), MapError> {
    // CPUID leaf 1, edx bit 9: there is one. Without it the pin is the processor's.
    if core::arch::x86_64::__cpuid(1).edx & 1 << 9 == 0 {
        return Ok(());
    }
    let (frame, flags) = ApicBase::read();
    if !flags.contains(ApicBaseFlags::LAPIC_ENABLE) {
        return Ok(());
    }
    let start = PhysAddr(frame.start_address().as_u64());
    devices::map(start..start + FRAME_SIZE)?;
    // SAFETY: the processor says that they are there, they are mapped now, and nobody else has
    // them: what is mapped already would have been refused.
    let registers = unsafe { &*start.as_ptr::<Registers>() };
    registers.svr.write(SVR::ENABLE::SET + SVR::VECTOR.val(SPURIOUS as u32));
    registers.lint0.write(LVT::DELIVERY::ExtInt + LVT::MASKED::CLEAR);
    Ok(())
}
