//! A queue of bytes between an interrupt handler and everybody else, without a lock.
//!
//! One side only pushes, the other only pops, and each has an index of its own that nobody else
//! writes. A byte is written before the index that makes it visible (Release), and read after it
//! (Acquire). So neither side ever waits for the other.
//!
//! ```text
//!            popped            pushed
//!              |                 |
//!  |           | h e l l o       |           |     indices go on for ever;
//!   free         to be read       free             a byte's place is the index modulo SIZE
//! ```
//!
//! Two who push at once would overwrite each other's byte; no memory but the queue's would suffer.

use core::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

/// How many bytes it holds: a power of two, so that indices may overflow.
pub const SIZE: usize = 256;

const _: () = assert!(SIZE.is_power_of_two());

/// The queue.
pub struct Ring {
    bytes: [AtomicU8; SIZE],
    /// How many bytes were ever pushed; written by whoever pushes.
    pushed: AtomicUsize,
    /// How many were ever popped; written by whoever pops.
    popped: AtomicUsize,
}

impl Ring {
    /// Makes an empty queue.
    pub const fn new() -> Self {
        let bytes = [const { AtomicU8::new(0) }; SIZE];
        Self { bytes, pushed: AtomicUsize::new(0), popped: AtomicUsize::new(0) }
    }

    /// Adds `byte` at the end, if there is room.
    pub fn push(&self, byte: u8) -> Result<(), Full> {
        let pushed = self.pushed.load(Ordering::Relaxed);
        // Acquire: the byte that was there has been read.
        if pushed.wrapping_sub(self.popped.load(Ordering::Acquire)) == SIZE {
            return Err(Full);
        }
        self.bytes[pushed % SIZE].store(byte, Ordering::Relaxed);
        // Release: whoever sees the index sees the byte.
        self.pushed.store(pushed.wrapping_add(1), Ordering::Release);
        Ok(())
    }

    /// Takes the first byte out, if there is one.
    pub fn pop(&self) -> Option<u8> {
        let popped = self.popped.load(Ordering::Relaxed);
        // Acquire: the byte is there.
        if popped == self.pushed.load(Ordering::Acquire) {
            return None;
        }
        let byte = self.bytes[popped % SIZE].load(Ordering::Relaxed);
        // Release: whoever sees the index may write to the byte's place.
        self.popped.store(popped.wrapping_add(1), Ordering::Release);
        Some(byte)
    }

    /// Whether there is no room. Only whoever pushes can rely on a no.
    pub fn is_full(&self) -> bool {
        let popped = self.popped.load(Ordering::Acquire);
        self.pushed.load(Ordering::Relaxed).wrapping_sub(popped) == SIZE
    }
}

impl Ring {
    /// How many bytes there are. Only whoever pops can rely on there being as many.
    pub fn len(&self) -> usize {
        let popped = self.popped.load(Ordering::Acquire);
        self.pushed.load(Ordering::Acquire).wrapping_sub(popped)
    }
}

/// There is no room for another byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;
