//! Chapter 5: the ring between a handler and everybody else, and the line being typed.

// Nothing here is unsafe, and Miri cannot follow loom's threads.
#![cfg_attr(miri, allow(dead_code, reason = "nothing is tried under Miri"))]

#[path = "../../../../chapters/05-interrupts/src/input"]
#[allow(dead_code, reason = "the kernel uses what no test here does")]
mod input {
    pub mod line;
    pub mod ring;
}

#[path = "../../../../chapters/05-interrupts/exercises/atomic.rs"]
#[allow(dead_code, reason = "an exercise uses the rest")]
mod atomic;
#[path = "../../../../chapters/05-interrupts/exercises/interleavings.rs"]
mod interleavings;

#[cfg(not(miri))]
mod lines;
#[cfg(not(miri))]
mod queues;
#[cfg(not(miri))]
mod threads;
