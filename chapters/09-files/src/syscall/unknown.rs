//! Calls that are not known, each told once: so that one sees what a program lacks. Numbers that
//! are beyond all of Linux's count as one call; the first of them is told.
//!
//! They are told at once, unless a program has the console to itself: nothing should stand among
//! what it prints. Then they are told when it has ended.
//!
//! One is known and not there. Every program of glibc asks for it at its start, and nobody needs to
//! read that it goes without.

use core::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use linux_raw_sys::errno::ENOSYS;
use linux_raw_sys::general::__NR_rseq as RSEQ;

use super::{Context, Descriptor, Errno, Kind};

/// The calls that are not there.
pub(super) const CALLS: &[Descriptor] =
    &[Descriptor::new(RSEQ, "rseq", &[Kind::Address, Kind::Size, Kind::Int, Kind::Address], rseq)];

/// Says where a thread keeps which processor it runs on, and what it is in the middle of.
///
/// Linux, if it is built with it: the kernel writes the processor there, and starts a sequence of
/// instructions anew that was interrupted. Without, ENOSYS, which C libraries are made for: they
/// ask `getcpu`. Here: ENOSYS, since what it saves are locks between processors, and there is one.
fn rseq(_: &mut Context) -> Result<usize, Errno> {
    Err(Errno(ENOSYS))
}

/// Numbers that are remembered one by one: those from 0 up to this.
const NUMBERS: u32 = 1024;

/// Numbers that were asked for.
struct Seen {
    /// A bit for each of the small ones.
    small: [AtomicU64; (NUMBERS / 64) as usize],
    /// The first of all others; 0, which is none of them, before there is one.
    large: AtomicU32,
}

/// Those that were asked for since the start.
static SEEN: Seen = Seen::new();

/// Whether they are told later.
static WAITS: AtomicBool = AtomicBool::new(false);

/// Notes that `number` was asked for, and tells it if that is new.
pub fn note(number: u32) {
    if SEEN.add(number) && !WAITS.load(Ordering::Relaxed) {
        tell(number);
    }
}

/// Keeps them until [`tell_all`].
pub fn wait() {
    WAITS.store(true, Ordering::Relaxed);
}

/// Tells all that were asked for.
pub fn tell_all() {
    SEEN.all().for_each(tell);
}

fn tell(number: u32) {
    println!("system call {number}: not known");
}

impl Seen {
    const fn new() -> Self {
        Self { small: [const { AtomicU64::new(0) }; 16], large: AtomicU32::new(0) }
    }

    /// Notes `number`; whether it is to be told.
    fn add(&self, number: u32) -> bool {
        if number >= NUMBERS {
            let order = Ordering::Relaxed;
            return self.large.compare_exchange(0, number, order, order).is_ok();
        }
        let bit = 1 << (number % 64);
        self.small[(number / 64) as usize].fetch_or(bit, Ordering::Relaxed) & bit == 0
    }

    /// All that are to be told, the smallest first.
    fn all(&self) -> impl Iterator<Item = u32> {
        let is_small = |number: &u32| {
            let word = self.small[(number / 64) as usize].load(Ordering::Relaxed);
            word & 1 << (number % 64) != 0
        };
        let large = Some(self.large.load(Ordering::Relaxed)).filter(|number| *number != 0);
        (0..NUMBERS).filter(is_small).chain(large)
    }
}

#[cfg(feature = "ktest")]
mod tests {
    use alloc::vec::Vec;

    use super::{NUMBERS, Seen};

    ktest::test! {
        /// Each number is told once, and as it is; of all that are beyond, the first.
        fn unknown_calls_are_told_once() {
            let seen = Seen::new();
            for number in [0, 7, 63, 64, NUMBERS - 1, u32::MAX] {
                assert!(seen.add(number), "{number}");
                assert!(!seen.add(number), "{number} again");
            }
            assert!(!seen.add(NUMBERS));
            assert_eq!(seen.all().collect::<Vec<_>>(), [0, 7, 63, 64, NUMBERS - 1, u32::MAX]);
        }
    }
}
