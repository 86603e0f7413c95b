//! The 16550 serial port, COM1 of every PC.

use uart_16550::backend::PioBackend;
use uart_16550::spec::registers::IER;
use uart_16550::{BaudRate, Config, Uart16550};

use crate::config;

/// The serial port; the one owner of its registers.
pub struct Serial {
    port: Uart16550<PioBackend>,
}

impl Serial {
    /// Sets the port up: 115200 baud, 8 data bits, no parity, FIFOs on.
    ///
    /// # Panics
    ///
    /// When there is no 16550 at the port.
    pub fn new() -> Self {
        // SAFETY: privileged; `build-config.toml` gives the number of the port. Two users could
        // garble each other's text, but no memory.
        let port = unsafe { Uart16550::new_port(config::UART as u16) };
        let mut port = port.expect("eight ports follow a port number below 0xfff8");
        let settings = Config {
            baud_rate: BaudRate::Baud115200,
            // What comes in interrupts, as soon as somebody listens.
            interrupts: IER::DATA_READY,
            ..Config::default()
        };
        port.init(settings).expect("a PC has a 16550 at COM1");
        Self { port }
    }

    /// Sends `byte`, as soon as there is room for it.
    pub fn write_byte(&mut self, byte: u8) {
        self.port.send_bytes_exact(&[byte]);
    }

    /// Takes the next byte that came in, if there is one.
    pub fn read_byte(&mut self) -> Option<u8> {
        self.port.try_receive_byte().ok()
    }
}
