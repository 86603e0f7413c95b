//! What is promised of waits that are interrupted, by threads that say that they work for a
//! program.
//!
//! Most of them must have run as soon as they are woken, so they are `Realtime`: any other level
//! sinks when a slow machine has many ticks in a short while.

use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;

use super::{Notes, spawn};
use crate::interrupts::Masked;
use crate::interrupts::tests::with_timer;
use crate::memory::kernel_space;
use crate::process::Pid;
use crate::scheduler::mutex::Mutex;
use crate::scheduler::policy::Level;
use crate::scheduler::thread::Work;
use crate::scheduler::wait_queue::WaitQueue;
use crate::scheduler::{
    Handle, Interrupted, Program, interrupt, is_interrupted, park, sleep_until_interrupted, unpark,
    with, yield_now,
};
use crate::timer;

static NOTES: Notes = Notes::new();
static QUEUE: WaitQueue = WaitQueue::new();
static MUTEX: Mutex<()> = Mutex::new(());
static IS_THERE: AtomicBool = AtomicBool::new(false);

const HERTZ: u32 = 10_000;
const TICK: Duration = Duration::from_nanos(1_000_000_000 / HERTZ as u64);
const LONG: Duration = Duration::from_secs(3600);

/// The number of the process of the thread `number`, unless all are of one.
fn pid(number: usize) -> Pid {
    Pid(88_000 + number as u32)
}

/// Works from now on for the process `pid`, as its thread `tid`.
fn work_for(pid: Pid, tid: Pid) {
    let program = Program { pid, tid, root: kernel_space::root() };
    with(|scheduler| scheduler.running().work = Work::Program(program));
}

/// Waits for its turn, and notes itself; if it is interrupted, with a hundred more.
fn wait_once(number: usize) {
    work_for(pid(number), pid(number));
    let mut has_looked = false;
    let result = QUEUE.wait_until_interrupted(|| {
        let is_woken = core::mem::replace(&mut has_looked, true) && !is_interrupted();
        is_woken.then_some(())
    });
    NOTES.add(if result == Err(Interrupted) { 100 + number } else { number });
}

fn nap(number: usize) {
    work_for(pid(number), pid(number));
    let result = sleep_until_interrupted(timer::now() + LONG);
    NOTES.add(if result == Err(Interrupted) { 100 + number } else { number });
}

fn lie_parked(number: usize) {
    work_for(pid(number), pid(number));
    park(&Masked::new(), number.is_multiple_of(2).then(|| timer::now() + LONG));
    NOTES.add(if is_interrupted() { 100 + number } else { number });
}

/// Is interrupted, and then begins to wait, in each of the ways.
fn begin_too_late(number: usize) {
    work_for(pid(number), pid(number));
    assert!(!is_interrupted());
    interrupt(pid(number), None);
    assert!(is_interrupted());
    assert_eq!(QUEUE.wait_until_interrupted(|| None::<()>), Err(Interrupted));
    assert_eq!(QUEUE.wait_until_interrupted(|| Some(7)), Ok(7));
    assert_eq!(sleep_until_interrupted(timer::now() + LONG), Err(Interrupted));
    assert_eq!(sleep_until_interrupted(timer::now()), Ok(()));
    park(&Masked::new(), None);
    assert!(!QUEUE.wake_one(), "it is still in the queue");
    NOTES.add(number);
}

/// One of two threads of a process.
fn wait_as_a_thread(number: usize) {
    work_for(pid(0), pid(number));
    let result = QUEUE.wait_until_interrupted(|| IS_THERE.load(Ordering::Relaxed).then_some(()));
    NOTES.add(if result == Err(Interrupted) { 100 + number } else { number });
}

/// Waits in ways that are not interrupted.
fn wait_firmly(number: usize) {
    work_for(pid(number), pid(number));
    drop(MUTEX.lock());
    NOTES.add(1);
    QUEUE.wait(&Masked::new());
    NOTES.add(2);
    let end = timer::now() + 10 * TICK;
    timer::sleep_until(end);
    NOTES.add(if timer::now() >= end && is_interrupted() { 3 } else { 103 });
}

/// Five that wait in the queue, in the order of their numbers. Each is more urgent than who asks.
fn five() -> [Handle; 5] {
    [0, 1, 2, 3, 4].map(|number| spawn(Level::Realtime, wait_once, number))
}

/// The numbers but one.
fn all_but(number: usize) -> impl Iterator<Item = usize> {
    (0..5).filter(move |other| *other != number)
}

