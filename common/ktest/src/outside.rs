//! What a test asks of the world outside: that the host types at its kernel.
//!
//! Nothing comes back on the channel for verdicts: that the kernel hears what was asked for is the
//! test. Time does not wait for the host: where instructions are counted, the clock of a machine
//! that sleeps leaps from tick to tick while the bytes are still on their way. So wait for the
//! bytes, and not for a time by which they must be there.

use core::sync::atomic::{AtomicU64, Ordering};

use crate::{chance, channel};

/// The number that starts every line to the host.
static NONCE: AtomicU64 = AtomicU64::new(0);

/// Remembers the run's nonce, which is a number in hexadecimal digits.
pub(crate) fn set_nonce(nonce: &str) {
    NONCE.store(u64::from_str_radix(nonce, 16).unwrap_or(0), Ordering::Relaxed);
}

/// Has the host write `count` bytes to the serial console: those that
/// [`Chance::new(salt)`](crate::Chance::new) gives by [`byte`](crate::Chance::byte). All values
/// come up, control characters too.
pub fn type_to_me(count: usize, salt: u64) {
    ask(format_args!("type {count} {}", chance::seed_for(salt)));
}

/// Has the host press `keys` one after the other, by QEMU's names for them, on the machine's
/// keyboard: `shift-h e l l o ret`. Those that a hyphen joins are held together. A machine without
/// a keyboard hears nothing.
pub fn press(keys: &str) {
    ask(format_args!("press {keys}"));
}

fn ask(wish: core::fmt::Arguments) {
    channel::say(format_args!("{:016x} {wish}\n", NONCE.load(Ordering::Relaxed)));
}
