//! A queue of bytes between an interrupt handler and everybody else, without a lock.
//!
//! Each number is written by one side only. A byte is written before the number that shows it
//! (Release), and read after that number (Acquire); its place is free when the other number says
//! so, by the same means in the other direction. So neither side ever waits for the other.

use core::sync::atomic::Ordering;

use super::storage::{Full, Ring, SIZE};

impl Ring {
    /// Adds `byte` at the end, if there is room.
    pub fn push(&self, byte: u8) -> Result<(), Full> {
        let pushed = self.pushed.load(Ordering::Relaxed);
        // Acquire: the byte that was there has been read.
        let popped = self.popped.load(Ordering::Acquire);
        if pushed.wrapping_sub(popped) == SIZE {
            return Err(Full);
        }
        self.bytes[pushed % SIZE].store(byte, Ordering::Relaxed);
        // Release: whoever sees the number sees the byte.
        self.pushed.store(pushed.wrapping_add(1), Ordering::Release);
        Ok(())
    }

    /// Takes the first byte out, if there is one.
    pub fn pop(&self) -> Option<u8> {
        let popped = self.popped.load(Ordering::Relaxed);
        // Acquire: the byte is there.
        let pushed = self.pushed.load(Ordering::Acquire);
        if pushed == popped {
            return None;
        }
        let byte = self.bytes[popped % SIZE].load(Ordering::Relaxed);
        // Release: whoever sees the number may write to the byte's place.
        self.popped.store(popped.wrapping_add(1), Ordering::Release);
        Some(byte)
    }

    /// Whether there is no room. Only whoever pushes can rely on a no.
    pub fn is_full(&self) -> bool {
        let popped = self.popped.load(Ordering::Acquire);
        self.pushed.load(Ordering::Relaxed).wrapping_sub(popped) == SIZE
    }
}
