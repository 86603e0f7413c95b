//! The PL011 serial port.
//!
//! QEMU's takes characters as it comes; a real one must first be told the frame (8 data bits, no
//! parity) and be switched on. Its speed is left as the firmware set it, since that depends on a
//! clock that only the firmware knows. (Arm DDI 0183, 3.)

use tock_registers::interfaces::{Readable, Writeable};
use tock_registers::registers::{ReadOnly, ReadWrite};
use tock_registers::{register_bitfields, register_structs};

use crate::config;
use crate::memory::address::PhysAddr;

register_bitfields! { u32,
    /// Flags.
    FR [
        /// The transmit FIFO is full.
        TXFF OFFSET(5) NUMBITS(1) [],
        /// The receive FIFO is empty.
        RXFE OFFSET(4) NUMBITS(1) [],
        /// Characters are still on their way out.
        BUSY OFFSET(3) NUMBITS(1) [],
    ],
    /// Line control.
    LCR_H [
        /// The FIFOs are used.
        FEN OFFSET(4) NUMBITS(1) [],
        /// Data bits in a frame.
        WLEN OFFSET(5) NUMBITS(2) [EightBits = 0b11],
    ],
    /// What interrupts.
    IMSC [
        /// The receive FIFO is half full.
        RXIM OFFSET(4) NUMBITS(1) [],
        /// It is not empty, and nothing has come for a while.
        RTIM OFFSET(6) NUMBITS(1) [],
    ],
    /// Control.
    CR [
        /// The port works at all.
        UARTEN OFFSET(0) NUMBITS(1) [],
        /// It sends.
        TXE OFFSET(8) NUMBITS(1) [],
        /// It receives.
        RXE OFFSET(9) NUMBITS(1) [],
    ],
}

register_structs! {
    #[allow(non_snake_case, reason = "the manual's names")]
    Registers {
        /// Data: a character to send, or one that was received.
        (0x000 => DR: ReadWrite<u32>),
        (0x004 => _reserved0),
        (0x018 => FR: ReadOnly<u32, FR::Register>),
        (0x01c => _reserved1),
        (0x02c => LCR_H: ReadWrite<u32, LCR_H::Register>),
        (0x030 => CR: ReadWrite<u32, CR::Register>),
        (0x034 => _reserved2),
        (0x038 => IMSC: ReadWrite<u32, IMSC::Register>),
        (0x03c => @END),
    }
}

/// The serial port; the one owner of its registers.
pub struct Serial {
    registers: &'static Registers,
}

// SAFETY: device registers belong to no processor in particular, and only the owner of the `Serial`
// uses them.
unsafe impl Send for Serial {}

impl Serial {
    /// Sets the port up: 8 data bits, no parity, FIFOs on. What arrives interrupts.
    pub fn new() -> Self {
        // SAFETY: direct map; `build-config.toml` gives the address of the port's registers. Two
        // users could garble each other's text, but no memory.
        let registers = unsafe { &*PhysAddr(config::UART as u64).as_ptr::<Registers>() };
        while registers.FR.is_set(FR::BUSY) {}
        registers.CR.set(0);
        registers.LCR_H.write(LCR_H::WLEN::EightBits + LCR_H::FEN::SET);
        registers.CR.write(CR::UARTEN::SET + CR::TXE::SET + CR::RXE::SET);
        registers.IMSC.write(IMSC::RXIM::SET + IMSC::RTIM::SET);
        Self { registers }
    }

    /// Sends `byte`, as soon as there is room for it.
    pub fn write_byte(&mut self, byte: u8) {
        while self.registers.FR.is_set(FR::TXFF) {}
        self.registers.DR.set(byte.into());
    }

    /// Takes a byte that has arrived, if there is one. The interrupt is answered when none is left.
    pub fn read_byte(&mut self) -> Option<u8> {
        let is_empty = self.registers.FR.is_set(FR::RXFE);
        (!is_empty).then(|| self.registers.DR.get() as u8)
    }
}
