//! What those promise who sleep, and whom the time is charged to that passes.

use alloc::vec::Vec;
use core::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use core::time::Duration;

use super::{Notes, row_of, spawn, spin_until_tick};
use crate::interrupts::Masked;
use crate::interrupts::tests::with_timer;
use crate::scheduler::policy::Level;
use crate::scheduler::table;
use crate::scheduler::trace::{self, Event};
use crate::scheduler::wait_queue::WaitQueue;
use crate::scheduler::{Handle, Serial};
use crate::{config, timer};

static NOTES: Notes = Notes::new();
static QUEUE: WaitQueue = WaitQueue::new();

const HERTZ: u32 = 2_000;
const TICK: Duration = Duration::from_nanos(1_000_000_000 / HERTZ as u64);

/// The usual one, beside which it takes no time to end a thread.
const LONG: Duration = Duration::from_nanos(1_000_000_000 / config::TICK_HERTZ as u64);

/// When those who sleep began, in nanoseconds.
static START: AtomicU64 = AtomicU64::new(0);

/// For how many tenths of a tick each of them sleeps.
const TENTHS: [u32; 6] = [38, 17, 55, 12, 17, 38];

/// The tick until which somebody computes.
static END: AtomicU64 = AtomicU64::new(0);

/// Who has done that.
static DONE: AtomicUsize = AtomicUsize::new(0);
static MAY_END: AtomicBool = AtomicBool::new(false);

/// Who sleeps, by serial.
static SLEEPER: AtomicU64 = AtomicU64::new(0);

fn sleep_and_note(number: usize) {
    let start = Duration::from_nanos(START.load(Ordering::Relaxed));
    let deadline = start + LONG * TENTHS[number] / 10;
    timer::sleep_until(deadline);
    let now = timer::now();
    assert!(now >= deadline, "woken {:?} early", deadline - now);
    assert!(now < deadline + LONG + LONG / 2, "woken {:?} late", now - deadline);
    NOTES.add(number);
}

fn compute_and_wait(_: usize) {
    spin_until_tick(END.load(Ordering::Relaxed));
    DONE.fetch_add(1, Ordering::Relaxed);
    QUEUE.wait_until(|| MAY_END.load(Ordering::Relaxed).then_some(()));
}

/// What all threads have used together, and the time. `idle` has used the last.
fn used() -> (Duration, Duration, Duration) {
    let _masked = Masked::new();
    let mut index = 0;
    let rows: Vec<_> = core::iter::from_fn(|| table::next(&mut index)).collect();
    let now = timer::now();
    // The second thread that ever was.
    let idle = row_of(Serial(2)).expect("it never ends");
    (rows.iter().map(|row| row.used).sum(), now, idle.used)
}

fn compute(_: usize) {
    spin_until_tick(END.load(Ordering::Relaxed));
}

fn sleep_a_tick(_: usize) {
    SLEEPER.store(super::mine().serial.0, Ordering::Relaxed);
    timer::sleep_until(timer::now() + TICK);
    NOTES.add(1);
}

ktest::test! {
    /// Sleepers wake in the order of their deadlines, not before, and of equals the first first.
    fn sleepers_wake_in_order() {
        // By then all of them sleep.
        let start = timer::now() + 2 * LONG;
        START.store(start.as_nanos() as u64, Ordering::Relaxed);
        let threads = [0, 1, 2, 3, 4, 5].map(|number| spawn(Level::High, sleep_and_note, number));
        threads.into_iter().for_each(Handle::join);
        assert_eq!(NOTES.take(), [3, 1, 4, 0, 5, 2]);
    }

    /// All time is somebody's: what threads have used grows as the clock does.
    fn time_adds_up() {
        DONE.store(0, Ordering::Relaxed);
        MAY_END.store(false, Ordering::Relaxed);
        with_timer(HERTZ, || {
            END.store(timer::ticks() + 40, Ordering::Relaxed);
            let threads = [Level::Low, Level::Low, Level::High];
            let (before, start, _) = used();
            let threads = threads.map(|level| spawn(level, compute_and_wait, 0));
            while DONE.load(Ordering::Relaxed) < 3 {
                timer::sleep_until(timer::now() + 10 * TICK);
            }
            let (after, end, _) = used();
            MAY_END.store(true, Ordering::Relaxed);
            QUEUE.wake_all();
            threads.into_iter().for_each(Handle::join);
            let (charged, passed) = (after - before, end - start);
            let difference = charged.abs_diff(passed);
            assert!(difference < TICK / 5, "{charged:?} charged for {passed:?}");
        });
    }

    /// When nobody wants the processor the time goes to the thread that idles.
    fn idle_time_is_idles() {
        let (_, start, before) = used();
        timer::sleep_until(start + Duration::from_millis(100));
        let (_, end, after) = used();
        assert!(after - before > (end - start) * 9 / 10, "{:?}", after - before);
    }

    /// When somebody does, it does not.
    fn busy_time_is_not() {
        with_timer(HERTZ, || {
            let (_, start, before) = used();
            spin_until_tick(timer::ticks() + 20);
            let (_, end, after) = used();
            assert_eq!(before, after, "of {:?}", end - start);
        });
    }

    /// Who is woken by an interrupt, and is more urgent, has the processor before anybody else,
    /// and before the next tick.
    fn interrupt_leads_to_the_more_urgent() {
        with_timer(HERTZ, || {
            END.store(timer::ticks() + 5, Ordering::Relaxed);
            trace::clear();
            let threads = [(sleep_a_tick as fn(usize), Level::Normal), (compute, Level::Low)];
            let threads = threads.map(|(work, level)| spawn(level, work, 0));
            threads.into_iter().for_each(Handle::join);
        });
        assert_eq!(NOTES.take(), [1]);
        let sleeper = Serial(SLEEPER.load(Ordering::Relaxed));
        let (events, _) = trace::tests::events();
        // The first is that there is one.
        let is_wake = |event: &Event| *event == Event::Wake(sleeper);
        let mut woken = events.iter().enumerate().filter(|(_, (_, what))| is_wake(what));
        let (place, (wake, _)) = woken.nth(1).expect("it was woken from its sleep");
        let next = events[place..].iter().find(|(_, what)| {
            matches!(what, Event::Switch(..) | Event::Tick(_))
        });
        let (switch, what) = next.expect("something came of it");
        assert!(matches!(what, Event::Switch(_, to) if *to == sleeper), "{what:?}");
        assert!(*switch - *wake < TICK / 10, "{:?} later", *switch - *wake);
    }
}
