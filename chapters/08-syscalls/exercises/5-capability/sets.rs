//! Rights, sets of them, and why one is refused.
//!
//! Given, not to be written. What a process may make of its rights stands in `rights.rs`.

use core::ops::{BitOr, Sub};

/// A right, by Linux's number of it. (Linux, `include/uapi/linux/capability.h`.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Capability {
    /// CAP_SETPCAP: to shrink the bounding set, and to inherit what is not permitted.
    SetCapabilities = 8,
    /// CAP_SYS_ADMIN: a lot; here, to give the machine a name.
    Admin = 21,
    /// CAP_SYS_BOOT: to switch the machine off.
    Boot = 22,
    /// CAP_SYS_TIME: to set the clock.
    Time = 25,
}

/// How many capabilities Linux has.
pub const COUNT: u32 = 41;

/// Some of them, a bit each, by their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Set(u64);

/// The rights of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// What it can use at once.
    pub effective: Set,
    /// What it may have in `effective`.
    pub permitted: Set,
    /// What it would keep.
    pub inheritable: Set,
    /// What it can get back.
    pub bounding: Set,
}

/// Why the rights of a process stay as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It would have more than it may.
    NotPermitted,
    /// There is no capability of this number.
    Unknown,
}

impl Set {
    /// None.
    pub const NONE: Self = Self(0);

    /// All that there are.
    pub const ALL: Self = Self((1 << COUNT) - 1);

    /// Those whose bits are set. What is no capability is left out.
    pub const fn new(bits: u64) -> Self {
        Self(bits & Self::ALL.0)
    }

    /// A bit for each of them.
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// Whether all of them are in `other`.
    pub const fn is_within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// The one with this number.
    pub fn one(number: u64) -> Result<Self, Refusal> {
        if number < u64::from(COUNT) { Ok(Self(1 << number)) } else { Err(Refusal::Unknown) }
    }
}

impl From<Capability> for Set {
    fn from(capability: Capability) -> Self {
        Self(1 << capability as u32)
    }
}

impl BitOr for Set {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl Sub for Set {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

impl Capabilities {
    /// Those of the first process.
    pub const ALL: Self = Self {
        effective: Set::ALL,
        permitted: Set::ALL,
        inheritable: Set::NONE,
        bounding: Set::ALL,
    };
}