ktest::test! {
    /// Who was interrupted before it begins to wait does not; what is there it finds all the same.
    fn interrupts_before_the_wait_are_kept() {
        spawn(Level::Realtime, begin_too_late, 9).join();
        assert_eq!(NOTES.take(), [9]);
    }

    /// Who waits goes on at once, in whichever of the ways.
    fn interrupts_end_waits() {
        for work in [wait_once, nap, lie_parked] {
            for number in [0, 1] {
                let handle = spawn(Level::Realtime, work, number);
                assert!(NOTES.take().is_empty());
                interrupt(pid(number), None);
                assert_eq!(NOTES.take(), [100 + number]);
                assert!(!QUEUE.wake_one() && !unpark(handle));
                handle.join();
            }
        }
    }

    /// Wherever in a queue one is interrupted, the others are woken, in their order.
    fn others_in_the_queue_are_woken() {
        for gone in 0..5 {
            let handles = five();
            interrupt(pid(gone), None);
            assert_eq!(NOTES.take(), [100 + gone]);
            for number in all_but(gone) {
                assert!(QUEUE.wake_one());
                assert_eq!(NOTES.take(), [number], "without {gone}");
            }
            assert!(!QUEUE.wake_one());
            handles.into_iter().for_each(Handle::join);
        }
    }

    /// So they are if the interrupted one has not run yet; who comes later is behind them.
    fn interrupted_ones_are_not_woken_again() {
        for gone in 0..5 {
            let handles = five();
            let masked = Masked::new();
            interrupt(pid(gone), None);
            // Half of them while it is still there.
            assert!(QUEUE.wake_one() && QUEUE.wake_one());
            drop(masked);
            let last = spawn(Level::Realtime, wait_once, 5);
            let mut found = NOTES.take();
            found.retain(|note| *note != 100 + gone);
            let woken: alloc::vec::Vec<_> = all_but(gone).collect();
            assert_eq!(found, woken[..2], "without {gone}");
            for number in woken[2..].iter().chain(&[5]) {
                assert!(QUEUE.wake_one());
                assert_eq!(NOTES.take(), [*number], "without {gone}");
            }
            assert!(!QUEUE.wake_one());
            handles.into_iter().chain([last]).for_each(Handle::join);
        }
    }

    /// Who was woken and then interrupted takes what it was woken for: nobody else is.
    fn what_is_there_is_found() {
        IS_THERE.store(false, Ordering::Relaxed);
        let handle = spawn(Level::Realtime, wait_as_a_thread, 1);
        let masked = Masked::new();
        IS_THERE.store(true, Ordering::Relaxed);
        assert!(QUEUE.wake_one());
        interrupt(pid(0), None);
        drop(masked);
        assert_eq!(NOTES.take(), [1]);
        handle.join();
    }

    /// All threads of the process are meant but the one that is excepted, and nobody else.
    fn only_those_who_are_meant_are_interrupted() {
        IS_THERE.store(false, Ordering::Relaxed);
        let handles = [1, 2, 3].map(|number| spawn(Level::Realtime, wait_as_a_thread, number));
        let other = spawn(Level::Realtime, wait_once, 4);
        interrupt(pid(9), None);
        assert!(NOTES.take().is_empty());
        interrupt(pid(0), Some(pid(2)));
        assert_eq!(NOTES.take(), [101, 103]);
        IS_THERE.store(true, Ordering::Relaxed);
        QUEUE.wake_all();
        assert_eq!(NOTES.take(), [2, 4]);
        handles.into_iter().chain([other]).for_each(Handle::join);
    }

    /// The kernel's own waits end when what is waited for has come, and not before.
    fn firm_waits_are_not_interrupted() {
        with_timer(HERTZ, || {
            let guard = MUTEX.lock();
            let handle = spawn(Level::Realtime, wait_firmly, 6);
            interrupt(pid(6), None);
            yield_now();
            assert!(NOTES.take().is_empty());
            drop(guard);
            assert_eq!(NOTES.take(), [1]);
            interrupt(pid(6), None);
            assert!(NOTES.take().is_empty());
            assert!(QUEUE.wake_one());
            assert_eq!(NOTES.take(), [2]);
            interrupt(pid(6), None);
            handle.join();
            assert_eq!(NOTES.take(), [3]);
        });
    }

    /// Who slept and was interrupted is not woken when its time comes, wherever it is then.
    fn interrupted_sleepers_have_no_deadline() {
        fn nap_and_wait(number: usize) {
            work_for(pid(number), pid(number));
            let result = sleep_until_interrupted(timer::now() + 5 * TICK);
            assert_eq!(result, Err(Interrupted));
            QUEUE.wait(&Masked::new());
            NOTES.add(number);
        }
        with_timer(HERTZ, || {
            let handle = spawn(Level::Realtime, nap_and_wait, 7);
            interrupt(pid(7), None);
            timer::sleep_until(timer::now() + 20 * TICK);
            assert!(NOTES.take().is_empty());
            assert!(QUEUE.wake_one());
            handle.join();
            assert_eq!(NOTES.take(), [7]);
        });
    }

    /// Who is not interrupted sleeps until its time has come.
    fn naps_end_in_time() {
        let end = timer::now() + Duration::from_millis(20);
        assert_eq!(sleep_until_interrupted(end), Ok(()));
        let now = timer::now();
        assert!(now >= end && now < end + Duration::from_millis(200), "{now:?} for {end:?}");
    }

    /// Who waits with interrupts masked already is told.
    #[must_die("panic: nobody may wait while interrupts are masked")]
    fn masked_ones_may_not_be_interrupted() {
        let _masked = Masked::new();
        let _ = QUEUE.wait_until_interrupted(|| None::<()>);
    }
}
