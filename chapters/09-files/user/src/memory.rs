//! Memory from the kernel: the end of the heap, and pages anywhere.
//!
//! `brk` moves one border, behind the program's data; `mmap` gives pages wherever there is room.
//! (brk(2), mmap(2), mprotect(2).)

use linux_raw_sys::general;

use crate::syscall::{Errno, call};

/// Bytes in a page.
pub const PAGE: usize = 4096;

/// What may be done with pages: [`READ`], [`WRITE`], both, or nothing.
pub type Access = u32;

/// The pages may not be touched.
pub const NONE: Access = general::PROT_NONE;
/// The pages may be read.
pub const READ: Access = general::PROT_READ;
/// The pages may be written.
pub const WRITE: Access = general::PROT_WRITE;

/// Moves the end of the heap to `end`, and says where it is now: elsewhere, if that was not
/// possible, as with an `end` of 0.
///
/// # Safety
///
/// Nothing that is in use may lie between the new end and the old one.
pub unsafe fn brk(end: usize) -> usize {
    // SAFETY: the caller promises that nobody misses what goes.
    unsafe { call(general::__NR_brk, [end, 0, 0, 0, 0, 0]) }.unwrap_or(0)
}

/// Gives `bytes` bytes of zeroes, in whole pages.
pub fn map(bytes: usize, access: Access) -> Result<usize, Errno> {
    let flags = general::MAP_PRIVATE | general::MAP_ANONYMOUS;
    let arguments = [0, bytes, access as usize, flags as usize, usize::MAX, 0];
    // SAFETY: the kernel puts new pages to where nothing is.
    unsafe { call(general::__NR_mmap, arguments) }
}

/// Takes the pages of `bytes` bytes from `start` away.
///
/// # Safety
///
/// Nothing there may be in use.
pub unsafe fn unmap(start: usize, bytes: usize) -> Result<(), Errno> {
    // SAFETY: the caller promises that nobody misses them.
    unsafe { call(general::__NR_munmap, [start, bytes, 0, 0, 0, 0]) }?;
    Ok(())
}

/// Changes what may be done with the pages of `bytes` bytes from `start`.
///
/// # Safety
///
/// Nobody may rely on what is not allowed any more.
pub unsafe fn protect(start: usize, bytes: usize, access: Access) -> Result<(), Errno> {
    // SAFETY: the caller promises it.
    unsafe { call(general::__NR_mprotect, [start, bytes, access as usize, 0, 0, 0]) }?;
    Ok(())
}
