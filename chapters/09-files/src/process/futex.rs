//! Futexes: to wait for a word of the program's memory to change.
//!
//! A lock that nobody waits for needs no kernel: a word says whether it is taken, and an atomic
//! instruction takes it. Only who must wait comes here, and says which word it waits for, and what
//! it has seen there. If the word has changed meanwhile it is sent back to look again; otherwise it
//! waits until somebody names the same word. Between the look and the wait nobody else runs, so no
//! wake-up is lost. The kernel knows nothing of locks, only words (fast user-space mutex).
//!
//! Linux, `man 2 futex`.

use alloc::vec::Vec;
use core::time::Duration;

use super::user::{BadAddress, UserSlice};
use crate::interrupts::Masked;
use crate::memory::address::PhysAddr;
use crate::scheduler::{self, Handle};
use crate::sync::Lock;

/// A word of somebody's memory: the root of the address space, and the address there.
type Key = (PhysAddr, u64);

/// Somebody who waits.
struct Waiter {
    key: Key,
    /// Only who wakes one of these wakes it.
    bits: u32,
    handle: Handle,
}

/// Why somebody did not wait, or was not woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FutexError {
    /// There is no such word.
    BadAddress,
    /// The word is another one already.
    Changed,
    /// Nobody has come in time.
    TimedOut,
    /// It is to end.
    Interrupted,
    /// There is no memory to note who waits.
    NoMemory,
}

impl From<BadAddress> for FutexError {
    fn from(_: BadAddress) -> Self {
        Self::BadAddress
    }
}

/// Protects those who wait, who has waited longest first. Nothing else may be locked while it is
/// held, but the heap.
static WAITERS: Lock<Vec<Waiter>> = Lock::new(Vec::new());

/// Waits until somebody wakes who waits at `place`, for one of `bits`; if the word there is
/// `expected`, and not beyond `deadline`.
pub fn wait(
    place: u64,
    expected: u32,
    bits: u32,
    deadline: Option<Duration>,
) -> Result<(), FutexError> {
    let masked = Masked::new();
    compare(place, expected)?;
    let handle = scheduler::current_handle();
    {
        let mut waiters = WAITERS.lock();
        waiters.try_reserve(1).map_err(|_| FutexError::NoMemory)?;
        waiters.push(Waiter { key: key(place), bits, handle });
    }
    scheduler::park(&masked, deadline);
    drop(masked);
    match take(|waiter| waiter.handle == handle) {
        None => Ok(()),
        Some(_) if scheduler::is_interrupted() => Err(FutexError::Interrupted),
        Some(_) => Err(FutexError::TimedOut),
    }
}

/// Wakes those who wait at `place`, for one of `bits`: `count` of them at most. The result is how
/// many that were.
pub fn wake(place: u64, bits: u32, count: usize) -> usize {
    let key = key(place);
    // None of them runs before all are woken, and comes back to be woken again.
    let _masked = Masked::new();
    let is_meant = |waiter: &Waiter| waiter.key == key && waiter.bits & bits != 0;
    let woken = core::iter::from_fn(|| take(is_meant)).take(count);
    // One whose time has just run out is awake already. It finds that it is in the list no more,
    // and takes that for having been woken: so it counts.
    woken.inspect(|waiter| _ = scheduler::unpark(waiter.handle)).count()
}

/// Whether the word at `place` is `expected`.
pub fn compare(place: u64, expected: u32) -> Result<(), FutexError> {
    let mut bytes = [0; 4];
    UserSlice::new(place, 4)?.read(0, &mut bytes)?;
    if u32::from_le_bytes(bytes) == expected { Ok(()) } else { Err(FutexError::Changed) }
}

/// Wakes `count` of those who wait at `place`, and lets as many as `others` of the rest wait at
/// `target` from here on. The result is how many that were, in all.
pub fn requeue(place: u64, count: usize, target: u64, others: usize) -> usize {
    let woken = wake(place, u32::MAX, count);
    let (from, to) = (key(place), key(target));
    let mut waiters = WAITERS.lock();
    let moved = waiters.iter_mut().filter(|waiter| waiter.key == from).take(others);
    woken + moved.map(|waiter| waiter.key = to).count()
}

/// The word at `place` of the process that runs.
fn key(place: u64) -> Key {
    (scheduler::program().expect("a program runs").root, place)
}

/// Takes out the first of those who wait that is such as `is_it` says.
fn take(is_it: impl Fn(&Waiter) -> bool) -> Option<Waiter> {
    let mut waiters = WAITERS.lock();
    let index = waiters.iter().position(is_it)?;
    Some(waiters.remove(index))
}
