//! The first programs and files, from one file that the loader put into memory.
//!
//! Before there is a disk there must be something to run. The format is the one that Linux takes
//! for the same purpose, cpio "newc": each file is a header of text, its name, its bytes, and then
//! comes the next. There is no table of contents, so whoever seeks a file walks past all others.
//!
//! ```text
//!  110 bytes, in hexadecimal digits   | name, 0 | to a multiple of 4 | bytes | to a multiple of 4
//!  070701 inode mode … size … check   |         |                    |       |
//!  …
//!  070701 0 0 …                       | TRAILER!!!, 0 | and zeroes, or another archive
//! ```
//!
//! As on Linux, several archives may follow each other with zeroes between them, names may begin
//! with `/` or `./`, and where a name comes twice the last one counts. That makes it easy to lay
//! one's own files over those of others: append an archive. What Linux forgives and we do not is
//! damage: an archive that breaks off is missing files, and somebody should know which.
//!
//! The crate `cpio_reader` reads an entry. It stops at the trailer and at damage alike and does not
//! say where. So it is asked for one entry at a time, at a place that we know.
//!
//! Linux, Documentation/driver-api/early-userspace/buffer-format.rst; cpio(5), "New ASCII Format".

use core::fmt;

/// How an entry begins: without a checksum, and with one.
const MAGICS: [&[u8]; 2] = [b"070701", b"070702"];

/// Bytes of an entry before its name.
const HEADER_SIZE: usize = 110;

/// The name of what ends an archive.
const TRAILER: &[u8] = b"TRAILER!!!\0";

/// Entries begin at multiples of so many bytes, and so does what they hold.
const ALIGNMENT: usize = 4;

/// Archives of files.
#[derive(Clone, Copy, Debug)]
pub struct Initramfs<'a> {
    bytes: &'a [u8],
}

/// A file, or a folder, or whatever else has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct File<'a> {
    /// Its path, without `/` or `./` in front.
    pub name: &'a str,
    /// Its type and who may do what with it, as in `st_mode`.
    pub mode: u32,
    /// What is in it.
    pub bytes: &'a [u8],
}

/// An archive is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InitramfsError {
    /// Here an entry should be, and is none.
    NoEntry { offset: usize },
    /// The entry here cannot be read: it breaks off, or is garbled.
    Damaged { offset: usize },
    /// The archive ends here, and its trailer is missing.
    NoTrailer { offset: usize },
}

impl fmt::Display for InitramfsError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::NoEntry { offset } => write!(f, "no entry is at byte {offset:#x}"),
            Self::Damaged { offset } => write!(f, "the entry at byte {offset:#x} is damaged"),
            Self::NoTrailer { offset } => {
                write!(f, "the archive ends at byte {offset:#x} without a trailer")
            }
        }
    }
}

impl core::error::Error for InitramfsError {}

impl<'a> Initramfs<'a> {
    /// The archives in `bytes`. Whether they are good is found out when they are read.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// All files, in the order of the archives. Nothing comes after an error.
    pub fn files(&self) -> Files<'a> {
        Files { bytes: self.bytes, offset: 0, is_inside: false }
    }
}

/// The files of an [`Initramfs`].
#[derive(Clone, Debug)]
pub struct Files<'a> {
    bytes: &'a [u8],
    offset: usize,
    /// An archive has begun, and its trailer is still to come.
    is_inside: bool,
}

impl<'a> Iterator for Files<'a> {
    type Item = Result<File<'a>, InitramfsError>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.advance().transpose()?;
        if next.is_err() {
            *self = Self { bytes: &[], offset: 0, is_inside: false };
        }
        Some(next)
    }
}

impl<'a> Files<'a> {
    fn advance(&mut self) -> Result<Option<File<'a>>, InitramfsError> {
        loop {
            if !self.is_inside {
                self.skip_zeroes();
            }
            let offset = self.offset;
            let rest = self.bytes.get(offset..).unwrap_or_default();
            if rest.is_empty() && self.is_inside {
                return Err(InitramfsError::NoTrailer { offset: self.bytes.len() });
            }
            if rest.is_empty() {
                return Ok(None);
            }
            let is_entry = MAGICS.iter().any(|magic| rest.starts_with(magic));
            if !is_entry || !offset.is_multiple_of(ALIGNMENT) {
                return Err(InitramfsError::NoEntry { offset });
            }
            if rest.get(HEADER_SIZE..).is_some_and(|name| name.starts_with(TRAILER)) {
                self.offset += (HEADER_SIZE + TRAILER.len()).next_multiple_of(ALIGNMENT);
                self.is_inside = false;
                continue;
            }
            self.is_inside = true;
            return self.entry(rest).ok_or(InitramfsError::Damaged { offset }).map(Some);
        }
    }

    /// Goes to where the next archive begins.
    fn skip_zeroes(&mut self) {
        let rest = self.bytes.get(self.offset..).unwrap_or_default();
        self.offset += rest.iter().take_while(|&&byte| byte == 0).count();
    }

    /// Reads the entry with which `rest` begins, and goes behind it.
    fn entry(&mut self, rest: &'a [u8]) -> Option<File<'a>> {
        let entry = cpio_reader::iter_files(rest).next()?;
        let (name, bytes) = (entry.name(), entry.file());
        // One more than the name has, for the zero behind it.
        let data = (HEADER_SIZE + name.len() + 1).next_multiple_of(ALIGNMENT);
        self.offset += (data + bytes.len()).next_multiple_of(ALIGNMENT);
        Some(File { name: plain(name), mode: entry.mode().bits(), bytes })
    }
}

/// `path` as seen from the root.
fn plain(path: &str) -> &str {
    let mut path = path;
    while let Some(rest) = path.strip_prefix('/').or_else(|| path.strip_prefix("./")) {
        path = rest;
    }
    path
}
