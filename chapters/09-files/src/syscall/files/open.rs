//! Calls that open and close.
//!
//! Linux, `man 2 open`, `man 2 close`, `man 2 close_range`.

use linux_raw_sys::errno::EINVAL;
use linux_raw_sys::general::{
    __NR_close as CLOSE, __NR_close_range as CLOSE_RANGE, __NR_openat as OPENAT, AT_FDCWD, O_CREAT,
};

use super::path::Path;
use crate::file::descriptors::closes_on_exec;
use crate::file::open;
use crate::process::files;
use crate::syscall::flags::CLOSE_RANGE_CLOEXEC;
use crate::syscall::{Context, Descriptor, Errno, Kind, flags};

/// The calls that open and close.
pub const CALLS: &[Descriptor] = &[
    Descriptor::new(
        OPENAT,
        "openat",
        &[
            Kind::Descriptor,
            Kind::Text,
            Kind::OpenFlags(flags::OPEN),
            Kind::Depends(|[_, _, flags, ..]| flags::mode(flags)),
        ],
        openat,
    ),
    Descriptor::new(CLOSE, "close", &[Kind::Descriptor], close),
    Descriptor::new(
        CLOSE_RANGE,
        "close_range",
        &[Kind::Descriptor, Kind::Descriptor, Kind::Flags(flags::CLOSE_RANGE)],
        close_range,
    ),
];

/// `openat(folder, path, flags, mode)`: opens what is at `path`, or makes a file there. The result
/// is the lowest descriptor that is free.
///
/// Linux: EBADF, EFAULT, ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG about the path; EEXIST for O_CREAT
/// with O_EXCL; EISDIR for a folder that is to be written, or O_CREAT; ENOTDIR for O_DIRECTORY;
/// ELOOP for a link with O_NOFOLLOW; EMFILE, ENOMEM, ENOSPC. Here: the same.
///
/// Differs: everybody is root, so nobody is refused for the mode of a file. Accepted, and nothing
/// comes of it: O_SYNC, O_DSYNC, O_DIRECT, O_NOATIME, O_LARGEFILE, O_NOCTTY, O_ASYNC. Left out:
/// O_TMPFILE (EOPNOTSUPP on Linux where a file system has none; here EISDIR), and ETXTBSY for a
/// program that runs and is to be written. If another thread of the process takes the last number
/// meanwhile, EMFILE comes after the file was made or emptied.
pub fn openat(context: &mut Context) -> Result<usize, Errno> {
    let [folder, path, flags, mode, ..] = context.arguments;
    open(folder, path, flags as u32, mode as u32)
}

/// Opens what is at `path`, from the folder on that `descriptor` is.
pub fn open(descriptor: u64, path: u64, flags: u32, mode: u32) -> Result<usize, Errno> {
    let path = Path::new(descriptor, path)?;
    let mask = files::surroundings().lock().mask;
    let mode = if flags & O_CREAT != 0 { mode & 0o7777 & !mask } else { 0 };
    // Who has no number for it makes no file, and empties none.
    files::descriptors().lock().reserve()?;
    let description = open::open(&path.start, &path.text, flags, mode)?;
    Ok(files::add(description, closes_on_exec(flags))?)
}

/// The descriptor of the working directory, as an argument.
pub const HERE: u64 = AT_FDCWD as u64;

/// `close(descriptor)`: forgets a number. With the last one that means it, a description goes.
///
/// Linux: EBADF; an error of an earlier write may be told here, which there is none of. Here: the
/// same.
fn close(context: &mut Context) -> Result<usize, Errno> {
    let table = files::descriptors();
    let removed = table.lock().remove(context.arguments[0]);
    Ok(removed.map(|_| 0)?)
}

/// `close_range(first, last, flags)`: closes all descriptors of a range, or says that `execve` is
/// to (CLOSE_RANGE_CLOEXEC).
///
/// Linux: EINVAL for a range that is none, and for other flags. Here: the same, but
/// CLOSE_RANGE_UNSHARE is left out (EINVAL).
fn close_range(context: &mut Context) -> Result<usize, Errno> {
    let [first, last, flags, ..] = context.arguments.map(|argument| argument as u32);
    if first > last || flags & !CLOSE_RANGE_CLOEXEC != 0 {
        return Err(Errno(EINVAL));
    }
    let table = files::descriptors();
    let end = u64::from(last).min(table.lock().len() as u64);
    for number in u64::from(first)..=end {
        if flags & CLOSE_RANGE_CLOEXEC != 0 {
            let mut table = table.lock();
            let _ = table.find_mut(number).map(|found| found.closes_on_exec = true);
        } else {
            // Each in its turn: what goes may lock much.
            let removed = table.lock().remove(number);
            drop(removed);
        }
    }
    Ok(0)
}
