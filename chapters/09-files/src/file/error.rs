//! Why something cannot be done with a file.

use alloc::collections::TryReserveError;
use core::fmt;

use crate::memory::bitmap::FrameError;
use crate::memory::paging::MapError;
use crate::process::user::BadAddress;
use crate::scheduler::Interrupted;

/// Why something cannot be done with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileError {
    /// Nothing has this name.
    NotFound,
    /// Something has this name already.
    Exists,
    /// What would have to be a folder is none.
    NotAFolder,
    /// What must not be a folder is one.
    IsAFolder,
    /// A folder that would have to be empty is not.
    NotEmpty,
    /// A folder would come to be inside of itself, or a number has no meaning.
    Invalid,
    /// It is in use, as the root is.
    Busy,
    /// Too many links lead to each other.
    TooManyLinks,
    /// A name is longer than 255 bytes, or a path than 4095.
    NameTooLong,
    /// Nobody may do this.
    NotPermitted,
    /// It was not opened, or is not there, for this.
    Denied,
    /// The two are not in the same file system.
    CrossesDevices,
    /// Files have taken all memory that is for them.
    NoSpace,
    /// The kernel has no memory for it.
    NoMemory,
    /// A file cannot be so long.
    TooLarge,
    /// This number is no descriptor's, or not one for this.
    BadDescriptor,
    /// The process has as many descriptors as it may.
    TooManyOpen,
    /// The program's memory is not there.
    BadAddress,
    /// It has no places to go to.
    NotSeekable,
    /// Nobody is left who could read.
    BrokenPipe,
    /// It would have to wait, and is not to.
    WouldWait,
    /// The thread that waits is to end.
    Interrupted,
    /// It cannot be memory.
    NotMappable,
    /// There is no such device, or nobody at the other end.
    NoDevice,
    /// The process that it tells of has ended.
    NoProcess,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::NotFound => "no such file",
            Self::Exists => "it is there already",
            Self::NotAFolder => "not a folder",
            Self::IsAFolder => "a folder",
            Self::NotEmpty => "the folder is not empty",
            Self::Invalid => "that has no meaning",
            Self::Busy => "in use",
            Self::TooManyLinks => "too many links lead to each other",
            Self::NameTooLong => "the name is too long",
            Self::NotPermitted => "nobody may do this",
            Self::Denied => "not allowed",
            Self::CrossesDevices => "in another file system",
            Self::NoSpace => "no space is left for files",
            Self::NoMemory => "no memory is left",
            Self::TooLarge => "no file can be so long",
            Self::BadDescriptor => "no such descriptor",
            Self::TooManyOpen => "too many descriptors",
            Self::BadAddress => "no such memory of the program",
            Self::NotSeekable => "it has no places to go to",
            Self::BrokenPipe => "nobody reads",
            Self::WouldWait => "it would have to wait",
            Self::Interrupted => "the thread is to end",
            Self::NotMappable => "it cannot be memory",
            Self::NoDevice => "no such device",
            Self::NoProcess => "no such process",
        })
    }
}

impl core::error::Error for FileError {}

impl From<TryReserveError> for FileError {
    fn from(_: TryReserveError) -> Self {
        Self::NoMemory
    }
}

impl From<MapError> for FileError {
    fn from(_: MapError) -> Self {
        Self::NoMemory
    }
}

impl From<FrameError> for FileError {
    fn from(_: FrameError) -> Self {
        Self::NoSpace
    }
}

impl From<BadAddress> for FileError {
    fn from(_: BadAddress) -> Self {
        Self::BadAddress
    }
}

impl From<Interrupted> for FileError {
    fn from(_: Interrupted) -> Self {
        Self::Interrupted
    }
}
