//! What an end of a pipe is for.
//!
//! A pipe is made with an end to read and one to write. Who opens it once more, by its name below
//! `/proc`, may want either, or both at once. Linux, `fs/pipe.c`, `fifo_open`.

use linux_raw_sys::general::{O_ACCMODE, O_RDONLY, O_RDWR, O_WRONLY};

use crate::file::FileError;

/// What an end is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// To read.
    Read,
    /// To write.
    Write,
    /// To do both.
    Both,
}

impl Side {
    /// What an end is for that is opened with `flags`.
    pub fn of(flags: u32) -> Result<Self, FileError> {
        match flags & O_ACCMODE {
            O_RDONLY => Ok(Self::Read),
            O_WRONLY => Ok(Self::Write),
            O_RDWR => Ok(Self::Both),
            _ => Err(FileError::Invalid),
        }
    }

    /// Whether it is to read.
    pub fn reads(self) -> bool {
        self != Self::Write
    }

    /// Whether it is to write.
    pub fn writes(self) -> bool {
        self != Self::Read
    }
}
