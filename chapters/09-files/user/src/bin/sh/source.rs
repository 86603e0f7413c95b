//! Where the shell's lines come from: what is typed or read, or a text that is there as a whole.

use alloc::ffi::CString;
use alloc::vec::Vec;

use user::descriptor::close;
use user::file::{O_CLOEXEC, O_RDONLY, open, read};
use user::input::{self, STDIN};
use user::syscall::Errno;

/// Bytes that are read of a file at once.
const PIECE: usize = 4096;

/// Lines to come.
pub enum Source {
    /// The standard input. Programs may read it as well, so only whole lines are taken from it.
    Input,
    /// A text, and where its next line begins.
    Text(Vec<u8>, usize),
}

impl Source {
    /// The lines of `text`.
    pub fn text(text: &[u8]) -> Self {
        Self::Text(text.into(), 0)
    }

    /// The lines of the file at `path`.
    pub fn file(path: &[u8]) -> Result<Self, Errno> {
        let path = CString::new(path).map_err(|_| Errno::EINVAL)?;
        let file = open(&path, O_RDONLY | O_CLOEXEC, 0)?;
        let text = all_of(file);
        // It was only read: nothing is lost if closing it fails.
        let _ = close(file);
        text.map(|text| Self::Text(text, 0))
    }

    /// The next line, without its end; `None` at the end.
    pub fn line(&mut self) -> Result<Option<Vec<u8>>, Errno> {
        let Self::Text(text, place) = self else { return input::line(STDIN) };
        let rest = &text[*place..];
        if rest.is_empty() {
            return Ok(None);
        }
        let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        *place = (*place + length + 1).min(text.len());
        Ok(Some(rest[..length].into()))
    }
}

fn all_of(file: usize) -> Result<Vec<u8>, Errno> {
    let mut text = Vec::new();
    loop {
        let start = text.len();
        text.resize(start + PIECE, 0);
        let count = read(file, &mut text[start..])?;
        text.truncate(start + count);
        if count == 0 {
            return Ok(text);
        }
    }
}
