//! Children, with your way to wait for them and to give them away: the kernel takes this file for
//! its own `children.rs`.
//!
//! Given, not to be written. What waits, and who inherits, stands in `reap.rs`.
//!
//! ```text
//!  wait4 ── wait_for_child, take_child ──> reap.rs
//!  exit  ── bequeath ────────────────────> reap.rs
//!  fork  ── find_parent ─────────────────> reap.rs
//! ```

use core::sync::atomic::{AtomicU32, Ordering};

use super::run::find;
use super::{Pid, Process};
use crate::scheduler::Interrupted;

#[forbid(unsafe_code)]
#[allow(unused_imports, reason = "until its holes are filled")]
mod reap;
#[cfg(feature = "ktest")]
mod tests;

pub(super) use reap::{bequeath, find_parent};
pub use reap::{take_child, wait_for_child};

/// What `reap.rs` will need once its holes are filled.
const _: fn(&Process) -> bool = Process::is_forgotten;
const _: fn(Which, &Process) -> bool = Which::means;

/// The process that inherits the children of all others; 0 while there is none.
static INIT: AtomicU32 = AtomicU32::new(0);

/// Which children somebody waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Which {
    /// The one that has this number, if it matters.
    pub pid: Option<Pid>,
    /// Those of this kind.
    pub kind: Kind,
}

/// What tells a parent of a child's end, which makes two kinds of them. (Linux, `man 2 wait`.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// SIGCHLD, as for a child that `fork` makes.
    Usual,
    /// Anything else, or nothing.
    Clones,
    /// Both.
    All,
}

impl Which {
    /// Any that is usual.
    #[cfg(feature = "ktest")]
    const ANY: Self = Self { pid: None, kind: Kind::Usual };

    /// This one, if it is usual.
    #[cfg(feature = "ktest")]
    fn one(pid: Pid) -> Self {
        Self { pid: Some(pid), ..Self::ANY }
    }

    /// Whether `process` is one of them, if it is a child at all.
    pub fn means(self, process: &Process) -> bool {
        let is_clone = process.clone_of == Some(process.parent);
        let is_kind = match self.kind {
            Kind::Usual => !is_clone,
            Kind::Clones => is_clone,
            Kind::All => true,
        };
        is_kind && self.pid.is_none_or(|pid| process.pid == pid)
    }
}

/// Why there is no child to tell of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitError {
    /// There is none, neither running nor ended.
    NoChild,
    /// Whoever waits is to end itself.
    Interrupted,
}

impl From<Interrupted> for WaitError {
    fn from(_: Interrupted) -> Self {
        Self::Interrupted
    }
}

/// Makes `pid` the one that inherits children.
pub fn set_init(pid: Pid) {
    INIT.store(pid.0, Ordering::Relaxed);
}

/// The process that inherits children; number 0, which is the kernel, if there is none.
pub fn init() -> Pid {
    Pid(INIT.load(Ordering::Relaxed))
}

/// Whether `pid` is the one that inherits children.
pub fn is_init(pid: Pid) -> bool {
    pid.0 != 0 && init() == pid
}

/// Whether there is a process with this number, even if it has ended.
pub fn exists(pid: Pid) -> bool {
    find(|process| (process.pid == pid).then_some(())).is_some()
}

/// The parent of the process that runs.
pub fn parent() -> Pid {
    super::with_current(|process| process.parent)
}
