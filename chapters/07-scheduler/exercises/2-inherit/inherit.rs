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
    todo!("find who of those who wait for {key} gets it")
}

/// Somebody has begun to wait for `holder`, and is among those who wait already.
pub fn begin_to_wait(threads: &mut impl Threads, holder: ThreadId) {
    let least = Level::Idle;
    todo!("lend {holder:?} the highest level of those who wait for it, or {least:?}; and go on")
}

/// `former` has let go of a mutex; `heir` has it now, if anybody wanted it, and whoever still waits
/// for it waits for `heir`.
pub fn let_go(threads: &mut impl Threads, former: ThreadId, heir: Option<ThreadId>) {
    todo!("take back from {former:?} what was lent for the mutex, and lend it to {heir:?}")
}
