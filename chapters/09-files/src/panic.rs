//! The end of a kernel that found a bug in itself: what happened, where, and a status that is not
//! success.

use core::panic::PanicInfo;
use core::sync::atomic::{AtomicBool, Ordering};

use crate::arch::{self, Status};
use crate::interrupts::Masked;
use crate::{backtrace, console};

/// Whether a panic is being told already.
static IS_PANICKING: AtomicBool = AtomicBool::new(false);

/// Prints the message and the place, and ends the run.
#[panic_handler]
fn panic(info: &PanicInfo) -> ! {
    // A panic while printing a panic must not try again.
    if IS_PANICKING.load(Ordering::Relaxed) {
        arch::power_off(Status::Failure);
    }
    IS_PANICKING.store(true, Ordering::Relaxed);

    // Nothing comes in between any more.
    core::mem::forget(Masked::new());

    // SAFETY: a panic never returns to whoever was printing.
    unsafe { console::force_unlock() };
    println!("panic: {}", info.message());
    if let Some(place) = info.location() {
        println!("  at {place}");
    }
    backtrace::print(arch::frame_pointer());
    println!("  power-off with status {}", Status::Failure as u32);
    arch::power_off(Status::Failure)
}

#[cfg(feature = "ktest")]
mod tests {
    use core::fmt;

    ktest::test! {
        /// A panic gives its message.
        #[must_die("panic: 6 * 7 is not 43")]
        fn panic_gives_its_message() {
            panic!("6 * 7 is not {}", 43);
        }

        /// A panic gives its file.
        #[must_die("  at chapters/")]
        fn panic_gives_its_place() {
            panic!("somewhere");
        }

        /// A panic says how it ends.
        #[must_die("power-off with status 35")]
        fn panic_says_its_status() {
            panic!("for the words");
        }

        /// A panic ends the run with a failure.
        #[must_die("ended with status 35")]
        fn panic_is_a_failure() {
            panic!("for the status");
        }

        /// A message that itself panics cannot keep the kernel from ending.
        #[must_die("ended with status 35")]
        fn panic_within_a_panic_ends() {
            struct Bomb;
            impl fmt::Display for Bomb {
                fn fmt(&self, _: &mut fmt::Formatter) -> fmt::Result {
                    panic!("inner {Bomb}");
                }
            }
            panic!("outer {Bomb}");
        }
    }
}
