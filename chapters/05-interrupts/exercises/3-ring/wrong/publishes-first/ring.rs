//! A queue of bytes between an interrupt handler and everybody else, without a lock.

use core::sync::atomic::Ordering;

use super::storage::{Full, Ring, SIZE};

impl Ring {
    /// Adds `byte` at the end, if there is room.
    pub fn push(&self, byte: u8) -> Result<(), Full> {
        let pushed = self.pushed.load(Ordering::Relaxed);
        let popped = self.popped.load(Ordering::Acquire);
        if pushed.wrapping_sub(popped) == SIZE {
            return Err(Full);
        }
        self.pushed.store(pushed.wrapping_add(1), Ordering::Release);
        self.bytes[pushed % SIZE].store(byte, Ordering::Relaxed);
        Ok(())
    }

    /// Takes the first byte out, if there is one.
    pub fn pop(&self) -> Option<u8> {
        let popped = self.popped.load(Ordering::Relaxed);
        let pushed = self.pushed.load(Ordering::Acquire);
        if pushed == popped {
            return None;
        }
        let byte = self.bytes[popped % SIZE].load(Ordering::Relaxed);
        self.popped.store(popped.wrapping_add(1), Ordering::Release);
        Some(byte)
    }

    /// Whether there is no room. Only whoever pushes can rely on a no.
    pub fn is_full(&self) -> bool {
        let popped = self.popped.load(Ordering::Acquire);
        self.pushed.load(Ordering::Relaxed).wrapping_sub(popped) == SIZE
    }
}
