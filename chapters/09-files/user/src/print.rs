//! Printing, with the names that everybody knows.
//!
//! What one call prints goes to the kernel in one piece, as far as it fits into a buffer, since
//! another program may print as well, and nobody wants to read two lines letter by letter in turn.

use core::fmt::{self, Write};

use crate::syscall::{self, Errno};

/// Prints to the standard output.
#[macro_export]
macro_rules! print {
    ($($argument:tt)*) => {
        $crate::print($crate::syscall::STDOUT, ::core::format_args!($($argument)*))
    };
}

/// Prints a line to the standard output.
#[macro_export]
macro_rules! println {
    () => { $crate::print!("\n") };
    ($($argument:tt)*) => { $crate::print!("{}\n", ::core::format_args!($($argument)*)) };
}

/// Prints `text` to `descriptor`.
///
/// # Panics
///
/// When the kernel does not take it.
pub fn print(descriptor: usize, text: fmt::Arguments) {
    if let Err(error) = try_print(descriptor, text) {
        panic!("cannot print to descriptor {descriptor}: {error}");
    }
}

/// Prints `text` to `descriptor`, or says why not.
pub(crate) fn try_print(descriptor: usize, text: fmt::Arguments) -> Result<(), Errno> {
    let mut buffer = Buffer { descriptor, bytes: [0; 256], length: 0, outcome: Ok(()) };
    // The error has no contents: `outcome` has them.
    let _ = buffer.write_fmt(text);
    buffer.flush();
    buffer.outcome
}

/// Text on its way to the kernel.
struct Buffer {
    descriptor: usize,
    bytes: [u8; 256],
    length: usize,
    outcome: Result<(), Errno>,
}

impl Buffer {
    /// Hands the kernel all that is there.
    fn flush(&mut self) {
        let mut rest = &self.bytes[..self.length];
        while !rest.is_empty() && self.outcome.is_ok() {
            match syscall::write(self.descriptor, rest) {
                Ok(count) => rest = &rest[count.min(rest.len())..],
                Err(error) => self.outcome = Err(error),
            }
        }
        self.length = 0;
    }
}

impl Write for Buffer {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            if self.length == self.bytes.len() {
                self.flush();
            }
            self.bytes[self.length] = byte;
            self.length += 1;
        }
        self.outcome.map_err(|_| fmt::Error)
    }
}
