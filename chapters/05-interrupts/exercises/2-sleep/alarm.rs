//! What your file talks to: the machine's one alarm, and those who want to be woken.
//!
//! Given, not to be written. Times are numbers of the counter, which never goes back.

use core::fmt;

/// The alarm: it interrupts once, at a time that it was told.
///
/// It may ring too early now and then: the timer of a PC counts no further than 55 ms, and somebody
/// may be on the way to set it when it rings. It never rings too late by more than the time that a
/// handler takes, and a time that is over rings at once.
pub trait Alarm {
    /// Rings at `time`, and no more at the time that it was told before.
    fn set(&mut self, time: u64);
}

/// Somebody who wants to be woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sleeper {
    /// When.
    pub deadline: u64,
    /// Whom. No two have the same name.
    pub name: usize,
}

/// How many can sleep at once.
pub const ROOM: usize = 16;

/// There is no room for one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{ROOM} are asleep already")
    }
}

impl core::error::Error for Full {}
