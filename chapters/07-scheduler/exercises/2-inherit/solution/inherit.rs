//! Priority inheritance: whoever holds what others wait for is as urgent as the most urgent of
//! them.
//!
//! ```text
//!  High  waits for  Normal  waits for  Low      Low stands at High: for Normal does, too
//!  Normal, High  both wait for  Low             Low stands at High, by either of its mutexes
//! ```

use super::waits::{Threads, Wait};
use super::{Level, ThreadId};

/// Who of `waits` gets the mutex `key`: the most urgent; of equals, the one that waits longest.
pub fn heir(waits: impl Iterator<Item = Wait>, key: usize) -> Option<ThreadId> {
    let most_urgent = waits.filter(|wait| wait.key == key).reduce(|best, wait| {
        let is_before =
            wait.level > best.level || wait.level == best.level && wait.since < best.since;
        if is_before { wait } else { best }
    });
    most_urgent.map(|wait| wait.waiter)
}

/// Somebody has begun to wait for `holder`, and is among those who wait already.
pub fn begin_to_wait(threads: &mut impl Threads, holder: ThreadId) {
    inherit(threads, holder);
}

/// `former` has let go of a mutex; `heir` has it now, if anybody wanted it, and whoever still waits
/// for it waits for `heir`.
pub fn let_go(threads: &mut impl Threads, former: ThreadId, heir: Option<ThreadId>) {
    inherit(threads, former);
    if let Some(heir) = heir {
        inherit(threads, heir);
    }
}

/// Lends `holder` what those who wait for it are worth; then whoever that one waits for, and so on.
fn inherit(threads: &mut impl Threads, holder: ThreadId) {
    let mut next = Some(holder);
    // A chain has an end, or it is a circle: a deadlock, which no level mends.
    let mut left = threads.waits().count() + 1;
    while let Some(id) = next
        && left > 0
    {
        let levels = threads.waits().filter(|wait| wait.holder == id).map(|wait| wait.level);
        let floor = levels.max().unwrap_or(Level::Idle);
        threads.lend(id, floor);
        next = threads.waits().find(|wait| wait.waiter == id).map(|wait| wait.holder);
        left -= 1;
    }
}
