//! Pipes, and waiting for any of several descriptors.
//!
//! ```text
//!  write ──> [1] ═══ bytes ═══> [0] ──> read
//! ```
//!
//! A pipe has ended for the reader when nobody has the other end any more: whoever keeps it open
//! by mistake makes the reader wait for ever. (pipe(2), pipe(7), poll(2).)

use core::time::Duration;

use linux_raw_sys::general;

use crate::syscall::{Errno, call};

/// There is something to read, or the end.
pub const POLLIN: i16 = general::POLLIN as i16;
/// Something may be written.
pub const POLLOUT: i16 = general::POLLOUT as i16;
/// Nobody reads what would be written here. It is told unasked.
pub const POLLERR: i16 = general::POLLERR as i16;
/// Nobody has the other end. It is told unasked.
pub const POLLHUP: i16 = general::POLLHUP as i16;
/// There is no such descriptor. It is told unasked.
pub const POLLNVAL: i16 = general::POLLNVAL as i16;

/// Makes a pipe: the descriptor to read from, and the one to write to. `flags` may be `O_CLOEXEC`
/// and `O_NONBLOCK`.
pub fn pipe2(flags: u32) -> Result<(usize, usize), Errno> {
    let mut ends = [0_u32; 2];
    let arguments = [ends.as_mut_ptr() as usize, flags as usize, 0, 0, 0, 0];
    // SAFETY: the kernel writes two descriptors to where there is room for them.
    unsafe { call(general::__NR_pipe2, arguments) }?;
    let [reader, writer] = ends.map(|end| end as usize);
    Ok((reader, writer))
}

/// A descriptor to wait for: `struct pollfd`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Poll {
    /// The descriptor; a negative one is passed over.
    pub descriptor: i32,
    /// What to wait for.
    pub wanted: i16,
    /// What there is.
    pub found: i16,
}

impl Poll {
    /// Waits for `wanted` of `descriptor`.
    pub fn new(descriptor: usize, wanted: i16) -> Self {
        Self { descriptor: descriptor as i32, wanted, found: 0 }
    }
}

/// Waits until there is what is wanted of one of `all`, or `patience` is over, which without one is
/// never; says of how many there is.
pub fn poll(all: &mut [Poll], patience: Option<Duration>) -> Result<usize, Errno> {
    let mut time: Option<[u64; 2]> =
        patience.map(|patience| [patience.as_secs(), patience.subsec_nanos().into()]);
    let time = time.as_mut().map_or(0, |time| time.as_mut_ptr() as usize);
    let arguments = [all.as_mut_ptr() as usize, all.len(), time, 0, 0, 0];
    // SAFETY: the kernel writes what it finds into `all`, and what is left of the time into `time`,
    // which are lent to us and ours.
    unsafe { call(general::__NR_ppoll, arguments) }
}
