//! Parking: to wait for somebody who knows whom to wake.
//!
//! Who waits in a queue is found by the queue. Elsewhere somebody else keeps the list of those who
//! wait, and it is about something that has no place in the kernel: a word in a program's memory.
//! So the thread gives its [`Handle`] to that list and is *parked*, until somebody who found it
//! there *unparks* it.
//!
//! Between the look at what is waited for and the wait nobody may come and unpark. The caller is
//! masked meanwhile: that it must show a [`Masked`] is a reminder.

use core::time::Duration;

use super::spawn::Handle;
use super::thread::Wait;
use super::{switch, with};
use crate::interrupts::Masked;
use crate::timer;

/// Waits until somebody unparks the thread, until the clock shows `deadline` (not longer than a
/// tick beyond it), or until it is interrupted. Which of these it was the caller finds out by what
/// it looks at itself. What it waits for must have been looked for under `masked`.
pub fn park(masked: &Masked, deadline: Option<Duration>) {
    if super::is_interrupted() || deadline.is_some_and(|deadline| deadline <= timer::now()) {
        return;
    }
    with(|scheduler| {
        let current = scheduler.block_for(Wait::Parked, deadline);
        if let Some(deadline) = deadline {
            scheduler.add_sleeper(deadline, current);
        }
    });
    switch(masked);
}

/// Wakes the thread if it is parked; whether it was.
pub fn unpark(handle: Handle) -> bool {
    let is_woken = with(|scheduler| {
        let thread = scheduler.threads[handle.id.0].as_ref();
        let is_parked = thread
            .is_some_and(|thread| thread.serial == handle.serial && thread.wait == Wait::Parked);
        if is_parked {
            scheduler.cut_short(handle.id);
        }
        is_parked
    });
    is_woken.unwrap_or(false)
}
