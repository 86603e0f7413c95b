//! Files: opening one, and its bytes.
//!
//! ARM64 has only the calls that name a folder's descriptor beside a path, so both machines use
//! them; [`HERE`] stands for the folder in which the process is. (open(2), pread(2), readv(2),
//! lseek(2), ftruncate(2).)

use core::ffi::CStr;

use linux_raw_sys::general;

pub use linux_raw_sys::general::{
    O_APPEND, O_CLOEXEC, O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR,
    O_TRUNC, O_WRONLY, SEEK_CUR, SEEK_END, SEEK_SET,
};

pub use crate::descriptor::close;
pub use crate::input::read;
pub use crate::syscall::write;

use crate::syscall::{Errno, call};

/// Instead of a folder's descriptor: the folder in which the process is.
pub const HERE: usize = general::AT_FDCWD as usize;

/// Opens the file at `path`, and makes it with `mode` if the `flags` ask for that; its descriptor.
pub fn open(path: &CStr, flags: u32, mode: u32) -> Result<usize, Errno> {
    open_at(HERE, path, flags, mode)
}

/// Opens the file at `path`, which begins at `folder` unless it begins with a `/`.
pub fn open_at(folder: usize, path: &CStr, flags: u32, mode: u32) -> Result<usize, Errno> {
    let arguments = [folder, path.as_ptr() as usize, flags as usize, mode as usize, 0, 0];
    // SAFETY: the kernel only reads the path.
    unsafe { call(general::__NR_openat, arguments) }
}

/// Writes all of `bytes` to `descriptor`, in as many pieces as the kernel takes.
pub fn write_all(descriptor: usize, bytes: &[u8]) -> Result<(), Errno> {
    let mut rest = bytes;
    while !rest.is_empty() {
        match write(descriptor, rest) {
            Ok(count) => rest = &rest[count.min(rest.len())..],
            Err(Errno::EINTR) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Reads bytes from `place` on, wherever the next byte of `descriptor` would be.
pub fn pread(descriptor: usize, bytes: &mut [u8], place: u64) -> Result<usize, Errno> {
    let place = place as usize;
    let arguments = [descriptor, bytes.as_mut_ptr() as usize, bytes.len(), place, 0, 0];
    // SAFETY: the kernel writes into the bytes, which are lent to us for that.
    unsafe { call(general::__NR_pread64, arguments) }
}

/// Writes the `parts`, one behind the other, as one piece; says how many bytes were taken.
pub fn writev(descriptor: usize, parts: &[&[u8]]) -> Result<usize, Errno> {
    // A slice is an address and a length, but Rust does not say in which order.
    let parts: alloc::vec::Vec<_> =
        parts.iter().map(|part| [part.as_ptr() as usize, part.len()]).collect();
    let arguments = [descriptor, parts.as_ptr() as usize, parts.len(), 0, 0, 0];
    // SAFETY: the kernel reads the parts, which may be read, and changes nothing of ours.
    unsafe { call(general::__NR_writev, arguments) }
}

/// Fills the `parts`, one after the other; says how many bytes came.
pub fn readv(descriptor: usize, parts: &mut [&mut [u8]]) -> Result<usize, Errno> {
    let parts: alloc::vec::Vec<_> =
        parts.iter_mut().map(|part| [part.as_mut_ptr() as usize, part.len()]).collect();
    let arguments = [descriptor, parts.as_ptr() as usize, parts.len(), 0, 0, 0];
    // SAFETY: the kernel writes into the parts, which are lent to us for that.
    unsafe { call(general::__NR_readv, arguments) }
}

/// Moves the place of the next byte by `distance` from where `from` says: [`SEEK_SET`],
/// [`SEEK_CUR`] or [`SEEK_END`]. Says where it is now.
pub fn seek(descriptor: usize, distance: i64, from: u32) -> Result<u64, Errno> {
    let arguments = [descriptor, distance as usize, from as usize, 0, 0, 0];
    // SAFETY: the kernel changes nothing of ours.
    unsafe { call(general::__NR_lseek, arguments) }.map(|place| place as u64)
}

/// Makes the file `bytes` bytes long: cuts it off, or adds zeroes.
pub fn truncate(descriptor: usize, bytes: u64) -> Result<(), Errno> {
    // SAFETY: the kernel changes nothing of ours.
    unsafe { call(general::__NR_ftruncate, [descriptor, bytes as usize, 0, 0, 0, 0]) }?;
    Ok(())
}
