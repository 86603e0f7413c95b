//! News: that something has changed for which somebody may wait, among other things.
//!
//! Who reads a pipe waits in the queue of that pipe. Who asks ten descriptors at once cannot wait
//! in ten queues, since a thread has one link. So there is one queue for all who ask like that:
//! whatever changes is told to all of them, and they ask again. That is more work than need be when
//! many wait, and it cannot miss anything: whoever asks notes first how much was told until then.
//!
//! (Linux puts whoever polls into all the queues, with a piece of memory for each.)

use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;

use crate::input::terminal::wait_at_ticks;
use crate::scheduler::wait_queue::WaitQueue;
use crate::scheduler::{self, Interrupted};
use crate::timer;

/// How often something was told.
static COUNT: AtomicU64 = AtomicU64::new(0);

/// Those who wait for it, for as long as it takes.
static WAITING: WaitQueue = WaitQueue::new();

/// How often something was told. To be asked before what may change is looked at.
pub fn count() -> u64 {
    COUNT.load(Ordering::Relaxed)
}

/// Tells all who wait that something has changed, which they can see already.
pub fn tell() {
    COUNT.fetch_add(1, Ordering::Relaxed);
    WAITING.wake_all();
    // Who waits no longer than a time looks at each tick, and now.
    scheduler::interrupt_came();
}

/// Waits until something is told beyond the `seen` first, but not beyond `deadline`.
pub fn wait(seen: u64, deadline: Option<Duration>) -> Result<(), Interrupted> {
    match deadline {
        None => WAITING.wait_until_interrupted(|| (count() != seen).then_some(())),
        Some(deadline) => {
            wait_at_ticks(|| (count() != seen || timer::now() >= deadline).then_some(()))
        }
    }
}

#[cfg(feature = "ktest")]
#[path = "news_tests.rs"]
mod tests;
