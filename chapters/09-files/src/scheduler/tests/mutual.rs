//! What mutexes promise.

use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use core::time::Duration;

use super::{Notes, count, mine, row_of, run_all, spawn, spin, spin_until_tick};
use crate::interrupts::Masked;
use crate::interrupts::tests::with_timer;
use crate::scheduler::mutex::Mutex;
use crate::scheduler::policy::Level;
use crate::scheduler::wait_queue::WaitQueue;
use crate::scheduler::{Handle, Serial, table};
use crate::sync::Lock;
use crate::timer;

static MUTEX: Mutex<usize> = Mutex::new(0);
static OTHER: Mutex<()> = Mutex::new(());
static NOTES: Notes = Notes::new();
static QUEUE: WaitQueue = WaitQueue::new();

const HERTZ: u32 = 10_000;
const TICK: Duration = Duration::from_nanos(1_000_000_000 / HERTZ as u64);

/// Whether somebody is where one may be at a time.
static IS_INSIDE: AtomicBool = AtomicBool::new(false);

/// Rounds of each thread in there.
const ROUNDS: usize = count(300, 100);

/// Whether somebody may go on who was told to wait.
static MAY_GO: AtomicBool = AtomicBool::new(false);

/// How long somebody waited, in nanoseconds, and the tick until which somebody else computes.
static WAITED: AtomicU64 = AtomicU64::new(0);
static END: AtomicU64 = AtomicU64::new(0);

/// How long the mutex is held, in ticks.
const WORK: u32 = 20;

/// The serials of a chain.
static SERIALS: [AtomicU64; 3] = [const { AtomicU64::new(0) }; 3];

fn go_inside(_: usize) {
    for round in 0..ROUNDS {
        let mut value = MUTEX.lock();
        assert!(!IS_INSIDE.swap(true, Ordering::Relaxed), "somebody is inside");
        let before = *value;
        spin(200 * (round % 7));
        *value = before + 1;
        IS_INSIDE.store(false, Ordering::Relaxed);
    }
}

fn lock_and_note(number: usize) {
    let _guard = MUTEX.lock();
    NOTES.add(number);
}

/// Holds the mutex for `WORK` ticks of its own.
fn hold(_: usize) {
    let guard = MUTEX.lock();
    MAY_GO.store(true, Ordering::Relaxed);
    let end = table::used() + WORK * TICK;
    while table::used() < end {}
    drop(guard);
}

fn want(_: usize) {
    let before = timer::now();
    let guard = MUTEX.lock();
    WAITED.store((timer::now() - before).as_nanos() as u64, Ordering::Relaxed);
    drop(guard);
}

fn compute(_: usize) {
    spin_until_tick(END.load(Ordering::Relaxed));
}

/// The first of a chain holds what the second wants, which holds what the third wants.
fn chain(number: usize) {
    SERIALS[number].store(mine().serial.0, Ordering::Relaxed);
    let level = match number {
        0 => {
            let guard = MUTEX.lock();
            QUEUE.wait_until(|| MAY_GO.load(Ordering::Relaxed).then_some(()));
            drop(guard);
            mine().level
        }
        1 => {
            let other = OTHER.lock();
            let guard = MUTEX.lock();
            drop(other);
            let level = mine().level;
            drop(guard);
            level
        }
        _ => {
            drop(OTHER.lock());
            mine().level
        }
    };
    NOTES.add(10 * number + level as usize);
}

/// Where the threads of the chain stand.
fn levels() -> [Option<Level>; 3] {
    SERIALS.each_ref().map(|serial| Some(row_of(Serial(serial.load(Ordering::Relaxed)))?.level))
}

/// Lets others run, whoever they are, for some ticks.
fn let_run() {
    timer::sleep_until(timer::now() + 4 * TICK);
}

