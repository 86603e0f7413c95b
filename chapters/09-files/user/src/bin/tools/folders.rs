//! `mkdir`, `rmdir`, `touch` and `pwd`: making and removing what is empty, and where we are.

use core::ffi::CStr;

use alloc::ffi::CString;
use alloc::vec::Vec;

use user::descriptor::close;
use user::file::{O_CLOEXEC, O_CREAT, O_WRONLY, open};
use user::folder::{self, getcwd};
use user::status::{Stamp, utimensat};
use user::syscall::Errno;

use crate::options::Letters;
use crate::output::Output;
use crate::report::{complain, fail};
use crate::{FAILED, Words, paths};

/// Who may use a new folder and a new file: everybody, as far as the process allows it.
const FOLDER: u32 = 0o777;
const FILE: u32 = 0o666;

/// Makes folders; with `-p` also those above, and is content with what is there.
pub fn mkdir(words: Words) -> u8 {
    let letters = Letters { tool: "mkdir", flags: "p", valued: "" };
    each(&letters, words, |path, has| {
        if !has(b'p') {
            return folder::mkdir(path, FOLDER);
        }
        for path in with_those_above(path) {
            match folder::mkdir(&path, FOLDER) {
                Err(Errno::EEXIST) if paths::is_folder(&path) => {}
                outcome => outcome?,
            }
        }
        Ok(())
    })
}

/// The folders in which `path` is, from the outermost on, and `path`.
fn with_those_above(path: &CStr) -> Vec<CString> {
    let path = paths::without_slashes(path.to_bytes());
    let ends = (1..path.len()).filter(|end| path[*end] == b'/' && path[end - 1] != b'/');
    let paths = ends.chain([path.len()]).map(|end| CString::new(&path[..end]));
    paths.flatten().collect()
}

/// Removes empty folders.
pub fn rmdir(words: Words) -> u8 {
    let letters = Letters { tool: "rmdir", flags: "", valued: "" };
    each(&letters, words, |path, _| folder::rmdir(path))
}

/// Makes files, or says of those that are there that they were changed now.
pub fn touch(words: Words) -> u8 {
    let letters = Letters { tool: "touch", flags: "c", valued: "" };
    each(&letters, words, |path, has| match utimensat(path, Stamp::Now, Stamp::Now) {
        Err(Errno::ENOENT) if has(b'c') => Ok(()),
        Err(Errno::ENOENT) => open(path, O_WRONLY | O_CREAT | O_CLOEXEC, FILE).and_then(close),
        outcome => outcome,
    })
}

/// Does `work` with each path that `words` name; it may ask for options.
fn each(
    letters: &Letters,
    words: Words,
    work: impl Fn(&CStr, &dyn Fn(u8) -> bool) -> Result<(), Errno>,
) -> u8 {
    let options = match letters.parse(words) {
        Ok(options) => options,
        Err(_) => return FAILED,
    };
    if options.operands.is_empty() {
        complain(letters.tool, b"missing operand", "say what");
        return FAILED;
    }
    let mut status = 0;
    for path in &options.operands {
        if let Err(error) = work(path, &|letter| options.has(letter)) {
            fail(letters.tool, path.to_bytes(), error);
            status = FAILED;
        }
    }
    status
}

/// Says in which folder we are.
pub fn pwd(_: Words) -> u8 {
    match getcwd() {
        Ok(here) => {
            Output::new("pwd").line(here.to_bytes());
            0
        }
        Err(error) => {
            fail("pwd", b".", error);
            FAILED
        }
    }
}
