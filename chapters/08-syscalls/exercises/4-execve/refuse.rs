//! What is asked for by `execve`, and what a program is told that does not get it.

use alloc::vec::Vec;

use super::{
    E2BIG, EACCES, EFAULT, EINTR, ENAMETOOLONG, ENOENT, ENOEXEC, ENOMEM, ENOTDIR, Errno, LoadError,
    NAME_MAX, Request, TextError,
};

/// Makes the process run what it asks for, or says why not.
pub fn execve(request: &mut Request) -> Result<(), Errno> {
    let _ = request;
    todo!("path, file, arguments, environment, program: what comes first?")
}

/// The path in `bytes`, if there can be a file of this name.
pub fn name(bytes: &[u8]) -> Result<&str, Errno> {
    todo!("can there be a file of this name: {bytes:?}")
}

/// What is told if the path cannot be read.
pub fn of_path(error: TextError) -> Errno {
    todo!("the path cannot be read: {error:?}")
}

/// What is told if a list of texts cannot be read.
pub fn of_list(error: TextError) -> Errno {
    todo!("a list cannot be read: {error:?}")
}

/// What is told if the program cannot be loaded.
pub fn of_program(error: LoadError) -> Errno {
    todo!("the program cannot be loaded: {error:?}")
}
