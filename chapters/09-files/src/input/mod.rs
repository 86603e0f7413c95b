//! Input: what is typed, from the interrupt to the line.
//!
//! ```text
//!  serial port ─┐                                            .─> next_byte
//!               ├── interrupt ──> receive ──> ring ──────────┤
//!  keyboard ────┘                                            '─> read_line, with echo
//! ```
//!
//! The handler only moves bytes from the device to the ring: a device can hold few, and the next
//! ones come whether anybody is ready or not. When the ring is full the handler does not throw
//! bytes away. It stops listening instead; the device then holds them back, and the sender behind
//! it, if there is flow control. Whoever has read all that was there listens again.

use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;

pub mod discipline;
pub mod line;
pub mod pipe;
#[cfg_attr(exercise = "05-ring", path = "../../../05-interrupts/exercises/3-ring/mod.rs")]
pub mod ring;
pub mod settings;
pub mod terminal;

use crate::interrupts::Masked;
use crate::{arch, console, timer};
use line::{Echo, Line};
use ring::Ring;

/// What was typed and not read yet. Handlers push; whoever holds the only [`Masked`] pops.
static TYPED: Ring = Ring::new();

/// Whether the devices are not listened to, since the ring was full.
static IS_MUTED: AtomicBool = AtomicBool::new(false);

/// Begins to listen.
pub fn init() {
    IS_MUTED.store(true, Ordering::Relaxed);
    let _masked = Masked::new();
    listen();
}

/// Takes what the devices have: the interrupt of those that somebody types on.
pub fn receive() {
    while !TYPED.is_full() {
        let Some(byte) = console::read_byte().or_else(arch::read_keyboard) else { return };
        // There is room: nobody else pushes.
        let _ = TYPED.push(byte);
    }
    IS_MUTED.store(true, Ordering::Relaxed);
    arch::mute_input();
}

/// Listens again if the ring was full, and takes what the devices have held back: they may have
/// asked while nobody listened, and some ask only once.
fn listen() {
    if IS_MUTED.swap(false, Ordering::Relaxed) {
        arch::unmute_input();
        receive();
    }
}

/// Takes the next byte that was typed, if there is one.
pub fn next_byte() -> Option<u8> {
    let _masked = Masked::new();
    TYPED.pop().or_else(|| {
        listen();
        TYPED.pop()
    })
}

/// Waits for a byte, but not beyond `deadline`.
pub fn read_byte_until(deadline: Duration) -> Option<u8> {
    timer::wait(|| match next_byte() {
        None if timer::now() < deadline => None,
        byte => Some(byte),
    })
}

/// Reads a line and shows it meanwhile. `None` if nothing is typed for as long as `patience`.
pub fn read_line(patience: Duration) -> Option<Line> {
    let mut line = Line::new();
    loop {
        let byte = read_byte_until(timer::now() + patience)?;
        match line.key(byte) {
            Echo::Nothing => {}
            Echo::Byte(byte) => console::print_byte(byte),
            Echo::Erase(count) => (0..count).for_each(|_| print!("\x08 \x08")),
            Echo::End => {
                println!();
                return Some(line);
            }
        }
    }
}

#[cfg(feature = "ktest")]
mod tests;
