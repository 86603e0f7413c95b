//! The levels of the scheduler, from the one that runs last to the one that runs first.
//!
//! A level has a height in the picture as well as a colour: whoever sees no colours, or prints the
//! page, sees a thread rise and sink all the same.

use std::fmt;

/// A level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Runs when nobody else wants to.
    Idle,
    /// For what takes long and is not waited for.
    Low,
    /// Where most begin.
    Normal,
    /// For what is waited for.
    High,
    /// Runs before all others.
    Realtime,
}

impl Level {
    /// All of them, the lowest first.
    pub const ALL: [Self; 5] = [Self::Idle, Self::Low, Self::Normal, Self::High, Self::Realtime];

    /// The level called `name`.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }

    /// What the kernel calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
            Self::Realtime => "realtime",
        }
    }

    /// Its place among all, from 0.
    pub fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(self.name())
    }
}
