//! What threads promise from their beginning to their end.

use alloc::vec::Vec;
use core::sync::atomic::{AtomicBool, Ordering};

use super::{Notes, count, mine, spawn};
use crate::memory::faults;
use crate::process::tests::left;
use crate::scheduler::policy::Level;
use crate::scheduler::wait_queue::WaitQueue;
use crate::scheduler::{self, Handle, Serial, SpawnError, State};

static NOTES: Notes = Notes::new();
static QUEUE: WaitQueue = WaitQueue::new();
static MAY_END: AtomicBool = AtomicBool::new(false);

fn note(number: usize) {
    NOTES.add(number);
}

fn nothing(_: usize) {}

fn note_serial(_: usize) {
    NOTES.add(mine().serial.0 as usize);
}

fn await_end(_: usize) {
    QUEUE.wait_until(|| MAY_END.load(Ordering::Relaxed).then_some(()));
}

fn try_spawn() -> Result<Handle, SpawnError> {
    scheduler::spawn("test", Level::Idle, await_end, 0)
}

/// Makes `count` threads, each at the first try that does not fail. What fails changes nothing but
/// room that tables keep.
fn spawn_with_failures(count: usize) -> Vec<Handle> {
    let mut handles = Vec::with_capacity(count);
    for _ in 0..count {
        let mut place = 0;
        let handle = loop {
            match faults::fail_at(place, try_spawn) {
                (Ok(handle), has_failed) => {
                    assert!(!has_failed, "at {place}: nobody noticed");
                    break handle;
                }
                (Err(SpawnError), has_failed) => assert!(has_failed, "at {place}"),
            }
            place += 1;
        };
        assert!(place > 10, "only {place} places");
        handles.push(handle);
    }
    handles
}

ktest::test! {
    /// A thread runs what it was told to, with its argument, and has ended when it is joined.
    fn threads_run() {
        let handle = spawn(Level::Low, note, 42);
        assert!(!handle.has_ended());
        handle.join();
        assert!(handle.has_ended());
        assert_eq!(NOTES.take(), [42]);
        handle.join();
    }

    /// One that is more urgent runs before whoever made it goes on.
    fn urgent_threads_run_at_once() {
        let handle = spawn(Level::Realtime, note, 1);
        assert!(handle.has_ended());
        assert_eq!(NOTES.take(), [1]);
    }

    /// No two threads have the same number, even if one has the place of the other.
    fn numbers_are_not_used_again() {
        for _ in 0..10 {
            spawn(Level::High, note_serial, 0).join();
        }
        let mut serials = NOTES.take();
        assert_eq!(serials.len(), 10);
        assert!(serials.is_sorted());
        serials.dedup();
        assert_eq!(serials.len(), 10);
    }

    /// Who joins a thread does not wait for another that has its place.
    fn handles_know_their_thread() {
        let first = spawn(Level::High, nothing, 0);
        MAY_END.store(false, Ordering::Relaxed);
        let second = spawn(Level::High, await_end, 0);
        first.join();
        assert!(first.has_ended() && !second.has_ended());
        MAY_END.store(true, Ordering::Relaxed);
        QUEUE.wake_all();
        second.join();
    }

    /// A thread says what it is doing.
    fn states_are_told() {
        assert_eq!(super::row_of(Serial(1)).map(|row| row.state), Some(State::Running));
        let idle = super::row_of(Serial(2)).map(|row| (row.state, row.level));
        assert_eq!(idle, Some((State::Ready, Level::Idle)));
    }

    /// A thousand threads come and go, and leave nothing behind. (A hundred, where the code is
    /// not optimised.)
    fn a_thousand_threads_leave_nothing() {
        spawn(Level::High, nothing, 0).join();
        let before = left();
        for _ in 0..count(1000, 100) {
            spawn(Level::High, nothing, 0).join();
        }
        assert_eq!(left(), before);
    }

    /// Many at once come and go, and leave nothing behind.
    fn many_at_once_leave_nothing() {
        let mut before = None;
        for _ in 0..3 {
            MAY_END.store(false, Ordering::Relaxed);
            let handles: Vec<Handle> = (0..30).map(|_| spawn(Level::Low, await_end, 0)).collect();
            MAY_END.store(true, Ordering::Relaxed);
            QUEUE.wake_all();
            handles.into_iter().for_each(Handle::join);
            let left = left();
            // The first ones make tables that stay.
            assert!(before.is_none_or(|before| before == left), "{left:?} after {before:?}");
            before = Some(left);
        }
    }

    /// Whichever allocation fails while a thread is made: it is an error, and nothing is lost.
    fn any_allocation_may_fail() {
        let mut before = None;
        for _ in 0..3 {
            MAY_END.store(false, Ordering::Relaxed);
            let handles = spawn_with_failures(5);
            MAY_END.store(true, Ordering::Relaxed);
            QUEUE.wake_all();
            handles.into_iter().for_each(Handle::join);
            let left = left();
            assert!(before.is_none_or(|before| before == left), "{left:?} after {before:?}");
            before = Some(left);
        }
    }
}