ktest::test! {
    /// One at a time has what the mutex protects, wherever it is interrupted.
    fn one_at_a_time() {
        *MUTEX.lock() = 0;
        with_timer(HERTZ, || run_all(&[Level::Idle; 4], go_inside));
        assert_eq!(*MUTEX.lock(), 4 * ROUNDS);
    }

    /// The most urgent of those who wait is next; of equals the one that has waited longest.
    fn most_urgent_is_next() {
        with_timer(HERTZ, || {
            let guard = MUTEX.lock();
            let levels = [Level::High, Level::Realtime, Level::High, Level::Realtime];
            let mut number = 0;
            let threads = levels.map(|level| {
                let thread = spawn(level, lock_and_note, number);
                number += 1;
                let_run();
                thread
            });
            assert!(NOTES.take().is_empty());
            drop(guard);
            threads.into_iter().for_each(Handle::join);
        });
        assert_eq!(NOTES.take(), [1, 3, 0, 2]);
    }

    /// Who lets go and locks again comes after those who wait, even if they are less urgent.
    fn who_lets_go_is_last() {
        with_timer(HERTZ, || {
            let guard = MUTEX.lock();
            let thread = spawn(Level::Idle, lock_and_note, 1);
            // It has run when nobody else wants to.
            timer::sleep_until(timer::now() + 10 * TICK);
            drop(guard);
            drop(MUTEX.lock());
            assert_eq!(NOTES.take(), [1]);
            thread.join();
        });
    }

    /// An urgent one waits no longer than the mutex is held, whoever else computes meanwhile. (Each
    /// boost lets one in between run for a tick.)
    fn inversion_ends() {
        MAY_GO.store(false, Ordering::Relaxed);
        with_timer(HERTZ, || {
            let holder = spawn(Level::Low, hold, 0);
            timer::wait(|| MAY_GO.load(Ordering::Relaxed).then_some(()));
            END.store(timer::ticks() + 150, Ordering::Relaxed);
            let masked = Masked::new();
            let between = spawn(Level::Normal, compute, 0);
            let urgent = spawn(Level::High, want, 0);
            drop(masked);
            [holder, between, urgent].into_iter().for_each(Handle::join);
        });
        let waited = Duration::from_nanos(WAITED.load(Ordering::Relaxed));
        assert!(waited > TICK * (WORK / 2), "waited for {waited:?} only: it was not held");
        let held = TICK * WORK;
        assert!(waited < held + TICK * 3, "waited for {waited:?}, and held for {held:?}");
    }

    /// What is lent goes along a chain to its end, and back when it is over.
    fn level_is_lent_along_a_chain() {
        MAY_GO.store(false, Ordering::Relaxed);
        let threads = with_timer(HERTZ, || {
            let levels = [(0, Level::Low), (1, Level::Normal), (2, Level::High)];
            levels.map(|(number, level)| {
                let thread = spawn(level, chain, number);
                timer::sleep_until(timer::now() + 20 * TICK);
                thread
            })
        });
        assert_eq!(levels(), [Some(Level::High); 3]);
        MAY_GO.store(true, Ordering::Relaxed);
        QUEUE.wake_all();
        threads.into_iter().for_each(Handle::join);
        let [low, normal, high] = [Level::Low, Level::Normal, Level::High].map(|it| it as usize);
        assert_eq!(NOTES.take(), [20 + high, 10 + normal, low]);
    }

    /// Who holds a mutex may be interrupted, sleep, and wait for another.
    fn holders_may_sleep() {
        let guard = MUTEX.lock();
        let before = timer::ticks();
        timer::sleep_until(timer::now() + Duration::from_millis(20));
        assert!(timer::ticks() > before);
        drop(OTHER.lock());
        drop(guard);
    }

    /// Who locks twice waits for itself, and is told.
    #[must_die("deadlock: this thread holds the mutex already")]
    fn second_lock_is_a_deadlock() {
        let _first = MUTEX.lock();
        let _second = MUTEX.lock();
    }

    /// Who may not be interrupted may not wait, and so may not even try.
    #[must_die("panic: nobody may wait while interrupts are masked")]
    fn masked_ones_may_not_lock() {
        let _masked = Masked::new();
        let _guard = MUTEX.lock();
    }

    /// Nor may who holds a lock.
    #[must_die("panic: nobody may wait while interrupts are masked")]
    fn who_holds_a_lock_may_not_lock() {
        let lock = Lock::new(());
        let _lock = lock.lock();
        let _guard = MUTEX.lock();
    }
}
