//! What a process may do with its rights, and without them.
//!
//! Rights go, and do not come: what is permitted and what is bounded never grows by wish. The only
//! way back is another program, and it leads no further than the bounding set and what was
//! inherited. So to be rid of a right for good is to drop it in all of these places.

use super::{Capabilities, Capability, Context, Descriptor, EPERM, Errno, Refusal, Set};

/// Answers `call` for a process that has `rights`: by its handler, or by EPERM.
///
/// The handler is not asked before: it could tell something, or change it, or find another fault.
pub fn answer(
    rights: Capabilities,
    call: &Descriptor,
    context: &mut Context,
) -> Result<usize, Errno> {
    if call.capability.is_some_and(|capability| !has(rights, capability)) {
        return Err(Errno(EPERM));
    }
    (call.handler)(context)
}

/// What a process has that has `old` and asks for `wanted`, by `capset`. The bounding set of both
/// is the same.
pub fn change(old: Capabilities, wanted: Capabilities) -> Result<Capabilities, Refusal> {
    let may_inherit = has(old, Capability::SetCapabilities)
        || wanted.inheritable.is_within(old.inheritable | old.permitted);
    let is_allowed = may_inherit
        && wanted.inheritable.is_within(old.inheritable | old.bounding)
        && wanted.permitted.is_within(old.permitted)
        && wanted.effective.is_within(wanted.permitted);
    is_allowed.then_some(wanted).ok_or(Refusal::NotPermitted)
}

/// What a process has that has `old` and takes the capability with this `number` out of its
/// bounding set.
pub fn drop_bounding(old: Capabilities, number: u64) -> Result<Capabilities, Refusal> {
    if !has(old, Capability::SetCapabilities) {
        return Err(Refusal::NotPermitted);
    }
    Ok(Capabilities { bounding: old.bounding - Set::one(number)?, ..old })
}

/// What a process has that has `old` and runs another program, as root.
pub fn after_execve(old: Capabilities) -> Capabilities {
    let permitted = old.bounding | old.inheritable;
    Capabilities { effective: permitted, permitted, ..old }
}

/// Whether whoever has `rights` can use `capability`.
fn has(rights: Capabilities, capability: Capability) -> bool {
    Set::from(capability).is_within(rights.effective)
}
