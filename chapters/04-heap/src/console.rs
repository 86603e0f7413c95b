//! The console: text on the serial port, by `print!` and `println!`.
//!
//! The port is set up by the first character, so that whatever goes wrong early can still be said.

use core::fmt::{self, Write};

use crate::arch::Serial;
use crate::sync::Lock;

/// Protects the serial port. Nothing else may be locked while it is held.
static CONSOLE: Lock<Option<Serial>> = Lock::new(None);

/// Prints to the console.
#[macro_export]
macro_rules! print {
    ($($text:tt)*) => { $crate::console::print(format_args!($($text)*)) };
}

/// Prints to the console, and ends the line.
#[macro_export]
macro_rules! println {
    () => { $crate::print!("\n") };
    ($($text:tt)*) => { $crate::console::print(format_args!("{}\n", format_args!($($text)*))) };
}

/// Prints `text`. The console is locked meanwhile: whatever `text` calls must not print.
pub fn print(text: fmt::Arguments) {
    let mut console = CONSOLE.lock();
    let serial = console.get_or_insert_with(Serial::new);
    // `Terminal` itself never fails; an error comes from a `Display` in `text`, which has printed
    // what it could.
    let _ = Terminal(serial).write_fmt(text);
}

/// Frees the console for a last message.
///
/// # Safety
///
/// Whoever was printing never runs again.
pub unsafe fn force_unlock() {
    // SAFETY: the caller sees to it that the holder never runs again; a serial port between two
    // bytes is usable.
    unsafe { CONSOLE.force_unlock() };
}

/// Turns lines into what a terminal wants: it goes to the left edge only when told to.
struct Terminal<'a>(&'a mut Serial);

impl Write for Terminal<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.bytes().for_each(|byte| self.write_byte(byte));
        Ok(())
    }
}

impl Terminal<'_> {
    fn write_byte(&mut self, byte: u8) {
        if byte == b'\n' {
            self.0.write_byte(b'\r');
        }
        self.0.write_byte(byte);
    }
}

#[cfg(feature = "ktest")]
mod tests {
    use core::fmt;

    ktest::test! {
        /// Printing from inside a value that is being printed is found out, and still said.
        #[must_die("deadlock: this lock is already taken")]
        fn printing_while_printing_is_a_deadlock() {
            struct Nested;
            impl fmt::Display for Nested {
                fn fmt(&self, _: &mut fmt::Formatter) -> fmt::Result {
                    println!("inner");
                    Ok(())
                }
            }
            println!("outer {Nested}");
        }
    }
}
