//! What a process may do with its rights, and without them.

use super::{Capabilities, Capability, Context, Descriptor, EPERM, Errno, Refusal, Set};

/// Answers `call` for a process that has `rights`: by its handler, or by EPERM.
pub fn answer(
    rights: Capabilities,
    call: &Descriptor,
    context: &mut Context,
) -> Result<usize, Errno> {
    let _ = context;
    todo!("may it be answered: {:?}, with {rights:?}", call.capability)
}

/// What a process has that has `old` and asks for `wanted`, by `capset`. The bounding set of both
/// is the same.
pub fn change(old: Capabilities, wanted: Capabilities) -> Result<Capabilities, Refusal> {
    todo!("may {old:?} become {wanted:?}")
}

/// What a process has that has `old` and takes the capability with this `number` out of its
/// bounding set.
pub fn drop_bounding(old: Capabilities, number: u64) -> Result<Capabilities, Refusal> {
    todo!("the bounding set of {old:?} loses number {number}")
}

/// What a process has that has `old` and runs another program, as root.
pub fn after_execve(old: Capabilities) -> Capabilities {
    todo!("what does another program get of {old:?}")
}
