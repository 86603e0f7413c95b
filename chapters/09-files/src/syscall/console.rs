//! Calls to read and to write: the console, which the descriptors 0, 1 and 2 are at first, and
//! whatever else is open.
//!
//! Linux, `man 2 read`, `man 2 write`, `man 2 readv`.

use linux_raw_sys::general::{
    __NR_ioctl as IOCTL, __NR_ppoll as PPOLL, __NR_read as READ, __NR_readv as READV,
    __NR_write as WRITE, __NR_writev as WRITEV,
};

use super::ioctl::{REQUESTS, ioctl};
use super::poll::ppoll;
use super::{Context, Descriptor, Errno, Kind, vectors};
use crate::file::{Buffer, Description};
use crate::memory::shared::Shared;
use crate::process::files;

/// The calls to read and to write, and to ask.
pub(super) const CALLS: &[Descriptor] = &[
    Descriptor::new(READ, "read", &[Kind::Descriptor, Kind::Output, Kind::Size], read),
    Descriptor::new(WRITE, "write", &[Kind::Descriptor, Kind::Input(2), Kind::Size], write),
    Descriptor::new(READV, "readv", &[Kind::Descriptor, Kind::Outputs(2), Kind::Size], readv),
    Descriptor::new(WRITEV, "writev", &[Kind::Descriptor, Kind::Inputs(2), Kind::Size], writev),
    Descriptor::new(
        IOCTL,
        "ioctl",
        &[Kind::Descriptor, Kind::Choice(REQUESTS), Kind::Address],
        ioctl,
    ),
    Descriptor::new(
        PPOLL,
        "ppoll",
        &[Kind::Address, Kind::Size, Kind::Time, Kind::Address, Kind::Size],
        ppoll,
    ),
];

/// What is open as `descriptor`, if it can be read.
pub(super) fn readable(descriptor: u64) -> Result<Shared<Description>, Errno> {
    let description = files::description(descriptor)?;
    description.check_readable()?;
    Ok(description)
}

/// What is open as `descriptor`, if it can be written.
pub(super) fn writable(descriptor: u64) -> Result<Shared<Description>, Errno> {
    let description = files::description(descriptor)?;
    description.check_writable()?;
    Ok(description)
}

/// Reads up to as many bytes as are asked for: all that there is, of a file; of what has to be
/// waited for, what is there. Nothing at the end.
///
/// Linux: EBADF, EFAULT, EISDIR, EINVAL, EAGAIN with O_NONBLOCK, EINTR. Here: the same; but nothing
/// ends a read before its time but the end of its process, since handlers are not called.
fn read(context: &mut Context) -> Result<usize, Errno> {
    let [descriptor, start, bytes, ..] = context.arguments;
    let description = readable(descriptor)?;
    let piece = [vectors::piece(start, bytes)?];
    Ok(description.read(&mut Buffer::Program(&piece))?)
}

/// Writes bytes. The result is how many that were: fewer than asked for, if memory ends in between,
/// or the room for files; the error, if it was none.
///
/// Linux: EBADF, EFAULT, EINTR, EAGAIN, EPIPE with SIGPIPE, ENOSPC, EFBIG. Here: the same, but that
/// only the end of the process interrupts.
fn write(context: &mut Context) -> Result<usize, Errno> {
    let [descriptor, start, bytes, ..] = context.arguments;
    let description = writable(descriptor)?;
    let piece = [vectors::piece(start, bytes)?];
    Ok(description.write(&Buffer::Program(&piece))?)
}

/// Reads into several places, one after the other: as `read` does, as if they were one.
///
/// Linux: as `read`; EINVAL for more than 1024 places, or a length of 2^63 bytes or more; EFAULT,
/// before anything is read, if one is not in the half of programs. Here: the same.
fn readv(context: &mut Context) -> Result<usize, Errno> {
    let [descriptor, start, count, ..] = context.arguments;
    let description = readable(descriptor)?;
    let pieces = vectors::pieces(start, count)?;
    Ok(description.read(&mut Buffer::Program(&pieces))?)
}

/// Writes from several places, one after the other: as `write` does, as if they were one.
///
/// Linux: as `write`, and EINVAL and EFAULT as `readv`. Here: the same.
fn writev(context: &mut Context) -> Result<usize, Errno> {
    let [descriptor, start, count, ..] = context.arguments;
    let description = writable(descriptor)?;
    let pieces = vectors::pieces(start, count)?;
    Ok(description.write(&Buffer::Program(&pieces))?)
}
