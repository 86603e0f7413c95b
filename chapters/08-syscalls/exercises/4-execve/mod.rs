//! `execve`, with your way to refuse it: the kernel takes this for its own handler.
//!
//! Given, not to be written. What is asked for, in which order, and what a program is told when it
//! cannot be had stands in `refuse.rs`.
//!
//! ```text
//!  the call ── execve ──> refuse.rs ── path, find, arguments, environment, run ──> mod.rs
//! ```

use alloc::vec::Vec;

use super::{
    ARGUMENT_BYTES, Context, E2BIG, EACCES, EFAULT, EINTR, ENAMETOOLONG, ENOENT, ENOEXEC, ENOMEM,
    ENOTDIR, Errno, LoadError, NAME_MAX, PATH_MAX, TextError, exec, slices, texts,
};

#[forbid(unsafe_code)]
#[allow(dead_code, unused_imports, reason = "until its holes are filled")]
mod refuse;
#[cfg(feature = "ktest")]
mod tests;

/// The chapter's own handler reads paths by it.
const _: fn(&[u8]) -> Result<&str, super::str::Utf8Error> = super::str::from_utf8;

/// What a program asks for, and the means to do it.
pub struct Request<'a, 'b> {
    context: &'a mut Context<'b>,
}

/// `execve(path, argv, envp)`, as you have it.
pub fn execve(context: &mut Context) -> Result<usize, Errno> {
    refuse::execve(&mut Request { context })?;
    Ok(0)
}

#[allow(dead_code, reason = "unused until the holes are filled")]
impl Request<'_, '_> {
    /// Reads the path, without its zero, of at most 4095 bytes.
    pub fn path(&mut self) -> Result<Vec<u8>, TextError> {
        texts::read(self.context.arguments[0], PATH_MAX - 1)
    }

    /// Looks for the file at `path`, and whether it may be executed.
    pub fn find(&mut self, path: &str) -> Result<(), LoadError> {
        exec::executable(path).map(|_| ())
    }

    /// Reads the arguments. Where there is no list there are none.
    pub fn arguments(&mut self) -> Result<Vec<Vec<u8>>, TextError> {
        texts::read_all(self.context.arguments[1], ARGUMENT_BYTES)
    }

    /// Reads the environment likewise.
    pub fn environment(&mut self) -> Result<Vec<Vec<u8>>, TextError> {
        texts::read_all(self.context.arguments[2], ARGUMENT_BYTES)
    }

    /// Makes the process run the program at `path`. On an error it goes on as it was.
    pub fn run(
        &mut self,
        path: &str,
        arguments: &[Vec<u8>],
        environment: &[Vec<u8>],
    ) -> Result<(), LoadError> {
        let no_memory = |_| LoadError::Memory(crate::memory::paging::MapError::OutOfFrames);
        let arguments = slices(arguments).map_err(no_memory)?;
        let environment = slices(environment).map_err(no_memory)?;
        exec::exec(self.context.frame, path, &arguments, &environment)
    }
}
