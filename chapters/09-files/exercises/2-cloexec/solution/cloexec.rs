//! What `execve` closes: who notes it, who copies the note, and who heeds it.
//!
//! The note is the number's, and not that of what the number means: several numbers mean the same,
//! and each has a note of its own. So whoever makes a number says what is noted of it. Only a whole
//! table is copied with its notes.
//!
//! ```text
//!          the number is new           the table is new
//!  none    dup, F_DUPFD, dup3(0)       fork     all, and their notes
//!  noted   F_DUPFD_CLOEXEC, O_CLOEXEC  execve   all, and then not those that are noted
//! ```

use super::{
    Descriptor, Descriptors, F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, FD_CLOEXEC, FileError,
    O_CLOEXEC,
};

/// Whether `flags`, of a call that makes a descriptor, say that `execve` closes it.
pub fn closes_on_exec(flags: u32) -> bool {
    flags & O_CLOEXEC != 0
}

/// `dup`: the lowest number that is free means what `number` means.
pub fn dup(table: &mut Descriptors, number: u64) -> Result<usize, FileError> {
    fcntl(table, number, F_DUPFD, 0)
}

/// `dup3`: `new` means what `number` means. The result is what it meant before.
pub fn dup3(
    table: &mut Descriptors,
    number: u64,
    new: u64,
    flags: u32,
) -> Result<Option<Descriptor>, FileError> {
    let closes_on_exec = closes_on_exec(flags);
    let description = table.find(number)?.description.clone();
    table.put(new, Descriptor { description, closes_on_exec })
}

/// `fcntl`, as far as it is about what `execve` closes: F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD and
/// F_SETFD.
pub fn fcntl(
    table: &mut Descriptors,
    number: u64,
    command: u32,
    argument: u64,
) -> Result<usize, FileError> {
    let found = table.find_mut(number)?;
    match command {
        F_DUPFD | F_DUPFD_CLOEXEC => {
            let description = found.description.clone();
            let closes_on_exec = command == F_DUPFD_CLOEXEC;
            table.add(Descriptor { description, closes_on_exec }, argument)
        }
        F_GETFD => Ok(if found.closes_on_exec { FD_CLOEXEC as usize } else { 0 }),
        F_SETFD => {
            found.closes_on_exec = argument as u32 & FD_CLOEXEC != 0;
            Ok(0)
        }
        _ => Err(FileError::Invalid),
    }
}

/// The table of a child.
pub fn fork(table: &Descriptors) -> Result<Descriptors, FileError> {
    table.copy()
}

/// The table of the next program. `table` is that of the one which runs, and which goes on if
/// something fails from here on.
pub fn begin_execve(table: &mut Descriptors) -> Result<Descriptors, FileError> {
    table.copy()
}

/// Takes one out of `table` that is not the new program's, now that the old one is gone; or none,
/// if there is no such left. It is called until then.
pub fn end_execve(table: &mut Descriptors) -> Option<Descriptor> {
    let closes = |number: &u64| table.find(*number).is_ok_and(|found| found.closes_on_exec);
    let number = (0..table.len() as u64).find(closes)?;
    table.remove(number).ok()
}
