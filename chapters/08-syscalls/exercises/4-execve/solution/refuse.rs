//! What is asked for by `execve`, and what a program is told that does not get it.
//!
//! The number is all that the program learns, and shells choose by it what to say and where to look
//! next. So each obstacle has its own; and of several the one counts that comes first on the way.

use alloc::vec::Vec;

use super::{
    E2BIG, EACCES, EFAULT, EINTR, ENAMETOOLONG, ENOENT, ENOEXEC, ENOMEM, ENOTDIR, Errno, LoadError,
    NAME_MAX, Request, TextError,
};

/// Makes the process run what it asks for, or says why not.
pub fn execve(request: &mut Request) -> Result<(), Errno> {
    let path = request.path().map_err(of_path)?;
    let path = name(&path)?;
    request.find(path).map_err(of_program)?;
    let mut arguments = request.arguments().map_err(of_list)?;
    let environment = request.environment().map_err(of_list)?;
    if arguments.is_empty() {
        // A program looks for its own name there.
        arguments.try_reserve(1).map_err(|_| Errno(ENOMEM))?;
        arguments.push(Vec::new());
    }
    request.run(path, &arguments, &environment).map_err(of_program)
}

/// The path in `bytes`, if there can be a file of this name.
pub fn name(bytes: &[u8]) -> Result<&str, Errno> {
    if bytes.split(|byte| *byte == b'/').any(|part| part.len() > NAME_MAX) {
        return Err(Errno(ENAMETOOLONG));
    }
    // All files that there are have names in UTF-8.
    core::str::from_utf8(bytes).map_err(|_| Errno(ENOENT))
}

/// What is told if the path cannot be read.
pub fn of_path(error: TextError) -> Errno {
    match error {
        TextError::TooLong => Errno(ENAMETOOLONG),
        error => of_list(error),
    }
}

/// What is told if a list of texts cannot be read.
pub fn of_list(error: TextError) -> Errno {
    Errno(match error {
        TextError::BadAddress => EFAULT,
        TextError::TooLong => E2BIG,
        TextError::NoMemory => ENOMEM,
    })
}

/// What is told if the program cannot be loaded.
pub fn of_program(error: LoadError) -> Errno {
    Errno(match error {
        LoadError::NotFound => ENOENT,
        LoadError::NotAFolder => ENOTDIR,
        LoadError::NotExecutable => EACCES,
        LoadError::Elf(_) => ENOEXEC,
        LoadError::Arguments(_) => E2BIG,
        LoadError::Memory(_) => ENOMEM,
        LoadError::Interrupted => EINTR,
    })
}
