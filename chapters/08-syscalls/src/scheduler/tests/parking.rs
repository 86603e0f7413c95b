//! What parking promises, and who asks for the thread that runs.

use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use core::time::Duration;

use ktest::Chance;

use super::{Notes, mine, row_of, spawn, spin};
use crate::arch;
use crate::interrupts::Masked;
use crate::interrupts::tests::with_timer;
use crate::memory::kernel_space;
use crate::process::space::AddressSpace;
use crate::process::{Name, Pid};
use crate::scheduler::policy::Level;
use crate::scheduler::thread::Work;
use crate::scheduler::wait_queue::WaitQueue;
use crate::scheduler::{self, Handle, Program, park, unpark, with, yield_now};
use crate::sync::Lock;
use crate::timer;

static NOTES: Notes = Notes::new();
static QUEUE: WaitQueue = WaitQueue::new();

/// What is waited for, and how often it was found.
static IS_THERE: AtomicBool = AtomicBool::new(false);
static FOUND: AtomicU64 = AtomicU64::new(0);
const ROUNDS: u64 = 1_000;

/// Who waits for it, as it says itself.
static FINDER: Lock<Option<Handle>> = Lock::new(None);

const HERTZ: u32 = 10_000;
const TICK: Duration = Duration::from_nanos(1_000_000_000 / HERTZ as u64);

/// Parks, for so many ticks or for ever, and notes how many have gone by.
fn park_for(ticks: usize) {
    let start = timer::now();
    let deadline = (ticks > 0).then(|| start + TICK * ticks as u32);
    park(&Masked::new(), deadline);
    NOTES.add(((timer::now() - start).as_nanos() / TICK.as_nanos()) as usize);
}

/// Parks until it is unparked; and then waits in a queue, once, beyond the time of its deadline.
fn park_and_wait(_: usize) {
    park(&Masked::new(), Some(timer::now() + 5 * TICK));
    NOTES.add(1);
    QUEUE.wait(&Masked::new());
    NOTES.add(2);
}

/// Finds what somebody puts there, having looked for longer or shorter each time.
fn find_all(_: usize) {
    *FINDER.lock() = Some(scheduler::current_handle());
    let mut chance = Chance::new(9);
    while FOUND.load(Ordering::Relaxed) < ROUNDS {
        let masked = Masked::new();
        let is_found = IS_THERE.swap(false, Ordering::Relaxed);
        spin(chance.below(2_000));
        if !is_found {
            park(&masked, None);
            continue;
        }
        drop(masked);
        FOUND.fetch_add(1, Ordering::Relaxed);
        spin(chance.below(2_000));
    }
}

fn put_all(_: usize) {
    for round in 0..ROUNDS {
        IS_THERE.store(true, Ordering::Relaxed);
        let finder = *FINDER.lock();
        finder.map(unpark);
        let start = timer::ticks();
        timer::wait(|| {
            let is_found = FOUND.load(Ordering::Relaxed) > round;
            assert!(is_found || timer::ticks() < start + 50, "nobody wakes in round {round}");
            (is_found && timer::ticks() > start).then_some(())
        });
    }
}

/// Is asked what it is.
fn describe(_: usize) {
    assert_eq!(scheduler::level(), Level::High);
    scheduler::set_name(Name::new("other"));
    let found = row_of(mine().serial).expect("it runs");
    assert_eq!(found.name, Name::new("other"));
    assert!(scheduler::program().is_none());
    NOTES.add(1);
}

/// Goes from one address space to another, as `execve` does.
fn change_program(_: usize) {
    let spaces = [0, 1].map(|_| AddressSpace::new().expect("boot leaves free frames"));
    let program = |root| Program { pid: Pid(77_000), tid: Pid(77_001), root };
    with(|scheduler| scheduler.running().work = Work::Program(program(spaces[0].root())));
    for space in spaces.iter().chain(&spaces) {
        scheduler::set_program(program(space.root()));
        assert_eq!(arch::root_page_table(), space.root());
        for _ in 0..3 {
            yield_now();
            assert_eq!(arch::root_page_table(), space.root());
        }
        let found = scheduler::program().expect("it runs one");
        assert_eq!((found.pid, found.tid), (Pid(77_000), Pid(77_001)));
    }
    scheduler::set_program(program(kernel_space::root()));
    drop(spaces);
    NOTES.add(1);
}

