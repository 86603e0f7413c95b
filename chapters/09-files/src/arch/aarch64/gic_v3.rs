//! The Generic Interrupt Controller, version 3.
//!
//! With more processors than the bits of a byte, each has a *redistributor* for the lines that are
//! its own, and asks by system registers instead of memory. A shared line names its processor by
//! the number that is in MPIDR_EL1.
//!
//! ```text
//!  shared lines ──> distributor ──> redistributor ──> ICC_* registers ──> IRQ
//!  own lines ───────────────────────────^
//! ```
//!
//! Every line belongs to a group. Group 1 comes as IRQ, group 0 as FIQ, and group 0 is what lines
//! begin in. (Arm IHI 0069, 4 and 12.)

use core::arch::asm;
use core::ops::Range;

use aarch64_cpu::registers::MPIDR_EL1;
use tock_registers::interfaces::{Readable, Writeable};
use tock_registers::register_structs;
use tock_registers::registers::{ReadOnly, ReadWrite};

use crate::memory::address::PhysAddr;

register_structs! {
    #[allow(non_snake_case, reason = "the manual's names")]
    Distributor {
        /// What is passed on, and how.
        (0x0000 => CTLR: ReadWrite<u32>),
        (0x0004 => _reserved0),
        /// A bit a line: group 1.
        (0x0080 => IGROUPR: [ReadWrite<u32>; 32]),
        /// A bit a line: writing a one enables it.
        (0x0100 => ISENABLER: [ReadWrite<u32>; 32]),
        /// And disables it.
        (0x0180 => ICENABLER: [ReadWrite<u32>; 32]),
        (0x0200 => _reserved1),
        /// A byte a line: the lower, the more urgent.
        (0x0400 => IPRIORITYR: [ReadWrite<u8>; 1024]),
        (0x0800 => _reserved2),
        /// A word a line: the processor to which it goes. The first 32 mean nothing.
        (0x6000 => IROUTER: [ReadWrite<u64>; 1020]),
        (0x7fe0 => @END),
    }
}

register_structs! {
    #[allow(non_snake_case, reason = "the manual's names")]
    Redistributor {
        (0x0_0000 => _reserved0),
        /// Bits 63 to 32: whose it is. Bit 4: it is the last one.
        (0x0_0008 => TYPER: ReadOnly<u64>),
        (0x0_0010 => _reserved1),
        /// Whether it sleeps.
        (0x0_0014 => WAKER: ReadWrite<u32>),
        (0x0_0018 => _reserved2),
        /// The same as a distributor has, for the first 32 lines.
        (0x1_0080 => IGROUPR0: ReadWrite<u32>),
        (0x1_0084 => _reserved3),
        (0x1_0100 => ISENABLER0: ReadWrite<u32>),
        (0x1_0104 => _reserved4),
        (0x1_0180 => ICENABLER0: ReadWrite<u32>),
        (0x1_0184 => _reserved5),
        (0x1_0400 => IPRIORITYR: [ReadWrite<u8>; 32]),
        (0x1_0420 => _reserved6),
        (0x2_0000 => @END),
    }
}

/// GICD_CTLR: group 1 is passed on; lines are routed by number (ARE); a write is under way.
const ENABLE_GROUP_1: u32 = 1 << 1;
const AFFINITY_ROUTING: u32 = 1 << 4;
const WRITE_PENDING: u32 = 1 << 31;

/// GICR_WAKER: it is to sleep; its processor's interface sleeps.
const PROCESSOR_SLEEP: u32 = 1 << 1;
const CHILDREN_ASLEEP: u32 = 1 << 2;

/// GICR_TYPER: there is none behind it.
const LAST: u64 = 1 << 4;

/// The first line that is not one processor's own.
const FIRST_SHARED: u32 = 32;

/// Between the most and the least urgent.
const PRIORITY: u8 = 0x80;

/// The controller.
pub struct Gic {
    distributor: &'static Distributor,
    redistributor: &'static Redistributor,
}

// SAFETY: alone: the redistributor is that of the one processor there is. `enable` reads a register
// and writes it back; nothing comes in between, since whoever calls it has interrupts masked.
unsafe impl Sync for Gic {}

// SAFETY: as above.
unsafe impl Send for Gic {}

