//! What can be told of a file without opening it.

use core::time::Duration;

use linux_raw_sys::general::{S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFREG};

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Bytes.
    Regular,
    /// Names.
    Folder,
    /// A path that leads elsewhere.
    Link,
    /// A door to a device, which is read and written byte by byte.
    Device,
    /// What one writes and another reads.
    Pipe,
}

impl Kind {
    /// The bits of it in `st_mode`.
    pub fn bits(self) -> u32 {
        match self {
            Self::Regular => S_IFREG,
            Self::Folder => S_IFDIR,
            Self::Link => S_IFLNK,
            Self::Device => S_IFCHR,
            Self::Pipe => S_IFIFO,
        }
    }
}

/// When something last happened to a file, since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// It was read.
    pub accessed: Duration,
    /// What is in it was changed.
    pub modified: Duration,
    /// Anything about it was changed.
    pub changed: Duration,
}

/// What can be told of a file. (Linux, `man 3 stat`.)
#[derive(Clone, Copy, Debug)]
pub struct Status {
    /// The file system that it is in.
    pub device: u64,
    /// Its number there.
    pub number: u64,
    /// What it is.
    pub kind: Kind,
    /// Who may do what with it: twelve bits.
    pub mode: u32,
    /// How many names it has.
    pub links: u32,
    /// Whose it is.
    pub owner: u32,
    /// And which group's.
    pub group: u32,
    /// Which device it is the door to.
    pub opens: u64,
    /// How long it is, in bytes.
    pub size: u64,
    /// How much memory it takes, in units of 512 bytes.
    pub blocks: u64,
    /// When something happened to it.
    pub times: Times,
}
