//! What the clock and those who wait for it promise.

use core::time::Duration;

use super::{duration, now, sleep_until, ticks, wait};
use crate::config;
use crate::interrupts::Masked;

/// From tick to tick.
const TICK: Duration = Duration::from_nanos(1_000_000_000 / config::TICK_HERTZ as u64);

/// When the next tick comes, and its number.
fn next_tick() -> (Duration, u64) {
    let next = ticks() + 1;
    wait(|| (ticks() >= next).then(|| (now(), ticks())))
}

ktest::test! {
    /// A count becomes the time that it takes, to the nanosecond, however large it is.
    fn counts_become_durations() {
        assert_eq!(duration(0, 62_500_000), Duration::ZERO);
        assert_eq!(duration(1, 62_500_000), Duration::from_nanos(16));
        assert_eq!(duration(3, 1_000_000_007), Duration::from_nanos(2));
        assert_eq!(duration(1_000_000_007, 1_000_000_007), Duration::from_secs(1));
        let century = duration(5_000_000_000 * 3_155_760_000 - 1, 5_000_000_000);
        assert_eq!(century, Duration::new(3_155_759_999, 999_999_999));
    }

    /// Time does not go backwards, and does not stand still.
    fn time_goes_on() {
        let start = now();
        let mut last = start;
        for _ in 0..1000 {
            let time = now();
            assert!(time >= last);
            last = time;
        }
        assert!(last > start);
    }

    /// The clock and the ticks agree on how long a second is, to a hundredth.
    fn ticks_are_as_long_as_they_should_be() {
        let (first, start) = (ticks(), now());
        sleep_until(start + 20 * TICK);
        let count = ticks() - first;
        assert!((19..=21).contains(&count), "{count} ticks");
        let time = now() - start;
        assert!(time.abs_diff(20 * TICK) <= TICK + TICK / 100, "{time:?} for {count} ticks");
    }

    /// Who sleeps does not wake early, and not later than a tick after the time.
    fn sleep_ends_in_time() {
        for part in [1, 2, 5, 7, 10] {
            let deadline = now() + 3 * TICK * part / 10;
            sleep_until(deadline);
            let late = now().checked_sub(deadline);
            let late = late.expect("nobody wakes before the time");
            assert!(late <= TICK + TICK / 100, "{late:?} late");
        }
    }

    /// Who sleeps until a time that is over does not sleep.
    fn sleep_until_the_past_is_none() {
        let (start, before) = (now(), ticks());
        sleep_until(Duration::ZERO);
        sleep_until(start);
        assert!(ticks() - before <= 1);
    }

    /// Who holds a lock must not wait: what interrupts would find the lock taken.
    #[must_die("panic: nobody may wait while interrupts are masked")]
    fn nobody_waits_with_a_lock() {
        let lock = crate::sync::Lock::new(());
        let _guard = lock.lock();
        sleep_until(now() + TICK);
    }

    /// What comes between the last look and the sleep ends the sleep at once.
    fn nothing_is_slept_through() {
        let (start, tick) = next_tick();
        let due = start + 3 * TICK / 2;
        let woken = wait(|| {
            let has_come = ticks() > tick;
            // The tick comes meanwhile: after the look.
            while !has_come && now() < due {}
            has_come.then(now)
        });
        assert!(woken < due + TICK / 4, "{:?} late", woken - due);
    }

    /// A tick that is served late does not make the next ones late.
    fn late_ticks_do_not_add_up() {
        let (start, tick) = next_tick();
        let masked = Masked::new();
        while now() < start + 3 * TICK / 2 {}
        drop(masked);
        let third = wait(|| (ticks() >= tick + 3).then(now));
        assert!((third - start).abs_diff(3 * TICK) < TICK / 4, "{:?}", third - start);
    }

    /// Waiting costs a few instructions a tick, and not all there are.
    fn waiting_does_not_spin() {
        let mut looks = 0_u64;
        let end = ticks() + 10;
        wait(|| {
            looks += 1;
            (ticks() >= end).then_some(())
        });
        assert!(looks <= 20, "looked {looks} times in 10 ticks");
    }
}
