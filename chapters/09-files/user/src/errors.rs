//! The errors by their names, as the manual lists them, and in words.
//!
//! A program that talks to a person says it in words; one that is compared with another prints the
//! name, which is the same everywhere. (errno(3).)

use linux_raw_sys::errno;

use crate::syscall::Errno;

impl Errno {
    /// What is asked for is not allowed.
    pub const EPERM: Self = Self(errno::EPERM);
    /// There is no such file.
    pub const ENOENT: Self = Self(errno::ENOENT);
    /// There is no such process.
    pub const ESRCH: Self = Self(errno::ESRCH);
    /// A signal came in between.
    pub const EINTR: Self = Self(errno::EINTR);
    /// A file is no program.
    pub const ENOEXEC: Self = Self(errno::ENOEXEC);
    /// There is no child to wait for.
    pub const ECHILD: Self = Self(errno::ECHILD);
    /// What was expected is not so any more, or not yet.
    pub const EAGAIN: Self = Self(errno::EAGAIN);
    /// No memory is left.
    pub const ENOMEM: Self = Self(errno::ENOMEM);
    /// It may not be done with this file.
    pub const EACCES: Self = Self(errno::EACCES);
    /// It is in use.
    pub const EBUSY: Self = Self(errno::EBUSY);
    /// There is such a file already.
    pub const EEXIST: Self = Self(errno::EEXIST);
    /// Two files are on different devices.
    pub const EXDEV: Self = Self(errno::EXDEV);
    /// A part of a path is no folder.
    pub const ENOTDIR: Self = Self(errno::ENOTDIR);
    /// A folder is no file.
    pub const EISDIR: Self = Self(errno::EISDIR);
    /// An argument makes no sense.
    pub const EINVAL: Self = Self(errno::EINVAL);
    /// No descriptor is left.
    pub const EMFILE: Self = Self(errno::EMFILE);
    /// There is no space left for files.
    pub const ENOSPC: Self = Self(errno::ENOSPC);
    /// There is no place in a pipe.
    pub const ESPIPE: Self = Self(errno::ESPIPE);
    /// The file system does not change.
    pub const EROFS: Self = Self(errno::EROFS);
    /// Nobody reads the pipe.
    pub const EPIPE: Self = Self(errno::EPIPE);
    /// The buffer is too small.
    pub const ERANGE: Self = Self(errno::ERANGE);
    /// A name or a path is too long.
    pub const ENAMETOOLONG: Self = Self(errno::ENAMETOOLONG);
    /// There is something in the folder.
    pub const ENOTEMPTY: Self = Self(errno::ENOTEMPTY);
    /// Symbolic links lead to symbolic links.
    pub const ELOOP: Self = Self(errno::ELOOP);
    /// The time is over.
    pub const ETIMEDOUT: Self = Self(errno::ETIMEDOUT);

    /// The name in the manual, or `E?` for an error that no call of ours knows.
    pub fn name(self) -> &'static str {
        self.entry().map_or("E?", |(_, name, _)| name)
    }

    /// The number, the name and the words.
    pub(crate) fn entry(self) -> Option<Entry> {
        ERRORS.iter().copied().find(|(number, ..)| *number == self.0)
    }
}

/// A number, a name, and words.
type Entry = (u32, &'static str, &'static str);

static ERRORS: [Entry; 40] = [
    (errno::EPERM, "EPERM", "operation not permitted"),
    (errno::ENOENT, "ENOENT", "no such file or directory"),
    (errno::ESRCH, "ESRCH", "no such process"),
    (errno::EINTR, "EINTR", "interrupted system call"),
    (errno::EIO, "EIO", "input/output error"),
    (errno::ENXIO, "ENXIO", "no such device or address"),
    (errno::E2BIG, "E2BIG", "argument list too long"),
    (errno::ENOEXEC, "ENOEXEC", "exec format error"),
    (errno::EBADF, "EBADF", "bad file descriptor"),
    (errno::ECHILD, "ECHILD", "no child processes"),
    (errno::EAGAIN, "EAGAIN", "resource temporarily unavailable"),
    (errno::ENOMEM, "ENOMEM", "cannot allocate memory"),
    (errno::EACCES, "EACCES", "permission denied"),
    (errno::EFAULT, "EFAULT", "bad address"),
    (errno::EBUSY, "EBUSY", "device or resource busy"),
    (errno::EEXIST, "EEXIST", "file exists"),
    (errno::EXDEV, "EXDEV", "invalid cross-device link"),
    (errno::ENODEV, "ENODEV", "no such device"),
    (errno::ENOTDIR, "ENOTDIR", "not a directory"),
    (errno::EISDIR, "EISDIR", "is a directory"),
    (errno::EINVAL, "EINVAL", "invalid argument"),
    (errno::ENFILE, "ENFILE", "too many open files in system"),
    (errno::EMFILE, "EMFILE", "too many open files"),
    (errno::ENOTTY, "ENOTTY", "inappropriate ioctl for device"),
    (errno::ETXTBSY, "ETXTBSY", "text file busy"),
    (errno::EFBIG, "EFBIG", "file too large"),
    (errno::ENOSPC, "ENOSPC", "no space left on device"),
    (errno::ESPIPE, "ESPIPE", "illegal seek"),
    (errno::EROFS, "EROFS", "read-only file system"),
    (errno::EMLINK, "EMLINK", "too many links"),
    (errno::EPIPE, "EPIPE", "broken pipe"),
    (errno::ERANGE, "ERANGE", "numerical result out of range"),
    (errno::EDEADLK, "EDEADLK", "resource deadlock avoided"),
    (errno::ENAMETOOLONG, "ENAMETOOLONG", "file name too long"),
    (errno::ENOSYS, "ENOSYS", "function not implemented"),
    (errno::ENOTEMPTY, "ENOTEMPTY", "directory not empty"),
    (errno::ELOOP, "ELOOP", "too many levels of symbolic links"),
    (errno::EOVERFLOW, "EOVERFLOW", "value too large for defined data type"),
    (errno::EOPNOTSUPP, "EOPNOTSUPP", "operation not supported"),
    (errno::ETIMEDOUT, "ETIMEDOUT", "connection timed out"),
];
