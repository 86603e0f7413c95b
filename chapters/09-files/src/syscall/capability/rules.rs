//! The rules of capabilities: what a process may make of what it has.
//!
//! Once there was one right: to be root, and to be allowed everything. A capability is a piece of
//! it. A process has four sets of them:
//!
//! ```text
//!  effective    what the kernel looks at when it is asked for something
//!  permitted    what it may take into `effective`; what is dropped here is gone
//!  inheritable  what it wishes to keep when it runs another program
//!  bounding     what a program may give back to it at the most
//! ```
//!
//! A process gives up more than it gets: no rule makes `permitted` or `bounding` larger but one. To
//! run a program as root fills `permitted` anew, up to `bounding`; so who wants to get rid of a
//! right for good drops it there as well.
//!
//! Linux also has an *ambient* set, for users other than root, and rights that stick to files. Here
//! everybody is root, and there are neither. Linux, `man 7 capabilities`; security/commoncap.c,
//! `cap_capset`, `cap_prctl_drop` and `handle_privileged_root`.

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

    /// Whether the process has the right to what needs `capability`.
    pub fn has(self, capability: Capability) -> bool {
        Set::from(capability).is_within(self.effective)
    }

    /// What the process has when it has got the three sets that it asks for, all or nothing.
    pub fn with(self, effective: Set, permitted: Set, inheritable: Set) -> Result<Self, Refusal> {
        let may_inherit = self.inheritable | self.permitted;
        let is_allowed = (self.has(Capability::SetCapabilities)
            || inheritable.is_within(may_inherit))
            && inheritable.is_within(self.inheritable | self.bounding)
            && permitted.is_within(self.permitted)
            && effective.is_within(permitted);
        let wanted = Self { effective, permitted, inheritable, ..self };
        is_allowed.then_some(wanted).ok_or(Refusal::NotPermitted)
    }

    /// What the process has when the capability with this number is not in its bounding set any
    /// more. It keeps it, until it runs another program.
    pub fn without_bounding(self, number: u64) -> Result<Self, Refusal> {
        if !self.has(Capability::SetCapabilities) {
            return Err(Refusal::NotPermitted);
        }
        Ok(Self { bounding: self.bounding - Set::one(number)?, ..self })
    }

    /// What the process has when it runs another program, as root. What it had dropped comes back,
    /// if it is in `bounding` or in `inheritable`. (A child of `fork` has what its parent
    /// has.)
    pub fn after_execve(self) -> Self {
        let permitted = self.bounding | self.inheritable;
        Self { effective: permitted, permitted, ..self }
    }
}
