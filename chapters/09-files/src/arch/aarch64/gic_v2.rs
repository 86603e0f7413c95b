//! The Generic Interrupt Controller, version 2.
//!
//! ```text
//!  lines ──> distributor ──> one interface per processor ──> IRQ
//!            which line,     what is most urgent, and
//!            to whom         more so than what is active
//! ```
//!
//! Arm IHI 0048B, 4.

use tock_registers::interfaces::{Readable, Writeable};
use tock_registers::register_structs;
use tock_registers::registers::{ReadOnly, ReadWrite, WriteOnly};

use crate::memory::address::PhysAddr;

register_structs! {
    #[allow(non_snake_case, reason = "the manual's names")]
    Distributor {
        /// Bit 0: pass interrupts on.
        (0x000 => CTLR: ReadWrite<u32>),
        (0x004 => _reserved0),
        /// A bit a line: writing a one enables it.
        (0x100 => ISENABLER: [ReadWrite<u32>; 32]),
        /// And disables it.
        (0x180 => ICENABLER: [ReadWrite<u32>; 32]),
        (0x200 => _reserved1),
        /// A byte a line: the lower, the more urgent.
        (0x400 => IPRIORITYR: [ReadWrite<u8>; 1024]),
        /// A byte a line: the processors to which it goes, a bit each. For the first 32, which
        /// every processor has for itself, reading says which one asks.
        (0x800 => ITARGETSR: [ReadWrite<u8>; 1024]),
        (0xc00 => @END),
    }
}

register_structs! {
    #[allow(non_snake_case, reason = "the manual's names")]
    Interface {
        /// Bit 0: interrupt the processor.
        (0x000 => CTLR: ReadWrite<u32>),
        /// What is not more urgent than this is held back.
        (0x004 => PMR: ReadWrite<u32>),
        (0x008 => _reserved0),
        /// Reading it takes the most urgent interrupt, and tells its number (bits 9 to 0).
        (0x00c => IAR: ReadOnly<u32>),
        /// Writing the number back ends it.
        (0x010 => EOIR: WriteOnly<u32>),
        (0x014 => @END),
    }
}

/// The bits of IAR that are the number.
const NUMBER: u32 = 0x3ff;

/// The first line that is not one processor's own.
const FIRST_SHARED: u32 = 32;

/// Between the most and the least urgent.
const PRIORITY: u8 = 0x80;

/// The controller.
pub struct Gic {
    distributor: &'static Distributor,
    interface: &'static Interface,
}

// SAFETY: the registers belong to no processor in particular. Each access is one that changes a
// line by itself, and the others are made once, in `new`.
unsafe impl Sync for Gic {}

// SAFETY: as above.
unsafe impl Send for Gic {}

impl Gic {
    /// Makes the controller pass interrupts on; all lines are disabled.
    ///
    /// # Safety
    ///
    /// A GICv2's registers must be mapped in the direct map, from these addresses on.
    pub unsafe fn new(distributor: PhysAddr, interface: PhysAddr) -> Self {
        // SAFETY: the caller promises it.
        let distributor = unsafe { &*distributor.as_ptr::<Distributor>() };
        // SAFETY: as above.
        let interface = unsafe { &*interface.as_ptr::<Interface>() };
        distributor.ICENABLER.iter().for_each(|lines| lines.set(!0));
        distributor.CTLR.set(1);
        interface.PMR.set(0xff);
        interface.CTLR.set(1);
        Self { distributor, interface }
    }

    /// Passes interrupts of `line` on, to this processor.
    pub fn enable(&self, line: u32) {
        let Self { distributor, .. } = self;
        distributor.IPRIORITYR[line as usize].set(PRIORITY);
        if line >= FIRST_SHARED {
            distributor.ITARGETSR[line as usize].set(distributor.ITARGETSR[0].get());
        }
        distributor.ISENABLER[line as usize / 32].set(1 << (line % 32));
    }

    /// Passes none of `line` on.
    pub fn disable(&self, line: u32) {
        self.distributor.ICENABLER[line as usize / 32].set(1 << (line % 32));
    }

    /// Takes the most urgent interrupt.
    pub fn claim(&self) -> u32 {
        self.interface.IAR.get() & NUMBER
    }

    /// Ends it.
    pub fn end(&self, line: u32) {
        self.interface.EOIR.set(line);
    }
}
