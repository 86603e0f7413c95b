//! The stack pointer: whether it points to a stack.
//!
//! A function stores to the stack before it does anything else, so a stack pointer that was never
//! set kills at the first call, at an address that looks like any wild pointer. Two things give it
//! away: no memory lies at the stack pointer, and what could not be accessed lies near it. Near
//! means around the end of the address space as well: from 0 a stack grows down to the very top.

use super::machine::Place;
use super::scene::Scene;

/// An access this close to the stack pointer is one to the stack.
const NEAR: u64 = 0x200;

/// What is wrong with a stack pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum StackFault {
    /// There is no memory at it.
    NoMemory { what: String },
    /// It has left the boot stack at the lower end, by so many bytes.
    Overflow { bytes: u64 },
}

/// What is wrong with the stack pointer `pointer`, where `accessed` could not be accessed; `None`
/// if it may be right.
pub(super) fn check(scene: &mut Scene, pointer: u64, accessed: Option<u64>) -> Option<StackFault> {
    if let Some(stack) = scene.image.stack() {
        // A full stack is as good as an empty one: the next push goes below the pointer.
        if (stack.start..=stack.end).contains(&pointer) {
            return None;
        }
        if pointer < stack.start && scene.image.section(pointer).is_some() {
            return Some(StackFault::Overflow { bytes: stack.start - pointer });
        }
    }
    let below = pointer.wrapping_sub(8);
    let accessed = accessed.filter(|address| distance(*address, pointer) <= NEAR);
    let used = std::iter::once(below).chain(accessed);
    let bad = used.into_iter().find(|address| !may_be_stack(scene, *address))?;
    Some(StackFault::NoMemory { what: scene.describe(bad) })
}

/// Whether `pointer` is where a stack gets to that began at zero, in 64-bit or in 32-bit code.
pub(super) fn began_at_zero(pointer: u64) -> bool {
    const PUSHED: u64 = 0x1000;
    const END_OF_32_BITS: u64 = 1 << 32;
    distance(pointer, 0) <= PUSHED || (END_OF_32_BITS - PUSHED..END_OF_32_BITS).contains(&pointer)
}

/// How far two addresses are from each other, the short way around.
pub(super) fn distance(one: u64, other: u64) -> u64 {
    one.wrapping_sub(other).min(other.wrapping_sub(one))
}

fn may_be_stack(scene: &mut Scene, address: u64) -> bool {
    match scene.machine.place(address) {
        Place::Memory(name) => name.ends_with(".ram"),
        Place::Unknown => true,
        _ => false,
    }
}
