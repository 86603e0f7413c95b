//! What is expected of sleepers and ticks that share one alarm. Time is counted in instructions.

use alloc::vec::Vec;
use core::array::from_fn;
use core::sync::atomic::Ordering;

use ktest::{Chance, expect};

use super::machine::counter_hertz;
use super::{
    Full, RINGS, ROOM, TURN, deadline, put_to_bed, sleep_us, ticks, wait, with_alarm, woken,
};
use crate::arch::counter;
use crate::interrupts::Masked;

/// The most nanoseconds, which are instructions, that somebody may be late. The reference solution
/// needs 8200 on aarch64 and 12 700 on x86_64, without optimisation, from the deadline to the
/// return of `sleep_us`.
const MOST_LATE: u64 = 40_000;

/// How much the counter counts in so many nanoseconds, rounded up.
fn count(nanoseconds: u64) -> u64 {
    (nanoseconds * (counter_hertz() / 1000)).div_ceil(1_000_000)
}

/// The most that somebody may be late, by the counter.
fn most_late() -> u64 {
    count(MOST_LATE)
}

/// Waits until all sleepers are woken, and says when.
fn wait_for_all() -> [u64; ROOM] {
    wait(|| (0..ROOM).all(|name| woken(name).is_some()).then_some(()));
    from_fn(|name| woken(name).expect("all are woken"))
}

/// Waits until the counter shows `time`, without sleep.
fn spin_until(time: u64) {
    while counter() < time {}
}

/// Expects `seen` to be no more than `most`.
fn at_most(input: impl core::fmt::Debug, seen: u64, most: u64) {
    expect((input, "at most", most), seen, seen.min(most));
}

/// Expects of each now, microseconds and hertz the deadline beside them.
fn expect_deadlines(cases: &[((u64, u64, u64), u64)]) {
    for &((now, microseconds, hertz), expected) in cases {
        let input = ("now", now, "microseconds", microseconds, "hertz", hertz);
        expect(input, deadline(now, microseconds, hertz), expected);
    }
}

