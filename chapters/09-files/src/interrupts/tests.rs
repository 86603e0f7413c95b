//! What interrupts promise, and those who mask them.

use core::time::Duration;

use super::{Interrupt, Masked, Source, handle, statistics};
use crate::sync::Lock;
use crate::{arch, config, input, timer};

/// Whether interrupts are masked; asks the processor by masking them.
fn are_masked() -> bool {
    let were_unmasked = arch::mask_interrupts();
    if were_unmasked {
        arch::unmask_interrupts();
    }
    !were_unmasked
}

/// Runs with a timer of `hertz`, then with the usual one again.
pub(crate) fn with_timer<T>(hertz: u32, act: impl FnOnce() -> T) -> T {
    arch::start_timer(hertz);
    let result = act();
    arch::start_timer(config::TICK_HERTZ);
    result
}

/// When the tick number `tick` was noticed.
fn time_of_tick(tick: u64) -> Duration {
    timer::wait(|| (timer::ticks() >= tick).then(timer::now))
}

ktest::test! {
    /// Once all is set up, interrupts come.
    fn interrupts_are_unmasked() {
        assert!(!are_masked());
    }

    /// In whichever order two are dropped: the second one unmasks.
    fn last_of_masked_unmasks() {
        let first = Masked::new();
        let second = Masked::new();
        assert!(are_masked());
        drop(first);
        assert!(are_masked());
        drop(second);
        assert!(!are_masked());
    }

    /// A lock that is taken while interrupts are masked leaves them so.
    fn lock_leaves_masked_what_was_masked() {
        let lock = Lock::new(());
        assert!(arch::mask_interrupts());
        drop(lock.lock());
        assert!(are_masked());
        arch::unmask_interrupts();
    }

    /// With a lock that is freed by force, interrupts come again.
    fn forced_lock_unmasks() {
        let lock = Lock::new(());
        core::mem::forget(lock.lock());
        assert!(are_masked());
        // SAFETY: the only guard is forgotten, and the value is `()`.
        unsafe { lock.force_unlock() };
        assert!(!are_masked());
    }

    /// As long as a lock is held nothing interrupts; afterwards what had to wait comes.
    fn lock_masks_interrupts() {
        let lock = Lock::new(());
        let guard = lock.lock();
        assert!(are_masked());
        let before = timer::ticks();
        let end = timer::now() + Duration::from_secs(2) / config::TICK_HERTZ;
        while timer::now() < end {}
        assert_eq!(timer::ticks(), before);
        drop(guard);
        assert!(!are_masked());
        timer::wait(|| (timer::ticks() > before).then_some(()));
    }

    /// A handler that takes a lock finds it free, however often it comes.
    fn handlers_never_find_a_lock_taken() {
        const COUNT: usize = 20_000;
        let before = statistics().input;
        ktest::type_to_me(COUNT, 7);
        let mut count = 0;
        while count < COUNT {
            // The handler of input takes the console's lock, as this does.
            print!("");
            count += usize::from(input::next_byte().is_some());
        }
        assert!(statistics().input > before);
    }

    /// An interrupt of nobody's is counted, and not ended.
    fn spurious_interrupts_are_counted() {
        let before = statistics();
        let _masked = Masked::new();
        handle(Interrupt { line: 1023, source: Source::Spurious });
        let after = statistics();
        assert_eq!(after.spurious, before.spurious + 1);
        assert_eq!((after.timer, after.input), (before.timer, before.input));
    }

    /// An interrupt of a line that nobody enabled is a bug.
    #[must_die("panic: nobody waits for interrupt 77")]
    fn unknown_interrupts_are_a_bug() {
        handle(Interrupt { line: 77, source: Source::Unknown });
    }

    /// A lock that is taken twice is told, and from where.
    #[must_die("`second_lock_is_told")]
    fn second_lock_is_told() {
        let lock = Lock::new(());
        let _first = lock.lock();
        let _second = lock.lock();
    }

    /// In ten thousand ticks that come as fast as this, none is lost.
    fn storm_loses_no_tick() {
        const TICKS: u64 = 10_000;
        const HERTZ: u32 = 20_000;
        let (elapsed, most) = with_timer(HERTZ, || {
            let next = timer::ticks() + 1;
            let start = time_of_tick(next);
            let (mut last, mut most) = (start, Duration::ZERO);
            for tick in 1..=TICKS {
                let now = time_of_tick(next + tick);
                most = most.max(now - last);
                last = now;
            }
            (last - start, most)
        });
        let wanted = Duration::from_secs(TICKS) / HERTZ;
        // A timer cannot divide its clock by any number; ours are right to a hundredth.
        assert!(elapsed.abs_diff(wanted) < wanted / 100, "{elapsed:?}, not {wanted:?}");
        let late = most.saturating_sub(elapsed / TICKS as u32).as_nanos();
        println!("storm: from interrupt to whoever waits at most {late} instructions late");
        assert!(late < 20_000, "{late} instructions");
    }
}
