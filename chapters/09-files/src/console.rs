//! The console: text on the serial port, by `print!` and `println!`.
//!
//! The port is set up by the first character, so that whatever goes wrong early can still be said.

use core::fmt::{self, Write};

use core::sync::atomic::{AtomicBool, Ordering};

use crate::arch::Serial;
use crate::sync::Lock;

/// Protects the serial port. Nothing else may be locked while it is held.
static CONSOLE: Lock<Option<Serial>> = Lock::new(None);

/// Whether there are marks around what the kernel says: then whoever listens can take it out of
/// what programs print. The marks are the control characters "shift out" and "shift in", and "data
/// link escape" stands before each of the three in what a program prints.
static IS_MARKED: AtomicBool = AtomicBool::new(false);

const BEGIN: u8 = 0x0e;
const END: u8 = 0x0f;
const QUOTE: u8 = 0x10;

/// Marks from now on what the kernel says.
pub fn mark() {
    IS_MARKED.store(true, Ordering::Relaxed);
}

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
    let is_marked = IS_MARKED.load(Ordering::Relaxed);
    if is_marked {
        serial.write_byte(BEGIN);
    }
    // `Terminal` itself never fails; an error comes from a `Display` in `text`, which has printed
    // what it could.
    let _ = Terminal(serial).write_fmt(text);
    if is_marked {
        serial.write_byte(END);
    }
}

/// Takes a byte that was typed, if there is one. Before the first character is printed, nobody
/// listens.
pub fn read_byte() -> Option<u8> {
    CONSOLE.lock().as_mut()?.read_byte()
}

/// Prints `bytes`, whatever they are, as text.
pub fn print_bytes(bytes: &[u8]) {
    let mut console = CONSOLE.lock();
    let mut terminal = Terminal(console.get_or_insert_with(Serial::new));
    let is_marked = IS_MARKED.load(Ordering::Relaxed);
    for byte in bytes {
        if is_marked && matches!(*byte, BEGIN..=QUOTE) {
            terminal.write_byte(QUOTE);
        }
        terminal.write_byte(*byte);
    }
}

/// Sends `byte` as it is.
pub fn print_byte(byte: u8) {
    let mut console = CONSOLE.lock();
    let serial = console.get_or_insert_with(Serial::new);
    if IS_MARKED.load(Ordering::Relaxed) && matches!(byte, BEGIN..=QUOTE) {
        serial.write_byte(QUOTE);
    }
    serial.write_byte(byte);
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
