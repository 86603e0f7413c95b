//! What a program is told when it starts, and why it may not be possible to tell it.
//!
//! Given, not to be written.

use core::fmt;

/// Keys of the auxiliary vector that you fill in. (Linux, uapi/linux/auxvec.h.)
pub const AT_NULL: u64 = 0;
pub const AT_PLATFORM: u64 = 15;
pub const AT_RANDOM: u64 = 25;
pub const AT_EXECFN: u64 = 31;

/// Bytes of a pointer, and of every number on the stack.
pub const WORD: u64 = 8;

/// The stack pointer is a multiple of it when a program starts.
pub const ALIGNMENT: u64 = 16;

/// What a program is told when it starts.
#[derive(Clone, Copy, Debug)]
pub struct Start<'a> {
    /// Its arguments, the first of which is by custom its name.
    pub arguments: &'a [&'a [u8]],
    /// Texts of the form `NAME=value`.
    pub environment: &'a [&'a [u8]],
    /// The file that it was loaded from.
    pub name: &'a [u8],
    /// What the processor is called; nothing is said if it is empty.
    pub platform: &'a [u8],
    /// Bytes that nobody can foresee.
    pub random: [u8; 16],
    /// Keys and values of the auxiliary vector that are plain numbers.
    pub auxiliary: &'a [(u64, u64)],
}

/// Why a stack could not be laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartError {
    /// There is not as much room as is needed. (In bytes.)
    TooLarge { needed: u64, room: u64 },
    /// A text has a zero inside.
    ZeroInside { text: Text },
}

/// One of the texts that a program is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    /// The argument with this number, from 0 on.
    Argument(usize),
    /// The text of the environment with this number, from 0 on.
    Environment(usize),
    /// The name of the file.
    Name,
    /// The name of the processor.
    Platform,
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Argument(index) => write!(f, "argument {index}"),
            Self::Environment(index) => write!(f, "environment text {index}"),
            Self::Name => write!(f, "the file's name"),
            Self::Platform => write!(f, "the processor's name"),
        }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::TooLarge { needed, room } => {
                write!(f, "arguments and environment need {needed} bytes of stack, not {room}")
            }
            Self::ZeroInside { text } => write!(f, "{text} has a zero inside"),
        }
    }
}

impl core::error::Error for StartError {}
