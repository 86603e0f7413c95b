//! What is known of a frame, and what can be wrong with what somebody does to it.
//!
//! Given, not to be written.

use core::fmt;

use super::address::PhysAddr;

/// The name of somebody who takes frames, such as `disk`.
pub type Owner = &'static str;

/// What is known of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nobody has ever had it.
    Fresh,
    /// `owner` has it.
    Taken { owner: Owner },
    /// It is free again, since `by` gave it back.
    Back { by: Owner },
}

/// What somebody, `by`, does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Complaint {
    /// No frame of this ledger begins at `frame`.
    Foreign { frame: PhysAddr, by: Owner },
    /// Gives back what nobody has ever had.
    NeverTaken { frame: PhysAddr, by: Owner },
    /// Gives back what `owner` has.
    NotYours { frame: PhysAddr, owner: Owner, by: Owner },
    /// Gives back what `first` has given back before.
    DoubleFree { frame: PhysAddr, first: Owner, by: Owner },
    /// Takes what `owner` has.
    InUse { frame: PhysAddr, owner: Owner, by: Owner },
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Foreign { frame, by } => write!(f, "{frame:?} of {by} is no frame of ours"),
            Self::NeverTaken { frame, by } => {
                write!(f, "frame {frame:?} is given back by {by}, and nobody ever had it")
            }
            Self::NotYours { frame, owner, by } => {
                write!(f, "frame {frame:?} is given back by {by}, and is {owner}'s")
            }
            Self::DoubleFree { frame, first, by } => {
                write!(f, "frame {frame:?} is given back by {by}, and was before by {first}")
            }
            Self::InUse { frame, owner, by } => {
                write!(f, "frame {frame:?} is taken by {by}, and is {owner}'s")
            }
        }
    }
}

impl core::error::Error for Complaint {}