impl Gic {
    /// Makes the controller pass interrupts on; all lines are disabled. `None` if this processor
    /// has no redistributor.
    ///
    /// # Safety
    ///
    /// A GICv3's registers must be mapped in the direct map, at these addresses.
    pub unsafe fn new(distributor: PhysAddr, redistributors: Range<PhysAddr>) -> Option<Self> {
        // SAFETY: the caller promises it.
        let distributor = unsafe { &*distributor.as_ptr::<Distributor>() };
        // SAFETY: as above.
        let redistributor = unsafe { find(redistributors) }?;
        redistributor.WAKER.set(redistributor.WAKER.get() & !PROCESSOR_SLEEP);
        while redistributor.WAKER.get() & CHILDREN_ASLEEP != 0 {}
        redistributor.ICENABLER0.set(!0);
        distributor.ICENABLER.iter().skip(1).for_each(|lines| lines.set(!0));
        distributor.CTLR.set(AFFINITY_ROUTING | ENABLE_GROUP_1);
        while distributor.CTLR.get() & WRITE_PENDING != 0 {}
        init_interface();
        Some(Self { distributor, redistributor })
    }

    /// Passes interrupts of `line` on, to this processor.
    pub fn enable(&self, line: u32) {
        let Self { distributor, redistributor } = self;
        let (word, bit) = (line as usize / 32, 1 << (line % 32));
        if line < FIRST_SHARED {
            redistributor.IPRIORITYR[line as usize].set(PRIORITY);
            redistributor.IGROUPR0.set(redistributor.IGROUPR0.get() | bit);
            redistributor.ISENABLER0.set(bit);
        } else {
            distributor.IPRIORITYR[line as usize].set(PRIORITY);
            distributor.IGROUPR[word].set(distributor.IGROUPR[word].get() | bit);
            distributor.IROUTER[line as usize].set(affinity());
            distributor.ISENABLER[word].set(bit);
        }
    }

    /// Passes none of `line` on.
    pub fn disable(&self, line: u32) {
        let bit = 1 << (line % 32);
        if line < FIRST_SHARED {
            self.redistributor.ICENABLER0.set(bit);
        } else {
            self.distributor.ICENABLER[line as usize / 32].set(bit);
        }
        while self.distributor.CTLR.get() & WRITE_PENDING != 0 {}
    }

    /// Takes the most urgent interrupt: reading ICC_IAR1_EL1 does.
    pub fn claim(&self) -> u32 {
        let number: u64;
        // SAFETY: privileged; it changes the controller's state only.
        unsafe { asm!("mrs {}, ICC_IAR1_EL1", "dsb sy", out(reg) number, options(nostack)) };
        number as u32
    }

    /// Ends it: writing ICC_EOIR1_EL1 does.
    pub fn end(&self, line: u32) {
        // SAFETY: as in `claim`.
        unsafe { asm!("msr ICC_EOIR1_EL1, {}", "isb", in(reg) u64::from(line), options(nostack)) };
    }
}

/// The redistributor of this processor.
///
/// # Safety
///
/// Redistributors must be mapped in the direct map, one behind the other from the start of `range`.
unsafe fn find(range: Range<PhysAddr>) -> Option<&'static Redistributor> {
    let step = size_of::<Redistributor>() as u64;
    let mut address = range.start;
    while address + step <= range.end {
        // SAFETY: the caller promises it.
        let redistributor = unsafe { &*address.as_ptr::<Redistributor>() };
        let kind = redistributor.TYPER.get();
        if kind >> 32 == packed(affinity()) {
            return Some(redistributor);
        }
        if kind & LAST != 0 {
            return None;
        }
        address = address + step;
    }
    None
}

/// The number of this processor: Aff3 in bits 39 to 32, Aff2 to Aff0 in bits 23 to 0.
fn affinity() -> u64 {
    MPIDR_EL1.get() & 0xff_00ff_ffff
}

/// The same in 32 bits.
fn packed(affinity: u64) -> u64 {
    affinity >> 32 << 24 | affinity & 0xff_ffff
}

/// Makes this processor hear interrupts by system registers.
fn init_interface() {
    // SAFETY: privileged; the processor has these registers, since it has this controller.
    unsafe {
        asm!(
            "mrs {value}, ICC_SRE_EL1",
            "orr {value}, {value}, #1",         // system registers, not memory
            "msr ICC_SRE_EL1, {value}",
            "isb",
            "mov {value}, #0xff",
            "msr ICC_PMR_EL1, {value}",         // nothing is held back
            "msr ICC_CTLR_EL1, xzr",            // to end is to end
            "mov {value}, #1",
            "msr ICC_IGRPEN1_EL1, {value}",     // group 1 comes
            "isb",
            value = out(reg) _,
            options(nostack),
        );
    }
}
