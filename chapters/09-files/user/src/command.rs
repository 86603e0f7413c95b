//! Starting another program in a process of its own, found by its name as everywhere: in folders
//! that a text lists with `:` between them, unless there is a `/` in the name.

use alloc::ffi::CString;
use alloc::vec::Vec;
use core::ffi::CStr;

use crate::process::{Pid, execve, fork};
use crate::signal::{self, Action, Signal};
use crate::syscall::{Errno, exit};

/// The status of what was not found.
pub const NOT_FOUND: u8 = 127;

/// The status of what was found and cannot be run.
pub const NOT_RUN: u8 = 126;

/// Where programs are when nobody says it.
pub const USUAL_PATH: &[u8] = b"/bin";

/// A program and what it gets.
pub struct Command<'a> {
    /// Its name or path, and its arguments.
    pub words: &'a [&'a CStr],
    /// Texts like `NAME=value`.
    pub environment: &'a [&'a CStr],
    /// The folders to look in, as the variable `PATH` lists them.
    pub path: &'a [u8],
    /// Signals with which it does what is usual, though we ignore them.
    pub heeds: &'a [Signal],
}

impl Command<'_> {
    /// Runs it in a new process. If that turns out to be impossible there, `complain` is called in
    /// the new process, which then ends with [`NOT_FOUND`] or [`NOT_RUN`].
    pub fn spawn(&self, complain: impl FnOnce(&CStr, Errno)) -> Result<Pid, Errno> {
        match fork()? {
            Some(pid) => Ok(pid),
            None => {
                for signal in self.heeds {
                    // A signal that there is not makes no difference to the program.
                    let _ = signal::set_action(*signal, Action::Usual);
                }
                let error = self.execute();
                complain(self.words.first().copied().unwrap_or_default(), error);
                exit(if error == Errno::ENOENT { NOT_FOUND } else { NOT_RUN }.into())
            }
        }
    }

    /// Becomes the program. It comes back only with an error.
    pub fn execute(&self) -> Errno {
        let named = self.words.first().filter(|name| !name.is_empty());
        let Some(name) = named else { return Errno::ENOENT };
        let is_path = name.to_bytes().contains(&b'/');
        let mut outcome = Errno::ENOENT;
        for place in places(name, self.path) {
            match execve(&place, self.words, self.environment) {
                error if is_path || error == Errno::ENOEXEC => return error,
                Errno::ENOENT | Errno::ENOTDIR => {}
                error => outcome = error,
            }
        }
        outcome
    }
}

/// Where `name` may be found: in one of the folders of `path`, unless it says itself where.
pub fn places(name: &CStr, path: &[u8]) -> Vec<CString> {
    if name.to_bytes().contains(&b'/') {
        return [name.into()].into();
    }
    let folders = path.split(|byte| *byte == b':');
    // Where no folder is named, the one is meant in which the process is.
    let folders = folders.map(|folder| if folder.is_empty() { &b"."[..] } else { folder });
    let path = |folder: &[u8]| CString::new([folder, b"/", name.to_bytes()].concat()).ok();
    folders.filter_map(path).collect()
}

/// The environment of the first process, where nobody has given it one.
pub fn usual_environment(given: &[&'static CStr]) -> Vec<&'static CStr> {
    let usual = [c"HOME=/", c"PATH=/bin", c"TERM=linux"];
    if given.is_empty() { usual.into() } else { given.into() }
}
