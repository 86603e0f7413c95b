//! Paths as programs pass them, and where they begin.

use alloc::vec::Vec;

use linux_raw_sys::errno::{ENAMETOOLONG, ENOENT};
use linux_raw_sys::general::{AT_FDCWD, PATH_MAX};

use crate::file::tree::{TREE, Tree};
use crate::file::walk::{Found, LastLink, walk};
use crate::file::{FileError, Held};
use crate::process::files;
use crate::process::texts::{self, TextError};
use crate::syscall::Errno;

/// A path, and the folder in which it begins.
#[derive(Debug)]
pub struct Path {
    /// The folder.
    pub start: Held,
    /// The path; nothing at all, if it stands for the folder, or whatever `start` is.
    pub text: Vec<u8>,
}

/// The text at `place`, which is to be a path, and not empty.
pub fn read(place: u64) -> Result<Vec<u8>, Errno> {
    let text = read_any(place)?;
    if text.is_empty() { Err(Errno(ENOENT)) } else { Ok(text) }
}

/// The text at `place`, which is to be a path.
fn read_any(place: u64) -> Result<Vec<u8>, Errno> {
    texts::read(place, PATH_MAX as usize - 1).map_err(|error| match error {
        TextError::TooLong => Errno(ENAMETOOLONG),
        error => error.into(),
    })
}

impl Path {
    /// The path at `place`, from `descriptor` on.
    pub fn new(descriptor: u64, place: u64) -> Result<Self, Errno> {
        let text = read(place)?;
        Ok(Self { start: start(descriptor, &text)?, text })
    }

    /// The same, where an empty path stands for what `descriptor` is.
    pub fn or_descriptor(descriptor: u64, place: u64) -> Result<Self, Errno> {
        let text = read_any(place)?;
        let start = match text.is_empty() {
            true => held(descriptor)?,
            false => start(descriptor, &text)?,
        };
        Ok(Self { start, text })
    }

    /// Walks it.
    pub fn find(&self, tree: &Tree, last: LastLink) -> Result<Found, FileError> {
        walk(tree, self.start.place(), &self.text, last)
    }

    /// What it leads to, which must be there.
    pub fn existing(&self, last: LastLink) -> Result<Held, FileError> {
        if self.text.is_empty() {
            return Ok(self.start.clone());
        }
        let mut tree = TREE.lock();
        let place = self.find(&tree, last)?.existing(&tree)?;
        Ok(Held::new(&mut tree, place))
    }
}

/// The folder in which a path begins. Where it begins at the root, nobody looks at the descriptor.
fn start(descriptor: u64, text: &[u8]) -> Result<Held, Errno> {
    if text.first() == Some(&b'/') { Ok(Held::root()) } else { held(descriptor) }
}

/// What is open as `descriptor`, or the working directory.
fn held(descriptor: u64) -> Result<Held, Errno> {
    if descriptor as i32 == AT_FDCWD {
        return Ok(files::folder());
    }
    let description = files::description(descriptor)?;
    Ok(description.held().ok_or(FileError::NotAFolder)?)
}
