//! What your two functions are built on.
//!
//! Given, not to be written.

use core::ops::Range;

/// The first address that is no program's.
pub const USER_END: u64 = 0x0000_7fff_ffff_f000;

/// Bytes of a page.
pub const PAGE: u64 = 4096;

/// A page fault that came while the kernel itself was running.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The address that could not be accessed.
    pub address: u64,
    /// The instruction that tried.
    pub place: u64,
    /// The instructions that copy from and to programs. The first one behind them is where a copy
    /// that could not be done goes on: it gives up, and tells its caller.
    pub copies: Range<u64>,
}

/// Memory of the program that runs.
pub trait Memory {
    /// Copies as many bytes from the address `from` on as `to` has. All of them must be below
    /// [`USER_END`]. If one of them cannot be read the result is an error, and it is not known what
    /// is in `to`.
    fn copy(&self, from: u64, to: &mut [u8]) -> Result<(), NotThere>;
}

/// A copy was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotThere;

/// Why there is no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextError {
    /// A byte of it is not the program's, or cannot be read. (Linux: EFAULT.)
    BadAddress,
    /// Its zero is not among as many bytes as there is room for. (Linux: ENAMETOOLONG.)
    TooLong,
}
