//! The threads of a process, as it knows them itself.
//!
//! The scheduler knows all threads, and what they are doing. A process must know how many of its
//! own are left, and what each wants to happen when it ends: a word of the program's memory becomes
//! zero, and whoever waits for that is woken. It is how a program waits for its own threads; the
//! kernel needs no call for it.

use super::run::{find, with_current};
use super::user::UserSlice;
use super::{Exit, Pid, Process, futex};
use crate::memory::paging::MapError;
use crate::scheduler;

/// A thread of a process.
#[derive(Clone, Copy, Debug)]
pub struct UserThread {
    tid: Pid,
    /// Where a zero is written when it ends.
    clear_tid: Option<u64>,
}

impl UserThread {
    /// The thread `tid`, at whose end the word at `clear_tid` is to become zero.
    pub fn new(tid: Pid, clear_tid: Option<u64>) -> Self {
        Self { tid, clear_tid }
    }

    /// Makes it the thread `tid`, which has nothing to be done at its end.
    pub(super) fn rename(&mut self, tid: Pid) {
        *self = Self::new(tid, None);
    }
}

/// The number of the thread that runs.
pub fn current_tid() -> Pid {
    scheduler::program().expect("a program runs").tid
}

/// The process that `number` means: by its own, or by that of one of its threads.
pub fn process_of(number: Pid) -> Option<Pid> {
    find(|process| process.has_number(number).then_some(process.pid))
}

/// Says that the word at `place` is to become zero when the thread that runs ends.
pub fn set_clear_tid(place: u64) {
    let tid = current_tid();
    with_current(|process| {
        if let Some(thread) = process.threads.iter_mut().find(|thread| thread.tid == tid) {
            thread.clear_tid = (place != 0).then_some(place);
        }
    });
}

/// Does what the thread that runs has wanted for its end: when it ends, or leaves its memory to
/// become another program.
pub(super) fn clear_tid() {
    let tid = current_tid();
    let place =
        with_current(|process| process.threads.iter().find(|thread| thread.tid == tid)?.clear_tid);
    if let Some(place) = place {
        // A program that has given the word back meanwhile does not wait for it.
        let _ = UserSlice::new(place, 4).and_then(|word| word.write(0, &[0; 4]));
        futex::wake(place, u32::MAX, 1);
    }
}

/// Notes that the thread that runs goes, since it ends as `exit` says; whether there are others. If
/// there are none, that is how the process ends.
pub(super) fn leave(exit: Exit) -> bool {
    let tid = current_tid();
    with_current(|process| {
        process.forget_thread(tid);
        let is_last = process.threads.is_empty();
        if is_last {
            process.ending.get_or_insert(exit);
        }
        !is_last
    })
}

impl Process {
    /// Whether `number` means it: its own, or that of one of its threads.
    pub(super) fn has_number(&self, number: Pid) -> bool {
        self.pid == number || self.threads.iter().any(|thread| thread.tid == number)
    }

    /// Notes its first thread.
    pub(super) fn add_first_thread(&mut self, thread: UserThread) -> Result<(), MapError> {
        self.threads.try_reserve(1).map_err(|_| MapError::OutOfFrames)?;
        self.threads.push(thread);
        Ok(())
    }

    /// Notes another thread of it, which the thread `parent` makes.
    pub(super) fn add_thread(&mut self, parent: Pid, thread: UserThread) -> Result<(), MapError> {
        self.add_first_thread(thread)?;
        let noted = self.signals.add_thread(parent, thread.tid);
        noted.inspect_err(|_| self.forget_thread(thread.tid)).map_err(|_| MapError::OutOfFrames)
    }

    /// Forgets the thread `tid` of it.
    pub(super) fn forget_thread(&mut self, tid: Pid) {
        self.threads.retain(|thread| thread.tid != tid);
        self.signals.remove_thread(tid);
    }
}
