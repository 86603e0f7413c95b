//! Names: what stands between two slashes of a path.

use super::FileError;

/// The longest name, in bytes. (Linux, `include/uapi/linux/limits.h`, NAME_MAX.)
pub const LONGEST: usize = 255;

/// A name, in whatever encoding: any bytes but zero and the slash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    bytes: [u8; LONGEST],
    length: u8,
}

impl Name {
    /// No name, as the root has none.
    pub const NONE: Self = Self { bytes: [0; LONGEST], length: 0 };

    /// The name in `bytes`.
    pub fn new(bytes: &[u8]) -> Result<Self, FileError> {
        let mut name = Self::NONE;
        name.set(bytes)?;
        Ok(name)
    }

    /// Becomes the name in `bytes`, in place: to return one is to copy 256 bytes. It must have been
    /// [`NONE`](Self::NONE).
    pub fn set(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        let place = self.bytes.get_mut(..bytes.len()).ok_or(FileError::NameTooLong)?;
        place.copy_from_slice(bytes);
        self.length = bytes.len() as u8;
        Ok(())
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length.into()]
    }

    /// Whether it is `.` or `..`, which every folder has, or that of the root.
    pub fn is_special(&self) -> bool {
        matches!(self.bytes(), b"" | b"." | b"..")
    }
}
