//! A queue of bytes between an interrupt handler and everybody else, without a lock.

use super::storage::{Full, Ring};

impl Ring {
    /// Adds `byte` at the end, if there is room.
    pub fn push(&self, byte: u8) -> Result<(), Full> {
        todo!("put {byte} into its place, and say that it is there, unless there is no room")
    }

    /// Takes the first byte out, if there is one.
    pub fn pop(&self) -> Option<u8> {
        todo!("read the first byte, and say that its place is free again")
    }

    /// Whether there is no room. Only whoever pushes can rely on a no.
    pub fn is_full(&self) -> bool {
        todo!("compare the two numbers")
    }
}