ktest::test! {
    /// Who is parked goes on when it is unparked, and not before; and only once.
    fn parked_ones_are_unparked() {
        let handle = spawn(Level::Realtime, park_for, 0);
        for _ in 0..10 {
            yield_now();
        }
        assert!(NOTES.take().is_empty());
        assert!(unpark(handle));
        assert_eq!(NOTES.take().len(), 1);
        assert!(!unpark(handle), "it has ended");
        handle.join();
    }

    /// Who waits for anything else is not unparked, nor is who has its place later.
    fn others_are_not_unparked() {
        fn wait(_: usize) {
            QUEUE.wait(&Masked::new());
            NOTES.add(1);
        }
        let handle = spawn(Level::Realtime, wait, 0);
        assert!(!unpark(handle) && NOTES.take().is_empty());
        assert!(QUEUE.wake_one());
        handle.join();
        assert_eq!(NOTES.take(), [1]);
        let other = spawn(Level::Realtime, park_for, 0);
        assert!(!unpark(handle), "it is somebody else");
        assert!(unpark(other));
        other.join();
        NOTES.take();
        assert!(!unpark(scheduler::current_handle()), "it runs");
    }

    /// An unpark is not lost, at whichever moment between the look and the park it comes.
    fn no_unpark_is_lost() {
        FOUND.store(0, Ordering::Relaxed);
        with_timer(20_000, || {
            let finder = spawn(Level::High, find_all, 0);
            let putter = spawn(Level::Realtime, put_all, 0);
            putter.join();
            finder.join();
        });
        assert_eq!(FOUND.load(Ordering::Relaxed), ROUNDS);
    }

    /// Who has a deadline goes on when that has come, not before and not a tick beyond it; at once
    /// if it has passed.
    fn deadlines_are_kept() {
        with_timer(HERTZ, || {
            for ticks in [1, 5, 20] {
                spawn(Level::Realtime, park_for, ticks).join();
                let found = NOTES.take();
                let is_in_time = |end: &usize| (ticks..ticks + 2).contains(end);
                assert!(found.len() == 1 && found.iter().all(is_in_time), "{found:?}");
            }
        });
        let before = mine().switches;
        park(&Masked::new(), Some(timer::now()));
        park(&Masked::new(), Some(Duration::ZERO));
        assert_eq!(mine().switches, before);
    }

    /// Who is unparked in time hears no more of its deadline.
    fn unparked_ones_have_no_deadline() {
        with_timer(HERTZ, || {
            let handle = spawn(Level::Realtime, park_and_wait, 0);
            assert!(unpark(handle));
            timer::sleep_until(timer::now() + 20 * TICK);
            assert_eq!(NOTES.take(), [1]);
            assert!(QUEUE.wake_one());
            handle.join();
            assert_eq!(NOTES.take(), [2]);
        });
    }

    /// A thread knows itself.
    fn threads_know_themselves() {
        spawn(Level::High, describe, 0).join();
        assert_eq!(NOTES.take(), [1]);
    }

    /// Who changes its program is in the other's address space at once, and finds it there whenever
    /// it has the processor.
    fn programs_are_changed() {
        spawn(Level::Normal, change_program, 0).join();
        assert_eq!(NOTES.take(), [1]);
    }

    /// Who has nobody to give the processor to may not wait.
    #[must_die("nobody may leave while a lock is held")]
    fn nobody_parks_with_a_lock() {
        let lock = Lock::new(());
        let _guard = lock.lock();
        park(&Masked::new(), None);
    }
}
