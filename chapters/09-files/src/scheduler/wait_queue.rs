//! Wait queues: threads that wait for somebody to do something.
//!
//! Whoever waits first looks whether there is anything to wait for. Between that look and the sleep
//! the other must not come and wake: it would find nobody asleep, and the sleep would be for ever.
//! That is the *lost wake-up*. Here it cannot happen, since whoever waits is masked from the look
//! to the switch, so nobody else runs in between. And who is woken looks again: somebody may have
//! been quicker.

use super::policy::ThreadId;
use super::{Scheduler, State, alone, switch, with};
use crate::interrupts::Masked;
use crate::sync::Lock;

/// Threads that wait, first come, first served.
pub struct WaitQueue {
    /// Protects the ends of the queue; the links are in the threads. Who wants the threads as well
    /// locks them first.
    ends: Lock<Option<Ends>>,
}

#[derive(Clone, Copy)]
struct Ends {
    first: ThreadId,
    last: ThreadId,
}

impl WaitQueue {
    /// Makes one in which nobody waits.
    pub const fn new() -> Self {
        Self { ends: Lock::new(None) }
    }

    /// Waits until `look` finds something. It looks again whenever it was woken.
    ///
    /// # Panics
    ///
    /// When interrupts are masked already.
    #[track_caller]
    pub fn wait_until<T>(&self, mut look: impl FnMut() -> Option<T>) -> T {
        let masked = alone();
        loop {
            match look() {
                Some(found) => return found,
                None => self.wait(&masked),
            }
        }
    }

    /// Waits to be woken. What it waits for must have been looked for under `masked`.
    pub fn wait(&self, masked: &Masked) {
        with(|scheduler| {
            let current = scheduler.block(State::Blocked);
            self.push(scheduler, current);
        });
        switch(masked);
    }

    /// Wakes all who wait.
    pub fn wake_all(&self) {
        // None of them runs before all are woken, so none is woken twice.
        let _masked = Masked::new();
        while self.wake_one() {}
    }

    /// Wakes the one who has waited longest; whether there was one.
    pub fn wake_one(&self) -> bool {
        // Mostly nobody waits, and the threads need not be locked. Nobody is missed: whoever waits
        // is masked from the look to the place in the queue, so the others have looked or will.
        if self.ends.lock().is_none() {
            return false;
        }
        let woken = with(|scheduler| {
            let id = self.pop(scheduler)?;
            scheduler.wake(id);
            Some(id)
        });
        woken.flatten().is_some()
    }

    pub(super) fn push(&self, scheduler: &mut Scheduler, id: ThreadId) {
        let mut ends = self.ends.lock();
        let first = match *ends {
            Some(Ends { first, last }) => {
                scheduler.thread(last).behind = Some(id);
                first
            }
            None => id,
        };
        *ends = Some(Ends { first, last: id });
    }

    fn pop(&self, scheduler: &mut Scheduler) -> Option<ThreadId> {
        let mut ends = self.ends.lock();
        loop {
            let Ends { first, last } = (*ends)?;
            *ends = scheduler.thread(first).behind.take().map(|first| Ends { first, last });
            // Whoever was interrupted is awake already, and leaves the queue when it runs.
            if scheduler.thread(first).state == State::Blocked {
                return Some(first);
            }
        }
    }

    /// Takes `id` out of the queue, if it is there.
    pub(super) fn remove(&self, scheduler: &mut Scheduler, id: ThreadId) {
        let mut ends = self.ends.lock();
        let mut before = None;
        let mut next = ends.map(|ends| ends.first);
        while let Some(other) = next {
            next = scheduler.thread(other).behind;
            if other != id {
                before = Some(other);
                continue;
            }
            scheduler.thread(id).behind = None;
            match before {
                Some(before) => scheduler.thread(before).behind = next,
                None => *ends = next.zip(*ends).map(|(first, ends)| Ends { first, ..ends }),
            }
            if let (None, Some(last), Some(ends)) = (next, before, &mut *ends) {
                ends.last = last;
            }
        }
    }
}
