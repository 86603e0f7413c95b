//! `cp` and `mv`: copies files, with `-r` folders as well, and moves them.
//!
//! To move is to give another name, which takes no time however large the file is. Only what goes
//! to another file system must be copied, and removed afterwards.

use alloc::ffi::CString;
use core::ffi::CStr;

use user::descriptor::close;
use user::file::{O_CLOEXEC, O_CREAT, O_TRUNC, O_WRONLY, open, write_all};
use user::folder::{self, mkdir, readlink, rename, symlink, unlink};
use user::status::{Kind, Status, chmod, lstat, stat};
use user::syscall::Errno;

use crate::options::{Letters, Options};
use crate::reader::Reader;
use crate::remove::remove_folder;
use crate::report::{complain, fail};
use crate::{FAILED, Words, paths};

/// Whether a symbolic link is copied, or what it leads to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Links {
    Kept,
    Followed,
}

pub fn cp(words: Words) -> u8 {
    let letters = Letters { tool: "cp", flags: "rR", valued: "" };
    each(&letters, words, |options, source, target| {
        let is_deep = options.has(b'r') || options.has(b'R');
        let links = if is_deep { Links::Kept } else { Links::Followed };
        let copy = Copy { tool: "cp", links, is_deep };
        copy.copy(source, target, None)
    })
}

pub fn mv(words: Words) -> u8 {
    let letters = Letters { tool: "mv", flags: "f", valued: "" };
    each(&letters, words, |_, source, target| match rename(source, target) {
        Ok(()) => true,
        Err(Errno::EXDEV) => move_far(source, target),
        Err(error) => refused("mv", if lstat(source).is_err() { source } else { target }, error),
    })
}

/// Moves what is at `source` to another file system.
fn move_far(source: &CStr, target: &CStr) -> bool {
    let copy = Copy { tool: "mv", links: Links::Kept, is_deep: true };
    if !copy.copy(source, target, None) {
        return false;
    }
    match lstat(source) {
        Ok(status) if status.is_folder() => remove_folder(source),
        _ => unlink(source).is_ok(),
    }
}

/// Does `work` with each file and the place where it goes, for a call whose last word is a folder
/// or, if there are two, a file.
fn each(letters: &Letters, words: Words, work: impl Fn(&Options, &CStr, &CStr) -> bool) -> u8 {
    let options = match letters.parse(words) {
        Ok(options) => options,
        Err(_) => return FAILED,
    };
    let (target, sources) = match options.operands.as_slice() {
        [sources @ .., target] if !sources.is_empty() => (*target, sources),
        _ => {
            complain(letters.tool, b"missing operand", "say what, and where to");
            return FAILED;
        }
    };
    if sources.len() > 1 && !paths::is_folder(target) {
        complain(letters.tool, target.to_bytes(), "Not a directory");
        return FAILED;
    }
    let mut is_done = true;
    for source in sources {
        is_done &= work(&options, source, &paths::destination(source, target));
    }
    if is_done { 0 } else { FAILED }
}

/// A way to copy.
struct Copy {
    tool: &'static str,
    links: Links,
    is_deep: bool,
}

impl Copy {
    /// Copies what is at `source` to `target`; `top` is the folder that was made first. Says
    /// whether that was possible.
    fn copy(&self, source: &CStr, target: &CStr, top: Option<&Status>) -> bool {
        let status = if self.links == Links::Kept { lstat(source) } else { stat(source) };
        let status = match status {
            Ok(status) => status,
            Err(error) => return refused(self.tool, source, error),
        };
        if stat(target).is_ok_and(|other| other.is_same_file(&status)) {
            complain(self.tool, source.to_bytes(), "this is the same file as its copy");
            return false;
        }
        match status.kind() {
            Some(Kind::Folder) if !self.is_deep => {
                complain(self.tool, source.to_bytes(), "-r not specified; omitting directory");
                false
            }
            Some(Kind::Folder) => self.copy_folder(source, target, &status, top),
            Some(Kind::Link) => {
                let made = readlink(source).and_then(|path| symlink(&path, target));
                made.map_or_else(|error| refused(self.tool, target, error), |()| true)
            }
            _ => self.copy_file(source, target, status.mode),
        }
    }

    fn copy_file(&self, source: &CStr, target: &CStr, mode: u32) -> bool {
        let mut reader = match Reader::open(source) {
            Ok(reader) => reader,
            Err(error) => return refused(self.tool, source, error),
        };
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
        let copied = open(target, flags, mode & 0o777).and_then(|file| {
            let outcome = copy_bytes(&mut reader, file);
            outcome.and(close(file))
        });
        copied.map_or_else(|error| refused(self.tool, target, error), |()| true)
    }

    fn copy_folder(
        &self,
        source: &CStr,
        target: &CStr,
        status: &Status,
        top: Option<&Status>,
    ) -> bool {
        if top.is_some_and(|top| top.is_same_file(status)) {
            complain(self.tool, source.to_bytes(), "cannot copy a directory into itself");
            return false;
        }
        // While it is filled we must be able to write into it.
        let is_new = match mkdir(target, status.mode & 0o777 | 0o700) {
            Ok(()) => true,
            Err(Errno::EEXIST) if paths::is_folder(target) => false,
            Err(error) => return refused(self.tool, target, error),
        };
        let made = stat(target).ok();
        let names = match folder::names(source) {
            Ok(names) => names,
            Err(error) => return refused(self.tool, source, error),
        };
        let join = |folder: &CStr, name: &CString| paths::join(folder, name.to_bytes());
        let mut is_done = true;
        for name in names {
            let top = top.or(made.as_ref());
            is_done &= self.copy(&join(source, &name), &join(target, &name), top);
        }
        if is_new && status.mode & 0o700 != 0o700 {
            is_done &= chmod(target, status.mode & 0o777).is_ok();
        }
        is_done
    }
}

fn copy_bytes(reader: &mut Reader, target: usize) -> Result<(), Errno> {
    loop {
        match reader.piece()? {
            [] => return Ok(()),
            bytes => write_all(target, bytes)?,
        }
    }
}

fn refused(tool: &str, path: &CStr, error: Errno) -> bool {
    fail(tool, path.to_bytes(), error);
    false
}
