//! A folder of its own for a program that tries out what concerns files.
//!
//! It is new, below `/tmp`, and the program is in it; in the end all of it goes. Its name has the
//! number of the process in it, so that two runs at once do not meet. That must not be printed.
//!
//! What is the same for every program is made the same here: the descriptors from 3 on are free,
//! and rights are taken from new files as usual.

use alloc::ffi::CString;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::ffi::CStr;

use linux_raw_sys::general;

use crate::process::getpid;
use crate::raw;
use crate::syscall::Errno;

/// Descriptors up to this one are closed first. Nobody who starts us leaves more open.
const DESCRIPTORS: usize = 64;

/// The lowest descriptor for the folder where a program began.
const START: usize = 200;

/// The folder of this program.
pub struct Scratch {
    /// A descriptor for the folder where the program began, which stays with this program.
    start: usize,
    /// Its path, from the root.
    pub path: CString,
}

impl Scratch {
    /// Makes a folder for the program `name`, and goes there.
    ///
    /// # Panics
    ///
    /// When there cannot be one: nothing can be tried out then.
    pub fn enter(name: &str) -> Self {
        for descriptor in 3..DESCRIPTORS {
            // Mostly there is nothing to close.
            let _ = raw::close(descriptor);
        }
        // Far above those that programs count.
        let (flags, operation) = (general::O_RDONLY, general::F_DUPFD_CLOEXEC);
        let start = raw::open(c".", flags).and_then(|start| {
            let kept = raw::fcntl(start, operation, START);
            raw::close(start).and(kept)
        });
        // It cannot fail.
        let _ = raw::umask(0o022);
        // Mostly it is there already.
        let _ = raw::mkdirat(raw::here(c"/tmp"), 0o777);
        let path = text(&format!("/tmp/strata-{name}-{}", getpid()));
        let scratch = Self { start: start.unwrap_or(usize::MAX), path };
        let outcome = raw::mkdir(&scratch.path).and_then(|_| raw::chdir(&scratch.path));
        assert!(outcome.is_ok(), "no folder {:?}: {outcome:?}", scratch.path);
        scratch
    }

    /// The path of what is called `name` in the folder.
    pub fn join(&self, name: &str) -> CString {
        text(&format!("{}/{name}", self.path.to_string_lossy()))
    }

    /// Goes back to where the program began, from where its own path leads to it.
    pub fn back_to_start(&self) -> raw::Answer {
        raw::fchdir(self.start)
    }

    /// Goes away from the folder, and takes it and all in it away.
    pub fn leave(self) {
        // What cannot be taken away stays; it has nothing to do with what is tried out.
        let _ = raw::chdir(&self.path);
        empty(raw::HERE, c".");
        let _ = raw::chdir(c"/");
        let _ = raw::rmdir(&self.path);
    }
}

/// `words` as the kernel wants texts.
///
/// # Panics
///
/// When there is a zero in it.
pub fn text(words: &str) -> CString {
    CString::new(words).expect("no program here puts a zero into a text")
}

/// Takes all away that is in the folder at `path`, as far as that is possible.
fn empty(folder: usize, path: &CStr) {
    let flags = general::O_RDONLY | general::O_DIRECTORY | general::O_NOFOLLOW;
    let Ok(inner) = raw::openat((folder, path), flags, 0) else { return };
    for name in names(inner).unwrap_or_default() {
        let name = text(&name);
        if raw::unlinkat((inner, &name), 0).is_err() {
            empty(inner, &name);
            let _ = raw::unlinkat((inner, &name), general::AT_REMOVEDIR);
        }
    }
    let _ = raw::close(inner);
}

/// Puts `contents` into a new file at `path`.
///
/// # Panics
///
/// When that is not possible: then nothing behind it means anything.
pub fn make(path: &CStr, contents: &[u8]) {
    let flags = general::O_WRONLY | general::O_CREAT | general::O_TRUNC;
    let outcome = raw::open(path, flags).and_then(|file| {
        let outcome = raw::write(file, contents);
        raw::close(file).and(outcome)
    });
    assert_eq!(outcome, Ok(contents.len()), "no file {path:?}");
}

/// What is in the file at `path`, for people; or why that cannot be said.
pub fn contents(path: &CStr) -> String {
    match raw::open(path, general::O_RDONLY) {
        Err(error) => error.name().to_string(),
        Ok(file) => {
            let found = rest(file);
            let _ = raw::close(file);
            found
        }
    }
}

/// What can be read from `descriptor` on from where it is, for people; or why that is not possible.
pub fn rest(descriptor: usize) -> String {
    let mut found = Vec::new();
    let mut bytes = [0; 512];
    loop {
        match raw::read(descriptor, &mut bytes) {
            Ok(0) => return shown(&found),
            Ok(count) => found.extend_from_slice(&bytes[..count]),
            Err(error) if found.is_empty() => return error.name().to_string(),
            Err(error) => return format!("{} and {}", shown(&found), error.name()),
        }
    }
}

/// `bytes` for people.
pub fn shown(bytes: &[u8]) -> String {
    format!("\"{}\"", bytes.escape_ascii())
}

/// The names in the folder behind `descriptor`, in order, without `.` and `..`.
pub fn names(descriptor: usize) -> Result<Vec<String>, Errno> {
    let mut names = Vec::new();
    let mut bytes = [0; 1024];
    loop {
        let count = raw::getdents64(descriptor, &mut bytes)?;
        if count == 0 {
            names.sort();
            return Ok(names);
        }
        let found = entries(&bytes[..count]).map(|entry| entry.name);
        names.extend(found.filter(|name| name != "." && name != ".."));
    }
}

/// An entry of a folder.
pub struct Entry {
    /// Its name.
    pub name: String,
    /// What kind of thing it is, as one of `DT_…`.
    pub kind: u8,
}

/// The entries that `getdents64` wrote to `bytes`.
///
/// ```text
///  0      8        16       18     19
/// | inode | place  | length | kind | name, 0 …
/// ```
pub fn entries(bytes: &[u8]) -> impl Iterator<Item = Entry> {
    let mut rest = bytes;
    core::iter::from_fn(move || {
        let length = usize::from(u16::from_le_bytes([*rest.get(16)?, *rest.get(17)?]));
        let (entry, others) = rest.split_at_checked(length)?;
        rest = others;
        let name = CStr::from_bytes_until_nul(entry.get(19..)?).ok()?;
        Some(Entry { name: name.to_string_lossy().to_string(), kind: *entry.get(18)? })
    })
}
