//! What ESR_EL1 says, in words.
//!
//! ```text
//!  31       26  25  24                                    0
//! |   class   |IL |  syndrome: depends on the class        |
//! ```
//!
//! Arm ARM DDI 0487, D24, "ESR_EL1, Exception Syndrome Register (EL1)".

use core::fmt;

use crate::memory::address::VirtAddr;
use crate::trap::FaultAccess;

/// An exception that was taken.
pub struct Exception {
    /// The number of its entry in the vectors.
    pub(super) vector: u64,
    /// ESR_EL1.
    pub(super) esr: u64,
    /// FAR_EL1.
    pub(super) far: u64,
}

/// The classes (bits 31 to 26) that a kernel may meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// An instruction that is none.
    Undefined,
    /// Floating point, which is not switched on.
    FloatingPoint,
    /// PSTATE.IL was set.
    IllegalState,
    /// `svc` in AArch64.
    SupervisorCall,
    /// `msr`, `mrs` or a system instruction.
    SystemRegister,
    /// An instruction could not be fetched; whether by a lower level.
    InstructionAbort,
    /// The program counter is no multiple of 4.
    MisalignedProgramCounter,
    /// Data could not be accessed.
    DataAbort,
    /// The stack pointer is no multiple of 16.
    MisalignedStackPointer,
    /// One instruction was executed under software step.
    SoftwareStep,
    /// `brk`.
    Breakpoint,
    /// One of the others.
    Other(u64),
}

/// Bit 6 of a data abort's syndrome: it was a write (WnR).
const IS_WRITE: u64 = 1 << 6;
/// Bit 8: it was a cache instruction (CM), which counts as a write and is none.
const IS_CACHE_MAINTENANCE: u64 = 1 << 8;

impl Exception {
    pub(super) fn class(&self) -> Class {
        match self.esr >> 26 & 0x3f {
            0x00 => Class::Undefined,
            0x07 => Class::FloatingPoint,
            0x0e => Class::IllegalState,
            0x15 => Class::SupervisorCall,
            0x18 => Class::SystemRegister,
            0x20 | 0x21 => Class::InstructionAbort,
            0x22 => Class::MisalignedProgramCounter,
            0x24 | 0x25 => Class::DataAbort,
            0x26 => Class::MisalignedStackPointer,
            0x32 | 0x33 => Class::SoftwareStep,
            0x3c => Class::Breakpoint,
            class => Class::Other(class),
        }
    }

    /// What was accessed where, if translation refused that: a fault of translation (0b0001xx), of
    /// the access flag (0b0010xx) or of permission (0b0011xx), or of an address with too many bits
    /// (0b0000xx), each with its level.
    pub(super) fn fault(&self) -> Option<(VirtAddr, FaultAccess)> {
        let access = self.access()?;
        matches!(self.esr & 0x3f, 0..=0xf).then_some((VirtAddr(self.far), access))
    }

    fn access(&self) -> Option<FaultAccess> {
        let is_write = self.esr & (IS_WRITE | IS_CACHE_MAINTENANCE) == IS_WRITE;
        match self.class() {
            Class::InstructionAbort => Some(FaultAccess::Execute),
            Class::DataAbort if is_write => Some(FaultAccess::Write),
            Class::DataAbort => Some(FaultAccess::Read),
            _ => None,
        }
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.vector % 4 {
            0 => write!(f, "{}", self.class())?,
            1 => write!(f, "IRQ")?,
            2 => write!(f, "FIQ")?,
            _ => write!(f, "SError")?,
        }
        if let Some(access) = self.access().filter(|_| self.vector.is_multiple_of(4)) {
            let status = AbortStatus(self.esr & 0x3f);
            write!(f, ": {status}, {access} at {:#x}", self.far)?;
        }
        let from = match self.vector / 4 {
            0 => "EL1 with SP_EL0",
            1 => "EL1",
            2 => "a lower level",
            _ => "a lower level in AArch32",
        };
        write!(f, ", from {from} (ESR_EL1 {:#x})", self.esr)
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Undefined => "undefined instruction",
            Self::FloatingPoint => "floating point or SIMD instruction, which is not enabled",
            Self::IllegalState => "illegal execution state",
            Self::SupervisorCall => "supervisor call",
            Self::SystemRegister => "trapped access to a system register",
            Self::InstructionAbort => "instruction abort",
            Self::MisalignedProgramCounter => "misaligned program counter",
            Self::DataAbort => "data abort",
            Self::MisalignedStackPointer => "misaligned stack pointer",
            Self::SoftwareStep => "software step",
            Self::Breakpoint => "breakpoint instruction",
            Self::Other(class) => return write!(f, "exception of class {class:#x}"),
        })
    }
}

/// Why an access was refused: the lowest six bits of the syndrome of an abort (IFSC, DFSC).
struct AbortStatus(u64);

impl fmt::Display for AbortStatus {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let level = self.0 & 0b11;
        match self.0 {
            0b00_0000..=0b00_0011 => write!(f, "address size fault at level {level}"),
            0b00_0100..=0b00_0111 => write!(f, "translation fault at level {level}"),
            0b00_1000..=0b00_1011 => write!(f, "access flag fault at level {level}"),
            0b00_1100..=0b00_1111 => write!(f, "permission fault at level {level}"),
            0b01_0000 => write!(f, "external abort"),
            0b01_0100..=0b01_0111 => write!(f, "external abort on a walk at level {level}"),
            0b10_0001 => write!(f, "alignment fault"),
            0b11_0000 => write!(f, "TLB conflict"),
            0b11_0101 => write!(f, "unsupported exclusive access"),
            status => write!(f, "abort with status {status:#x}"),
        }
    }
}
