//! `rm`: removes names of files; with `-r` also folders and all that is in them, with `-f` without
//! a word about what is not there.

use core::ffi::CStr;

use user::folder::{self, rmdir, unlink};
use user::status::lstat;
use user::syscall::Errno;

use crate::options::Letters;
use crate::report::{complain, fail};
use crate::{FAILED, Words, paths};

const LETTERS: Letters = Letters { tool: "rm", flags: "rRf", valued: "" };

pub fn rm(words: Words) -> u8 {
    let options = match LETTERS.parse(words) {
        Ok(options) => options,
        Err(_) => return FAILED,
    };
    let is_forced = options.has(b'f');
    if options.operands.is_empty() && !is_forced {
        complain(LETTERS.tool, b"missing operand", "say what");
        return FAILED;
    }
    let is_deep = options.has(b'r') || options.has(b'R');
    let mut is_done = true;
    for path in &options.operands {
        let name = paths::last_name(path.to_bytes());
        is_done &= if matches!(name, b"." | b".." | b"/") {
            complain(LETTERS.tool, path.to_bytes(), "refusing to remove it");
            false
        } else {
            match lstat(path) {
                Err(Errno::ENOENT) if is_forced => true,
                Ok(status) if status.is_folder() && is_deep => remove_folder(path),
                Ok(status) if status.is_folder() => refused(path, Errno::EISDIR),
                Ok(_) => done(path, unlink(path)),
                Err(error) => refused(path, error),
            }
        };
    }
    if is_done { 0 } else { FAILED }
}

/// Removes the folder at `path` and all that is in it; says whether nothing is left.
pub fn remove_folder(path: &CStr) -> bool {
    let names = match folder::names(path) {
        Ok(names) => names,
        Err(error) => return refused(path, error),
    };
    let mut is_empty = true;
    for name in names {
        let inner = paths::join(path, name.to_bytes());
        is_empty &= match lstat(&inner) {
            Ok(status) if status.is_folder() => remove_folder(&inner),
            Ok(_) => done(&inner, unlink(&inner)),
            Err(error) => refused(&inner, error),
        };
    }
    is_empty && done(path, rmdir(path))
}

fn done(path: &CStr, outcome: Result<(), Errno>) -> bool {
    match outcome {
        Ok(()) => true,
        Err(error) => refused(path, error),
    }
}

fn refused(path: &CStr, error: Errno) -> bool {
    fail(LETTERS.tool, path.to_bytes(), error);
    false
}
