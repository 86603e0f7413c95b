//! Interrupts: devices that ask for attention, and the right not to be disturbed.
//!
//! A device raises a line. The controller passes it on to the processor, which leaves whatever it
//! was doing between two instructions and comes to [`handle`].
//!
//! ```text
//!  device ──── line ────> controller ── interrupt ──> processor ── trap ──> handle
//!     ^                       ^                                               |
//!     '────── 1. answer ──────│───────────────────────────────────────────────│
//!                             '─────── 2. end ────────────────────────────────'
//! ```
//!
//! The order of the two ways back matters. Most lines stay raised until the device is answered.
//! Were the interrupt ended first, the controller would find the line still raised, and interrupt
//! once more as soon as it may. Until it is ended, it lets nothing through that is not more urgent.
//!
//! Between any two instructions also means: between two instructions that change something which
//! the handler changes, too. So whoever shares anything with a handler is [`Masked`] meanwhile. A
//! lock sees to that by itself.

use core::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use crate::{arch, input, scheduler, timer};

/// What an interrupt is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The timer's time has come.
    Timer,
    /// Somebody has typed.
    Input,
    /// Nothing any more: the line was let go before the processor came to ask.
    Spurious,
    /// A line that nobody has enabled.
    Unknown,
}

/// An interrupt that the processor has taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interrupt {
    /// The number by which the controller knows it.
    pub line: u32,
    /// What it is about.
    pub source: Source,
}

/// How many interrupts there were, of each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statistics {
    /// From the timer.
    pub timer: u64,
    /// From devices that somebody types on.
    pub input: u64,
    /// From nobody.
    pub spurious: u64,
}

static TIMER: AtomicU64 = AtomicU64::new(0);
static INPUT: AtomicU64 = AtomicU64::new(0);
static SPURIOUS: AtomicU64 = AtomicU64::new(0);

/// Makes devices heard: from here on there are interrupts. `boot` is the address that the loader
/// passed.
///
/// # Panics
///
/// When there is no interrupt controller that this kernel knows: it would wait for ever.
///
/// # Safety
///
/// `boot` must be what the loader passed. Traps must be handled. This must be called once.
pub unsafe fn init(boot: usize) {
    // SAFETY: the caller promises the same.
    if let Err(error) = unsafe { arch::init_interrupts(boot) } {
        panic!("cannot set up interrupts: {error}");
    }
    arch::unmask_interrupts();
    timer::init();
    input::init();
}

/// Does what `interrupt` asks for, and ends it.
pub fn handle(interrupt: Interrupt) {
    let count = match interrupt.source {
        Source::Timer => {
            timer::tick();
            scheduler::tick();
            &TIMER
        }
        Source::Input => {
            input::receive();
            input::terminal::feed();
            &INPUT
        }
        Source::Spurious => {
            // None was begun, so there is none to end.
            SPURIOUS.fetch_add(1, Ordering::Relaxed);
            return;
        }
        Source::Unknown => panic!("nobody waits for interrupt {}", interrupt.line),
    };
    count.fetch_add(1, Ordering::Relaxed);
    scheduler::interrupt_came();
    arch::end_interrupt(interrupt.line);
}

/// Counts.
pub fn statistics() -> Statistics {
    let [timer, input, spurious] =
        [&TIMER, &INPUT, &SPURIOUS].map(|count| count.load(Ordering::Relaxed));
    Statistics { timer, input, spurious }
}

/// How many [`Masked`] there are.
static DEPTH: AtomicUsize = AtomicUsize::new(0);

/// Whether interrupts were unmasked before the first of them.
static WERE_UNMASKED: AtomicBool = AtomicBool::new(false);

/// The right not to be interrupted, as long as it lives.
///
/// They are counted, so it does not matter in which order several are dropped: with the last one
/// interrupts are again as they were before the first.
#[derive(Debug)]
#[must_use = "interrupts are masked as long as it lives"]
pub struct Masked(());

impl Masked {
    /// Masks interrupts.
    pub fn new() -> Self {
        let were_unmasked = arch::mask_interrupts();
        // Nothing comes between the next lines any more, so plain loads and stores will do.
        let depth = DEPTH.load(Ordering::Relaxed);
        if depth == 0 {
            WERE_UNMASKED.store(were_unmasked, Ordering::Relaxed);
        }
        DEPTH.store(depth + 1, Ordering::Relaxed);
        Self(())
    }

    /// Whether it is the only one, and was not made by a handler: then interrupts may be let come
    /// while its owner sleeps, and find nothing half done.
    pub fn is_alone(&self) -> bool {
        DEPTH.load(Ordering::Relaxed) == 1 && WERE_UNMASKED.load(Ordering::Relaxed)
    }
}

impl Drop for Masked {
    fn drop(&mut self) {
        let depth = DEPTH.load(Ordering::Relaxed) - 1;
        DEPTH.store(depth, Ordering::Relaxed);
        if depth == 0 && WERE_UNMASKED.load(Ordering::Relaxed) {
            scheduler::preempt();
            arch::unmask_interrupts();
        }
    }
}

impl Masked {
    /// Whether there is no other.
    pub fn is_only_one(&self) -> bool {
        DEPTH.load(Ordering::Relaxed) == 1
    }

    /// Calls `act`, during which others have the processor, each with one of its own. This one is
    /// afterwards what it was.
    pub fn across(&self, act: impl FnOnce()) {
        let were_unmasked = WERE_UNMASKED.load(Ordering::Relaxed);
        assert_eq!(DEPTH.load(Ordering::Relaxed), 1, "nobody may leave while a lock is held");
        act();
        WERE_UNMASKED.store(were_unmasked, Ordering::Relaxed);
    }

    /// Drops the one of whoever was left, for somebody who has not run yet and may be interrupted.
    ///
    /// # Safety
    ///
    /// Nothing that the new one has done relies on it.
    pub unsafe fn begin() {
        WERE_UNMASKED.store(true, Ordering::Relaxed);
        drop(Self(()));
    }

    /// Drops the one of somebody who never will.
    ///
    /// # Safety
    ///
    /// There is one that is never dropped.
    pub unsafe fn abandon() {
        drop(Self(()));
    }
}

#[cfg(feature = "ktest")]
#[path = "interrupts/tests.rs"]
pub(crate) mod tests;
