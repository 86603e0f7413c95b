//! What `execve` closes: who notes it, who copies the note, and who heeds it.

use super::{
    Descriptor, Descriptors, F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, FD_CLOEXEC, FileError,
    O_CLOEXEC,
};

/// Whether `flags`, of a call that makes a descriptor, say that `execve` closes it.
pub fn closes_on_exec(flags: u32) -> bool {
    todo!("do the flags {flags:#o} say that execve closes it?")
}

/// `dup`: the lowest number that is free means what `number` means.
pub fn dup(table: &mut Descriptors, number: u64) -> Result<usize, FileError> {
    todo!("one more number for {number}, of {}", table.len())
}

/// `dup3`: `new` means what `number` means. The result is what it meant before.
pub fn dup3(
    table: &mut Descriptors,
    number: u64,
    new: u64,
    flags: u32,
) -> Result<Option<Descriptor>, FileError> {
    todo!("{new} means what {number} means, with {flags:#o}; of {}", table.len())
}

/// `fcntl`, as far as it is about what `execve` closes: F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD and
/// F_SETFD.
pub fn fcntl(
    table: &mut Descriptors,
    number: u64,
    command: u32,
    argument: u64,
) -> Result<usize, FileError> {
    todo!("do {command} with {number} and {argument}, of {}", table.len())
}

/// The table of a child.
pub fn fork(table: &Descriptors) -> Result<Descriptors, FileError> {
    todo!("a child's table, of {} numbers", table.len())
}

/// The table of the next program. `table` is that of the one which runs, and which goes on if
/// something fails from here on.
pub fn begin_execve(table: &mut Descriptors) -> Result<Descriptors, FileError> {
    todo!("the next program's table, of {} numbers", table.len())
}

/// Takes one out of `table` that is not the new program's, now that the old one is gone; or none,
/// if there is no such left. It is called until then.
pub fn end_execve(table: &mut Descriptors) -> Option<Descriptor> {
    todo!("take out what is to be closed, of {} numbers", table.len())
}
