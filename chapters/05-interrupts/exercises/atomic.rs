//! Atomics that are as late as the rules allow.
//!
//! Given, not to be written. On a processor that runs in order, most mistakes in code without locks
//! never show. These take the place of `core::sync::atomic` while a file is tried on the host. By
//! `loom` every load may give an old value where nothing forbids it, and other threads run
//! between any two calls.
//!
//! Two things are added. On a [`Machine::Strong`] every load and store is ordered, whatever the
//! code asks for, which tells a wrong order of lines from a missing `Acquire`. And a byte knows
//! whether it was read: whoever stores the next one must know so, too. (A load that comes out later
//! than a store behind it is allowed on real machines, but none of loom's cases.)

use std::cell::Cell;
use std::sync::atomic::AtomicUsize as Plain;

use loom::sync::atomic::{AtomicU8 as LateByte, AtomicUsize as LateWord};

pub use loom::sync::atomic::Ordering;

/// How much a machine reorders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Machine {
    /// Nothing.
    Strong,
    /// All that the code does not forbid.
    Weak,
}

thread_local! {
    static MACHINE: Cell<Machine> = const { Cell::new(Machine::Weak) };
    static OVERWRITTEN: Cell<usize> = const { Cell::new(0) };
}

/// Begins anew, on `machine`.
pub fn begin(machine: Machine) {
    MACHINE.set(machine);
    OVERWRITTEN.set(0);
}

/// How many bytes were stored where the one before was not known to have been read.
pub fn overwritten() -> usize {
    OVERWRITTEN.get()
}

fn of_load(ordering: Ordering) -> Ordering {
    if MACHINE.get() == Machine::Strong { Ordering::Acquire } else { ordering }
}

fn of_store(ordering: Ordering) -> Ordering {
    if MACHINE.get() == Machine::Strong { Ordering::Release } else { ordering }
}

/// A number.
#[derive(Debug)]
pub struct AtomicUsize {
    value: LateWord,
    /// Written by every load: loom remembers the last access only, and would not try what happens
    /// if another thread's load before it came later.
    loads: LateWord,
}

impl AtomicUsize {
    /// Makes one.
    pub fn new(value: usize) -> Self {
        Self { value: LateWord::new(value), loads: LateWord::new(0) }
    }

    /// Reads it.
    pub fn load(&self, ordering: Ordering) -> usize {
        self.loads.fetch_add(1, Ordering::Relaxed);
        self.value.load(of_load(ordering))
    }

    /// Writes it.
    pub fn store(&self, value: usize, ordering: Ordering) {
        self.value.store(value, of_store(ordering));
    }

    /// Adds to it.
    pub fn fetch_add(&self, value: usize, ordering: Ordering) -> usize {
        self.value.fetch_add(value, ordering)
    }

    /// Subtracts from it.
    pub fn fetch_sub(&self, value: usize, ordering: Ordering) -> usize {
        self.value.fetch_sub(value, ordering)
    }
}

/// A byte that one thread stores and another loads, in turns.
#[derive(Debug)]
pub struct AtomicU8 {
    value: LateByte,
    stores: Plain,
    loads: Plain,
    /// How many loads are over, as far as others can know.
    loads_known: LateWord,
}

impl AtomicU8 {
    /// Makes one that waits for its first store.
    pub fn new(value: u8) -> Self {
        let (stores, loads) = (Plain::new(0), Plain::new(0));
        Self { value: LateByte::new(value), stores, loads, loads_known: LateWord::new(0) }
    }

    /// Reads it.
    pub fn load(&self, ordering: Ordering) -> u8 {
        let value = self.value.load(of_load(ordering));
        let loads = self.loads.fetch_add(1, Ordering::Relaxed) + 1;
        self.loads_known.store(loads, of_store(Ordering::Relaxed));
        value
    }

    /// Writes it.
    pub fn store(&self, value: u8, ordering: Ordering) {
        let loads = self.loads_known.load(of_load(Ordering::Relaxed));
        if loads < self.stores.fetch_add(1, Ordering::Relaxed) {
            OVERWRITTEN.set(OVERWRITTEN.get() + 1);
        }
        self.value.store(value, of_store(ordering));
    }
}
