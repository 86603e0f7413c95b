//! The rules of capabilities, as you have them: the kernel takes this file for its own `rules.rs`.
//!
//! Given, not to be written. What rights are stands in `sets.rs`; what may be done with them, and
//! without them, in `rights.rs`.
//!
//! ```text
//!  any call ── answer ─────────────> rights.rs, then the handler, or none
//!  capset   ── with ───────────────> rights.rs
//!  prctl    ── without_bounding ───> rights.rs
//!  execve   ── after_execve ───────> rights.rs
//! ```

use crate::process;
use crate::syscall::{Context, Descriptor, EPERM, Errno};

#[forbid(unsafe_code)]
#[allow(dead_code, unused_imports, reason = "until its holes are filled")]
mod rights;
#[allow(dead_code, reason = "some of it is unused until the holes are filled")]
mod sets;
#[cfg(feature = "ktest")]
mod tests;

pub use sets::{Capabilities, Capability, Refusal, Set};

/// What `rights.rs` will need once its holes are filled.
const _: fn(&Descriptor, &mut Context) -> Result<usize, Errno> =
    |call, context| (call.handler)(context);

/// Answers `call`, if the process that runs has the right to be answered.
pub fn answer(call: &Descriptor, mut context: Context) -> Result<usize, Errno> {
    #[cfg(feature = "ktest")]
    tests::watch();
    rights::answer(process::capabilities(), call, &mut context)
}

impl Capabilities {
    /// What the process has when it has got the three sets that it asks for.
    pub fn with(self, effective: Set, permitted: Set, inheritable: Set) -> Result<Self, Refusal> {
        rights::change(self, Self { effective, permitted, inheritable, ..self })
    }

    /// What the process has when the capability with this number is not in its bounding set.
    pub fn without_bounding(self, number: u64) -> Result<Self, Refusal> {
        rights::drop_bounding(self, number)
    }

    /// What the process has when it runs another program, as root.
    pub fn after_execve(self) -> Self {
        rights::after_execve(self)
    }
}
