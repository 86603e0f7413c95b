//! What wait queues promise.

use core::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use ktest::Chance;

use super::{Notes, run_all, spawn, spin};
use crate::interrupts::Masked;
use crate::interrupts::tests::with_timer;
use crate::scheduler::policy::Level;
use crate::scheduler::wait_queue::WaitQueue;
use crate::scheduler::{Handle, yield_now};
use crate::sync::Lock;
use crate::timer;

static QUEUE: WaitQueue = WaitQueue::new();
static NOTES: Notes = Notes::new();

/// What `wait_until` is to find.
static IS_THERE: AtomicBool = AtomicBool::new(false);

/// How often it was found, and how often it was put there.
static FOUND: AtomicU64 = AtomicU64::new(0);
static PUT: AtomicU64 = AtomicU64::new(0);

/// How often it is put there.
const ROUNDS: u64 = 1_000;

/// Who is still at work.
static BUSY: AtomicUsize = AtomicUsize::new(0);

/// Waits for nothing in particular, twice.
fn wait_twice(number: usize) {
    for round in 0..2 {
        QUEUE.wait(&Masked::new());
        NOTES.add(10 * round + number);
    }
}

fn find_once(number: usize) {
    QUEUE.wait_until(|| IS_THERE.swap(false, Ordering::Relaxed).then_some(()));
    NOTES.add(number);
}

/// Finds, having looked for it for longer or shorter; or, if there is none left, ends.
fn find_all(_: usize) {
    let mut chance = Chance::new(7);
    while FOUND.load(Ordering::Relaxed) < ROUNDS {
        QUEUE.wait_until(|| {
            let found = IS_THERE.swap(false, Ordering::Relaxed);
            // What comes now comes after the look.
            spin(chance.below(2_000));
            found.then_some(())
        });
        FOUND.fetch_add(1, Ordering::Relaxed);
        spin(chance.below(2_000));
    }
}

/// Puts it there at ticks, for somebody who finds it before the tenth tick after that.
fn put_all(_: usize) {
    for round in 0..ROUNDS {
        IS_THERE.store(true, Ordering::Relaxed);
        QUEUE.wake_one();
        PUT.fetch_add(1, Ordering::Relaxed);
        let start = timer::ticks();
        timer::wait(|| {
            let is_found = FOUND.load(Ordering::Relaxed) > round;
            assert!(is_found || timer::ticks() < start + 50, "nobody wakes in round {round}");
            (is_found && timer::ticks() > start).then_some(())
        });
    }
}

/// Lets the others have a turn each, three times, and says whose turn it is.
fn take_turns(number: usize) {
    for _ in 0..3 {
        NOTES.add(number);
        yield_now();
    }
}

fn note(number: usize) {
    NOTES.add(number);
}

/// Wakes one that is less urgent, and one that is more.
fn wake_both(_: usize) {
    spawn(Level::Low, note, 1);
    spawn(Level::Realtime, note, 2);
    NOTES.add(3);
}

/// Counts down, with a yield in between; whoever is last says so.
fn count_down(_: usize) {
    yield_now();
    if BUSY.fetch_sub(1, Ordering::Relaxed) == 1 {
        QUEUE.wake_all();
    }
}

ktest::test! {
    /// Who has waited longest is woken first, and one at a time.
    fn first_come_first_served() {
        let handles = [0, 1, 2, 3].map(|number| spawn(Level::Realtime, wait_twice, number));
        let order = [0, 1, 2, 3, 10, 11, 12, 13];
        for expected in order {
            assert!(QUEUE.wake_one());
            // It is more urgent, and never sinks, so it has run by now.
            assert_eq!(NOTES.take(), [expected]);
        }
        assert!(!QUEUE.wake_one());
        handles.into_iter().for_each(Handle::join);
    }

    /// Who waits in a queue is woken by that queue only, and who is woken for nothing waits on.
    fn who_is_woken_looks_again() {
        let handle = spawn(Level::Realtime, find_once, 1);
        for _ in 0..3 {
            assert!(QUEUE.wake_one());
            assert!(!WaitQueue::new().wake_one());
            assert!(NOTES.take().is_empty() && !handle.has_ended());
        }
        IS_THERE.store(true, Ordering::Relaxed);
        assert!(QUEUE.wake_one());
        assert_eq!(NOTES.take(), [1]);
        handle.join();
    }

    /// All who wait are woken, once each: not those who wait again before the last is woken.
    fn wake_all_wakes_each_once() {
        let handles = [0, 1, 2].map(|number| spawn(Level::Realtime, wait_twice, number));
        QUEUE.wake_all();
        assert_eq!(NOTES.take(), [0, 1, 2]);
        QUEUE.wake_all();
        assert_eq!(NOTES.take(), [10, 11, 12]);
        handles.into_iter().for_each(Handle::join);
    }

    /// No wake-up is lost, at whichever moment between the look and the sleep it comes.
    fn no_wake_up_is_lost() {
        FOUND.store(0, Ordering::Relaxed);
        PUT.store(0, Ordering::Relaxed);
        with_timer(20_000, || {
            let finder = spawn(Level::High, find_all, 0);
            let putter = spawn(Level::Realtime, put_all, 0);
            putter.join();
            finder.join();
        });
        assert_eq!(PUT.load(Ordering::Relaxed), FOUND.load(Ordering::Relaxed));
    }

    /// Who waits for the last of several is woken by it.
    fn last_of_many_wakes() {
        for _ in 0..20 {
            BUSY.store(5, Ordering::Relaxed);
            let handles = [0; 5].map(|_| spawn(Level::Normal, count_down, 0));
            QUEUE.wait_until(|| (BUSY.load(Ordering::Relaxed) == 0).then_some(()));
            handles.into_iter().for_each(Handle::join);
        }
    }

    /// Those of one level who yield have turns, in order.
    fn yield_is_round_robin() {
        run_all(&[Level::Realtime; 3], take_turns);
        assert_eq!(NOTES.take(), [0, 1, 2, 0, 1, 2, 0, 1, 2]);
    }

    /// Who yields to nobody goes on, and is not charged a switch.
    fn yield_to_nobody_goes_on() {
        fn alone(_: usize) {
            let before = super::mine().switches;
            yield_now();
            assert_eq!(super::mine().switches, before);
        }
        run_all(&[Level::Realtime], alone);
    }

    /// Who wakes a more urgent one loses the processor at once, and not to a less urgent one.
    fn more_urgent_ones_run_at_once() {
        run_all(&[Level::High], wake_both);
        timer::sleep_until(timer::now() + core::time::Duration::from_millis(100));
        assert_eq!(NOTES.take(), [2, 3, 1]);
    }

    /// Who holds a lock may not wait.
    #[must_die("panic: nobody may wait while interrupts are masked")]
    fn nobody_waits_with_a_lock() {
        let lock = Lock::new(());
        let _guard = lock.lock();
        QUEUE.wait_until(|| None::<()>);
    }

    /// Nor yield.
    #[must_die("panic: nobody may wait while interrupts are masked")]
    fn nobody_yields_with_a_lock() {
        let lock = Lock::new(());
        let _guard = lock.lock();
        yield_now();
    }

    /// Nor end.
    #[must_die("nobody may leave while a lock is held")]
    fn nobody_ends_with_a_lock() {
        fn end(_: usize) {
            core::mem::forget(NOTES.0.lock());
        }
        spawn(Level::High, end, 0).join();
    }
}
