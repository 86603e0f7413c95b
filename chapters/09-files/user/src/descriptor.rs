//! Descriptors: closing one, making a second one for the same open file, and what is noted of each.
//!
//! A descriptor is a number in a table of the process; what it stands for, an open file, may have
//! several. Whether it goes to the next program that the process becomes is noted in the table.
//! Where the next byte is, and how the file was opened, is noted in the open file. So a second
//! descriptor shares the place in the file, and has that note of its own.
//!
//! ```text
//!  table of a process          open file              file
//!  3: goes along ─────────┬──> place 12, O_APPEND ──> bytes, mode, times
//!  4: closed by execve ───┘
//! ```
//!
//! (close(2), dup(2), fcntl(2).)

use linux_raw_sys::general;

pub use linux_raw_sys::general::{F_GETFD, F_GETFL, F_SETFD, F_SETFL, FD_CLOEXEC};

use crate::syscall::{Errno, call};

/// Gives `descriptor` back.
pub fn close(descriptor: usize) -> Result<(), Errno> {
    // SAFETY: the kernel changes nothing of ours.
    unsafe { call(general::__NR_close, [descriptor, 0, 0, 0, 0, 0]) }?;
    Ok(())
}

/// Makes the lowest free descriptor stand for what `descriptor` stands for.
pub fn dup(descriptor: usize) -> Result<usize, Errno> {
    // SAFETY: the kernel changes nothing of ours.
    unsafe { call(general::__NR_dup, [descriptor, 0, 0, 0, 0, 0]) }
}

/// Makes `new`, which is closed before, stand for what `old` stands for; `flags` may be
/// `O_CLOEXEC`.
pub fn dup3(old: usize, new: usize, flags: u32) -> Result<usize, Errno> {
    // SAFETY: the kernel changes nothing of ours.
    unsafe { call(general::__NR_dup3, [old, new, flags as usize, 0, 0, 0]) }
}

/// Makes the lowest free descriptor from `lowest` on stand for what `descriptor` stands for;
/// `execve` closes it.
pub fn dup_from(descriptor: usize, lowest: usize) -> Result<usize, Errno> {
    fcntl(descriptor, general::F_DUPFD_CLOEXEC, lowest)
}

/// Asks for, or changes, what is noted of `descriptor` or of its open file.
pub fn fcntl(descriptor: usize, command: u32, argument: usize) -> Result<usize, Errno> {
    let arguments = [descriptor, command as usize, argument, 0, 0, 0];
    // SAFETY: nobody here uses a command whose argument is an address.
    unsafe { call(general::__NR_fcntl, arguments) }
}
