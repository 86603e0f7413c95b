//! The end of a program that found a bug in itself: a message, and the status that Rust's programs
//! end with everywhere.

use core::panic::PanicInfo;

use crate::print::try_print;
use crate::syscall::{STDERR, exit};

/// The status after a panic.
const STATUS: i32 = 101;

/// Says what happened and where, and ends the program.
#[panic_handler]
fn panic(info: &PanicInfo) -> ! {
    // If nobody takes the message, the status is all that is left.
    let _ = match info.location() {
        Some(place) => {
            try_print(STDERR, format_args!("panicked at {place}:\n{}\n", info.message()))
        }
        None => try_print(STDERR, format_args!("panicked: {}\n", info.message())),
    };
    exit(STATUS)
}