ktest::test! {
    /// Nobody wakes before their time.
    fn nobody_wakes_early() {
        let mut chance = Chance::new(1);
        with_alarm(|_| {
            for _ in 0..20 {
                let microseconds = chance.below(15_000) as u64;
                let start = counter();
                sleep_us(microseconds);
                let elapsed = counter() - start;
                let least = count(microseconds * 1000);
                expect(("sleep_us", microseconds, "at least", least), elapsed, elapsed.max(least));
            }
        });
    }

    /// Nobody wakes late: it takes as much time as the handler does, whatever the ticks are doing.
    fn nobody_wakes_late() {
        let mut chance = Chance::new(2);
        let mut most = 0;
        with_alarm(|_| {
            for _ in 0..20 {
                let microseconds = chance.below(15_000) as u64;
                let wanted = deadline(counter(), microseconds, counter_hertz());
                sleep_us(microseconds);
                let late = counter() - wanted;
                most = most.max(late);
                at_most(("counts too late of sleep_us", microseconds), late, most_late());
            }
        });
        println!("sleep: at most {} of {} counts late", most, most_late());
    }

    /// Nothing is a time, too: it is over.
    fn what_is_over_is_over_at_once() {
        with_alarm(|_| {
            for _ in 0..3 {
                let start = counter();
                sleep_us(0);
                at_most("counts in sleep_us(0)", counter() - start, most_late());
                let start = counter();
                expect("a deadline that is long over", put_to_bed(0, 1), Ok(()));
                wait(|| woken(0));
                at_most("counts until it wakes", counter() - start, most_late());
            }
        });
    }

    /// Ticks come at their times, to the same bound, and none of them late for ever.
    fn ticks_come_in_time() {
        let mut chance = Chance::new(3);
        with_alarm(|interval| {
            let start = counter();
            let before = ticks();
            for tick in 1..=80 {
                // Somebody sleeps before the tick and somebody beyond it.
                let near = interval / 4 + chance.below(interval as usize / 2) as u64;
                let far = 2 * interval;
                for (name, time) in [(1, near), (2, far)] {
                    expect("two sleepers", put_to_bed(name, counter() + time), Ok(()));
                }
                wait(|| (ticks() >= before + tick).then_some(()));
                let late = (counter() - start).abs_diff(tick * interval);
                at_most(("counts from its time of tick", tick), late, most_late());
            }
        });
    }

    /// Ticks that were due while interrupts were masked are counted.
    fn no_tick_is_lost() {
        with_alarm(|interval| {
            let (before, start) = (ticks(), counter());
            for round in 1..=4 {
                let masked = Masked::new();
                spin_until(start + (5 * round - 2) * interval + interval / 2);
                drop(masked);
                let end = start + 5 * round * interval + interval / 2;
                expect("a sleeper", put_to_bed(3, end), Ok(()));
                wait(|| woken(3));
                expect(("ticks in so many intervals", 5 * round), ticks() - before, 5 * round);
            }
        });
    }

    /// Many sleep at once, and each is woken in time, in whatever order they went to bed.
    fn many_sleep_at_once() {
        let mut chance = Chance::new(4);
        with_alarm(|interval| {
            for _ in 0..4 {
                let start = counter() + count(400_000);
                let deadlines: [u64; ROOM] = from_fn(|_| {
                    // In the same slot of time as few others: those who are woken take time.
                    start + chance.below(100) as u64 * (interval / 40)
                });
                for (name, deadline) in deadlines.iter().enumerate() {
                    expect(("sleeper", name), put_to_bed(name, *deadline), Ok(()));
                }
                for (woken, deadline) in wait_for_all().iter().zip(deadlines) {
                    let late = woken.checked_sub(deadline);
                    expect("somebody of many: not early", late.is_some(), true);
                    at_most("counts too late of one of many", late.unwrap_or(0), 3 * most_late());
                }
            }
        });
    }

    /// Of those who are due at once, whoever wanted to be woken earlier is woken before the others.
    fn the_earliest_is_woken_first() {
        let mut chance = Chance::new(5);
        with_alarm(|interval| {
            let masked = Masked::new();
            let start = counter();
            let deadlines: [u64; ROOM] = from_fn(|name| {
                start + (1000 * chance.below(100) + name) as u64 * interval / 200_000
            });
            for (name, deadline) in deadlines.iter().enumerate() {
                expect(("sleeper", name), put_to_bed(name, *deadline), Ok(()));
            }
            spin_until(start + interval);
            drop(masked);
            wait_for_all();
            let mut names: Vec<usize> = (0..ROOM).collect();
            names.sort_by_key(|name| TURN[*name].load(Ordering::Relaxed));
            let order: Vec<u64> = names.iter().map(|name| deadlines[*name] - start).collect();
            let mut expected = order.clone();
            expected.sort_unstable();
            expect("deadlines of those who are due at once, as they are woken", order, expected);
        });
    }

    /// Whoever finds no room is told, and nobody else notices.
    fn who_finds_no_room_is_told() {
        with_alarm(|interval| {
            let start = counter();
            for name in 0..ROOM {
                expect(("sleeper", name), put_to_bed(name, start + interval), Ok(()));
            }
            expect("one more", put_to_bed(0, start + interval / 2), Err(Full));
            // The one that was refused had the name of one that was not: that one sleeps on.
            let first = wait_for_all().into_iter().min().expect("there is one");
            expect("when the first is woken, not early", first >= start + interval, true);
            sleep_us(1);
        });
    }

    /// The processor sleeps meanwhile: the alarm rings for somebody, or for a tick.
    fn the_alarm_rings_for_a_reason() {
        let mut chance = Chance::new(6);
        with_alarm(|_| {
            let before = (RINGS.load(Ordering::Relaxed), ticks());
            for _ in 0..20 {
                sleep_us(500 + chance.below(9_000) as u64);
            }
            let rings = RINGS.load(Ordering::Relaxed) - before.0;
            // It rings early only where somebody is on the way to set it, and here nobody is.
            at_most("rings in 20 sleeps", rings, 20 + ticks() - before.1);
        });
    }

    /// A deadline is rounded up: the count before it would be early.
    fn deadlines_are_rounded_up() {
        expect_deadlines(&[
            ((0, 1, 62_500_000), 63),
            ((7, 2, 62_500_000), 132),
            ((0, 0, 1_000_000_000), 0),
            ((100, 1, 1), 101),
            ((100, 1_000_001, 1), 102),
            ((0, 3, 999_999_999), 3000),
        ]);
    }

    /// A deadline may be as far away as can be said, and what is farther is the highest number.
    fn far_deadlines_are_right() {
        expect_deadlines(&[
            ((5, 1 << 60, 1_000_000), 5 + (1 << 60)),
            ((0, u64::MAX, 1_000_000), u64::MAX),
            ((0, u64::MAX, 1_000_000_000), u64::MAX),
            ((u64::MAX - 9, 1, 1_000_000_000), u64::MAX),
        ]);
    }
}
