//! System calls: what a program can ask of the kernel.
//!
//! The numbers, the registers and the errors are Linux's, so a program made for Linux runs here as
//! far as its calls are known; one that is not is answered by ENOSYS, and the program decides what
//! to make of that. An error is returned as its negative number.

#[cfg(feature = "ktest")]
mod abuse_tests;
pub mod capability;
mod console;
pub mod files;
pub mod flags;
mod group;
mod identity;
mod ioctl;
mod kind;
mod limits;
mod memory;
#[cfg(feature = "ktest")]
mod misuse_tests;
pub mod name;
pub mod poll;
pub mod process;
mod processor;
pub mod select;
mod signal;
pub mod strace;
mod system;
mod table;
mod thread;
pub mod time;
pub mod unknown;
mod usage;
mod vectors;
pub mod words;

use linux_raw_sys::errno::{EFAULT, ENOSYS, EPERM};

use crate::arch::{self, TrapFrame};
use crate::process::leave_if_ending;
use crate::process::user::BadAddress;
#[cfg(exercise = "08-capability")]
use capability::answer;
pub use kind::Kind;
pub use table::{Context, Descriptor};

/// What a program asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// Which call it is.
    pub number: u32,
    /// Up to six arguments; those that it does not have are whatever was in the registers.
    pub arguments: [u64; 6],
}

/// Why a call fails, as Linux numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Errno(pub u32);

impl From<BadAddress> for Errno {
    fn from(_: BadAddress) -> Self {
        Self(EFAULT)
    }
}

/// Does what the program in `frame` asks for. It may take long, so it may be interrupted.
pub fn take(frame: &mut TrapFrame) {
    arch::unmask_interrupts();
    handle(frame);
    leave_if_ending();
    arch::mask_interrupts();
}

/// Does what the program in `frame` asks for, and gives it the answer.
fn handle(frame: &mut TrapFrame) {
    let call = frame.system_call();
    let result = if strace::is_on() { strace::print(call, frame) } else { respond(call, frame) };
    frame.set_result(match result {
        Ok(value) => value as i64,
        Err(Errno(number)) => -i64::from(number),
    });
}

/// Finds out who can answer, and lets it.
fn respond(Call { number, arguments }: Call, frame: &mut TrapFrame) -> Result<usize, Errno> {
    match table::find(number) {
        Some(call) => answer(call, Context { arguments, frame }),
        None => {
            unknown::note(number);
            Err(Errno(ENOSYS))
        }
    }
}

/// Answers `call`, if the process has the right to be answered.
#[cfg(not(exercise = "08-capability"))]
fn answer(call: &Descriptor, mut context: Context) -> Result<usize, Errno> {
    if call.capability.is_some_and(|capability| !crate::process::capabilities().has(capability)) {
        return Err(Errno(EPERM));
    }
    (call.handler)(&mut context)
}

#[cfg(feature = "ktest")]
mod tests;
