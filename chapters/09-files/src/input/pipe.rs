//! A pipe whose other end is whatever types: bytes for programs, as they are.
//!
//! Who gives a program a file to read wants no echo of it, and no byte of it to mean anything. But
//! the wire is the one that keys come by, and has no end. So two bytes mean something, and are
//! quoted where they are meant as themselves: `^V` quotes, and `^D` is the end.

use super::ring::Ring;

const QUOTE: u8 = 0x16;
const END: u8 = 0x04;

/// What was sent and not read, and whether more can come.
pub struct Pipe {
    bytes: Ring,
    is_quoted: bool,
    has_ended: bool,
}

impl Pipe {
    /// An empty one.
    pub const fn new() -> Self {
        Self { bytes: Ring::new(), is_quoted: false, has_ended: false }
    }

    /// Whether another byte is accepted.
    pub fn has_room(&self) -> bool {
        !self.bytes.is_full()
    }

    /// Takes `byte` in. Behind the end there is nothing.
    ///
    /// # Panics
    ///
    /// When there is no room.
    pub fn receive(&mut self, byte: u8) {
        let is_quoted = core::mem::take(&mut self.is_quoted);
        match byte {
            _ if self.has_ended => {}
            QUOTE if !is_quoted => self.is_quoted = true,
            END if !is_quoted => self.has_ended = true,
            _ => self.bytes.push(byte).expect("whoever calls has looked for room"),
        }
    }

    /// Takes what is there into `buffer`.
    pub fn take(&mut self, buffer: &mut [u8]) -> usize {
        let mut count = 0;
        while count < buffer.len()
            && let Some(byte) = self.bytes.pop()
        {
            buffer[count] = byte;
            count += 1;
        }
        count
    }

    /// How many bytes may be read.
    pub fn readable(&self) -> usize {
        self.bytes.len()
    }

    /// Whether nothing comes any more.
    pub fn has_ended(&self) -> bool {
        self.has_ended
    }
}
