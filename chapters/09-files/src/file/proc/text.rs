//! Text that the kernel makes up, for which there may be no memory.

use alloc::vec::Vec;
use core::fmt::{self, Write};

use crate::file::FileError;

/// Text that grows.
#[derive(Debug, Default)]
pub struct Text(Vec<u8>);

impl Text {
    /// What `tell` writes.
    pub fn of(tell: impl FnOnce(&mut Self) -> Result<(), FileError>) -> Result<Vec<u8>, FileError> {
        let mut text = Self::default();
        tell(&mut text)?;
        Ok(text.0)
    }

    /// Adds `bytes`, whatever they are.
    pub fn add(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        self.0.try_reserve(bytes.len())?;
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    /// Adds spaces, until the text is `length` bytes long.
    pub fn pad_to(&mut self, length: usize) -> Result<(), FileError> {
        while self.0.len() < length {
            self.add(b" ")?;
        }
        Ok(())
    }

    /// How long it is, in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl Write for Text {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.add(text.as_bytes()).map_err(|_| fmt::Error)
    }
}

/// To write a text fails for one reason.
impl From<fmt::Error> for FileError {
    fn from(_: fmt::Error) -> Self {
        Self::NoMemory
    }
}
