//! The numbers that errors about files have.

use linux_raw_sys::errno::{
    EACCES, EAGAIN, EBADF, EBUSY, EEXIST, EFAULT, EFBIG, EINTR, EINVAL, EISDIR, ELOOP, EMFILE,
    ENAMETOOLONG, ENODEV, ENOENT, ENOMEM, ENOSPC, ENOTDIR, ENOTEMPTY, ENXIO, EPERM, EPIPE, ESPIPE,
    ESRCH, EXDEV,
};

use crate::file::FileError;
use crate::syscall::Errno;

impl From<FileError> for Errno {
    fn from(error: FileError) -> Self {
        Self(match error {
            FileError::NotFound => ENOENT,
            FileError::Exists => EEXIST,
            FileError::NotAFolder => ENOTDIR,
            FileError::IsAFolder => EISDIR,
            FileError::NotEmpty => ENOTEMPTY,
            FileError::Invalid => EINVAL,
            FileError::Busy => EBUSY,
            FileError::TooManyLinks => ELOOP,
            FileError::NameTooLong => ENAMETOOLONG,
            FileError::NotPermitted => EPERM,
            FileError::Denied => EACCES,
            FileError::CrossesDevices => EXDEV,
            FileError::NoSpace => ENOSPC,
            FileError::NoMemory => ENOMEM,
            FileError::TooLarge => EFBIG,
            FileError::BadDescriptor => EBADF,
            FileError::TooManyOpen => EMFILE,
            FileError::BadAddress => EFAULT,
            FileError::NotSeekable => ESPIPE,
            FileError::BrokenPipe => EPIPE,
            FileError::WouldWait => EAGAIN,
            FileError::Interrupted => EINTR,
            FileError::NotMappable => ENODEV,
            FileError::NoDevice => ENXIO,
            FileError::NoProcess => ESRCH,
        })
    }
}
