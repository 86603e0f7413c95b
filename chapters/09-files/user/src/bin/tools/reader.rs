//! A file that is read from its start to its end, in pieces or in lines.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ffi::CStr;

use user::descriptor::close;
use user::file::{O_CLOEXEC, O_RDONLY, open};
use user::input::{STDIN, read};
use user::syscall::Errno;

/// So many bytes come in at once.
const PIECE: usize = 8192;

/// The name of the standard input.
pub const INPUT: &CStr = c"-";

/// A file, and what was read of it and not yet used.
pub struct Reader {
    pub descriptor: usize,
    buffer: Box<[u8; PIECE]>,
    start: usize,
    end: usize,
}

impl Reader {
    /// Opens the file at `path`; [`INPUT`] is the standard input.
    pub fn open(path: &CStr) -> Result<Self, Errno> {
        let descriptor = if path == INPUT { STDIN } else { open(path, O_RDONLY | O_CLOEXEC, 0)? };
        Ok(Self { descriptor, buffer: Box::new([0; PIECE]), start: 0, end: 0 })
    }

    /// The next bytes; none at the end.
    pub fn piece(&mut self) -> Result<&[u8], Errno> {
        self.fill()?;
        let piece = &self.buffer[self.start..self.end];
        self.start = self.end;
        Ok(piece)
    }

    /// Reads the next line into `line`, without its end; says whether there is one.
    pub fn line(&mut self, line: &mut Vec<u8>) -> Result<bool, Errno> {
        line.clear();
        loop {
            self.fill()?;
            let rest = &self.buffer[self.start..self.end];
            if rest.is_empty() {
                return Ok(!line.is_empty());
            }
            if let Some(length) = rest.iter().position(|byte| *byte == b'\n') {
                line.extend(&rest[..length]);
                self.start += length + 1;
                return Ok(true);
            }
            line.extend(rest);
            self.start = self.end;
        }
    }

    /// Sees to it that there is something in the buffer, unless the file has ended.
    fn fill(&mut self) -> Result<(), Errno> {
        while self.start == self.end {
            match read(self.descriptor, &mut self.buffer[..]) {
                Ok(count) => {
                    (self.start, self.end) = (0, count);
                    return Ok(());
                }
                Err(Errno::EINTR) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if self.descriptor != STDIN {
            // It was only read: nothing is lost if closing it fails.
            let _ = close(self.descriptor);
        }
    }
}

/// The `operands`, or the standard input if there are none.
pub fn or_input(operands: &[&'static CStr]) -> Vec<&'static CStr> {
    if operands.is_empty() { [INPUT].into() } else { operands.into() }
}
