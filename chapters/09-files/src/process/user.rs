//! Memory of a program, as the program says where it is.
//!
//! A program passes addresses to the kernel, and may pass any: of nothing, of memory that it must
//! not read, of the kernel itself. So such an address is no pointer. It is a [`UserSlice`], an
//! allegation, of which only this is checked at once: that it lies in the half of programs. All
//! else the processor finds out while bytes are copied, by the page tables, which are the ones that
//! hold when the program runs. If it refuses, the fault does not kill anybody: the copy ends, with
//! an error.
//!
//! Looking first and copying then would be slower, and wrong as soon as somebody else can change
//! the tables in between.

use core::fmt;

use crate::arch;
use crate::memory::address::VirtAddr;
use crate::process::layout::USER_END;

/// Bytes of the program that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserSlice {
    start: VirtAddr,
    bytes: usize,
}

/// What a program said to be memory of its own is not, or not such as it is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadAddress;

impl fmt::Display for BadAddress {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "no such memory of the program")
    }
}

impl core::error::Error for BadAddress {}

/// Whether `address` is in the half of programs.
pub fn is_user(address: VirtAddr) -> bool {
    address < VirtAddr(USER_END)
}

impl UserSlice {
    /// The `bytes` from `start` on, if all of them are in the half of programs.
    pub fn new(start: u64, bytes: usize) -> Result<Self, BadAddress> {
        let start = VirtAddr(start);
        let end = start.checked_add(bytes as u64).ok_or(BadAddress)?;
        if end > VirtAddr(USER_END) {
            return Err(BadAddress);
        }
        Ok(Self { start, bytes })
    }

    /// Where they begin.
    pub fn start(&self) -> VirtAddr {
        self.start
    }

    /// How many bytes there are.
    pub fn len(&self) -> usize {
        self.bytes
    }

    /// Copies what there is from byte `offset` on into `buffer`; as much as both have. The result
    /// is how much that was.
    pub fn read(&self, offset: usize, buffer: &mut [u8]) -> Result<usize, BadAddress> {
        let count = self.bytes.saturating_sub(offset).min(buffer.len());
        let from = (self.start + offset as u64).0 as *const u8;
        // SAFETY: `from` is in the half of programs, all `count` bytes; the buffer is ours.
        let is_done = unsafe { arch::copy_from_user(buffer.as_mut_ptr(), from, count) };
        is_done.then_some(count).ok_or(BadAddress)
    }

    /// Copies `buffer` to byte `offset` and on; as much as both have. The result is how much that
    /// was.
    pub fn write(&self, offset: usize, buffer: &[u8]) -> Result<usize, BadAddress> {
        let count = self.bytes.saturating_sub(offset).min(buffer.len());
        let to = (self.start + offset as u64).0 as *mut u8;
        // SAFETY: `to` is in the half of programs, all `count` bytes; the buffer is ours.
        let is_done = unsafe { arch::copy_to_user(to, buffer.as_ptr(), count) };
        is_done.then_some(count).ok_or(BadAddress)
    }
}

#[cfg(feature = "ktest")]
#[path = "user_tests.rs"]
mod tests;
