//! The stack pointer: whether it points to a stack.

use super::machine::Place;
use super::scene::Scene;

/// What is wrong with a stack pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum StackFault {
    /// There is no memory at it.
    NoMemory { what: String },
    /// It has left the boot stack at the lower end, by so many bytes.
    Overflow { bytes: u64 },
}

/// What is wrong with the stack pointer `pointer`; `None` if it may be right.
pub(super) fn check(scene: &mut Scene, pointer: u64) -> Option<StackFault> {
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
    match scene.machine.place(below) {
        Place::Memory(name) if name.ends_with(".ram") => None,
        Place::Unknown => None,
        _ => Some(StackFault::NoMemory { what: scene.describe(below) }),
    }
}
