//! Sleep: to wait for a time.

use core::time::Duration;

use super::policy::ThreadId;
use super::{Scheduler, State, alone, switch, with};

/// Waits until the clock shows `deadline`; not longer than a tick beyond it, if nobody more urgent
/// has the processor then.
///
/// # Panics
///
/// When interrupts are masked already.
#[track_caller]
pub fn sleep_until(deadline: Duration) {
    let masked = alone();
    while crate::timer::now() < deadline {
        let blocked = with(|scheduler| {
            let current = scheduler.block(State::Sleeping);
            scheduler.add_sleeper(deadline, current);
        });
        if blocked.is_none() {
            // There are no threads yet.
            crate::arch::wait_for_interrupt();
            continue;
        }
        switch(&masked);
    }
}

impl Scheduler {
    /// Notes that `id` sleeps until `deadline`.
    pub(super) fn add_sleeper(&mut self, deadline: Duration, id: ThreadId) {
        // Who wakes first is last, where it is taken away without moving the others. Of two with
        // the same deadline the one that came first wakes first.
        let place = self.sleepers.partition_point(|(other, _)| *other > deadline);
        self.sleepers.insert(place, (deadline, id));
    }

    /// Wakes those whose time has come.
    pub(super) fn wake_sleepers(&mut self, now: Duration) {
        while let Some((_, id)) = self.sleepers.pop_if(|(deadline, _)| *deadline <= now) {
            self.wake(id);
        }
    }
}
