//! What is in a file: bytes, a page at a time.
//!
//! The files that came with the kernel lie in memory already, where the loader has put the archive.
//! A page of such a file is copied when somebody writes to it, and not before. A page that nobody
//! has written to, in a file that has become longer, is a *hole*: there is nothing of it, and it
//! reads as zeroes.
//!
//! ```text
//!  archive   |bytes as they came.......|
//!  pages              1: frame              3: frame
//!  file      | 0     | 1     | 2       | 2  | 3     | 4      size
//!             archive  frame   archive  hole  frame   hole
//! ```

use alloc::vec::Vec;
use core::sync::atomic::{AtomicUsize, Ordering};

use super::{Buffer, FileError};
use crate::memory::address::FRAME_SIZE;
use crate::memory::frames::{self, Frame};

/// The longest file, in bytes: offsets are signed. (Linux, MAX_LFS_FILESIZE.)
pub const LONGEST: u64 = i64::MAX as u64;

/// Bytes of a page.
const PAGE: usize = FRAME_SIZE as usize;

/// A page of zeroes, which is what a hole looks like.
static ZEROES: [u8; PAGE] = [0; PAGE];

/// How many frames all files have together.
static USED: AtomicUsize = AtomicUsize::new(0);

/// How many they may have.
static MOST: AtomicUsize = AtomicUsize::new(0);

/// Lets files have half of all memory: what is left is for programs.
pub fn init() {
    MOST.store(frames::statistics().total / 2, Ordering::Relaxed);
}

/// What is in a file.
#[derive(Debug)]
pub struct Contents {
    size: u64,
    /// How it begins, where no page says otherwise.
    archive: &'static [u8],
    /// The pages that were written, by their numbers.
    pages: Vec<(u64, Page)>,
}

/// A page that was written.
#[derive(Debug)]
struct Page(Frame);

impl Page {
    /// One that is full of zeroes.
    fn new() -> Result<Self, FileError> {
        if USED.load(Ordering::Relaxed) >= MOST.load(Ordering::Relaxed) {
            return Err(FileError::NoSpace);
        }
        let frame = frames::allocate()?;
        USED.fetch_add(1, Ordering::Relaxed);
        let mut page = Self(frame);
        page.bytes_mut().fill(0);
        Ok(page)
    }

    fn bytes(&self) -> &[u8; PAGE] {
        // SAFETY: the frame is ours, in the direct map, and `new` has filled it.
        unsafe { &*self.0.start().as_ptr() }
    }

    fn bytes_mut(&mut self) -> &mut [u8; PAGE] {
        // SAFETY: as above, and nobody else has the page; any bytes will do.
        unsafe { &mut *self.0.start().as_ptr() }
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        USED.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Contents {
    /// What came with the kernel; nothing at all, for a new file.
    pub const fn new(archive: &'static [u8]) -> Self {
        Self { size: archive.len() as u64, archive, pages: Vec::new() }
    }

    /// How long it is, in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// How many frames it has.
    pub fn frames(&self) -> usize {
        self.pages.len()
    }

    /// All of it, if nothing was written since it came.
    pub fn original(&self) -> Option<&'static [u8]> {
        let is_whole = self.pages.is_empty() && self.size == self.archive.len() as u64;
        is_whole.then_some(self.archive)
    }

    /// Copies what there is from byte `offset` on into `buffer`. The result is how much that was.
    pub fn read(&self, offset: u64, buffer: &mut Buffer) -> Result<usize, FileError> {
        let left = self.size.saturating_sub(offset);
        let wanted = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let mut done = 0;
        while done < wanted {
            let place = offset + done as u64;
            let part = self.part(place, wanted - done);
            let copied = buffer.put(done, part);
            done += copied;
            if copied < part.len() {
                break;
            }
        }
        if done == 0 && wanted > 0 { Err(FileError::BadAddress) } else { Ok(done) }
    }

    /// What stands at byte `place` and behind it, on the same page, up to `most` bytes.
    pub fn part(&self, place: u64, most: usize) -> &[u8] {
        let (number, within) = split(place);
        let most = most.min(PAGE - within);
        if let Ok(index) = self.find(number) {
            return &self.pages[index].1.bytes()[within..within + most];
        }
        let rest = usize::try_from(place).ok().and_then(|place| self.archive.get(place..));
        match rest {
            Some(rest) if !rest.is_empty() => &rest[..most.min(rest.len())],
            _ => &ZEROES[..most],
        }
    }

    /// Copies `buffer` to byte `offset` and behind it. The result is how much that was: less than
    /// all, if the program's memory ends, or that for files.
    pub fn write(&mut self, offset: u64, buffer: &Buffer) -> Result<usize, FileError> {
        let room = usize::try_from(LONGEST.saturating_sub(offset)).unwrap_or(usize::MAX);
        let wanted = buffer.len().min(room);
        if wanted == 0 && buffer.len() > 0 {
            return Err(FileError::TooLarge);
        }
        let mut done = 0;
        let mut result = Ok(());
        while done < wanted && result.is_ok() {
            let (number, within) = split(offset + done as u64);
            let part = (PAGE - within).min(wanted - done);
            result = self.page(number).and_then(|page| {
                let copied = buffer.get(done, &mut page.bytes_mut()[within..within + part]);
                done += copied;
                if copied < part { Err(FileError::BadAddress) } else { Ok(()) }
            });
        }
        self.size = self.size.max(if done > 0 { offset + done as u64 } else { 0 });
        if result.is_err() {
            // What was half copied, to a page that was made for it, lies behind the end.
            self.resize(self.size)?;
        }
        if done > 0 { Ok(done) } else { result.map(|()| 0) }
    }

    /// Makes it `size` bytes long: cuts the rest off, or adds a hole.
    pub fn resize(&mut self, size: u64) -> Result<(), FileError> {
        if size > LONGEST {
            return Err(FileError::TooLarge);
        }
        let (number, within) = split(size);
        let kept = self.pages.partition_point(|(other, _)| *other < number);
        if within > 0
            && let Ok(index) = self.find(number)
        {
            self.pages[index].1.bytes_mut()[within..].fill(0);
            self.pages.truncate(kept + 1);
        } else {
            self.pages.truncate(kept);
        }
        let archive = usize::try_from(size).unwrap_or(usize::MAX).min(self.archive.len());
        self.archive = &self.archive[..archive];
        self.size = size;
        Ok(())
    }

    /// The page `number`, so that it can be written to.
    fn page(&mut self, number: u64) -> Result<&mut Page, FileError> {
        let index = match self.find(number) {
            Ok(index) => index,
            Err(index) => {
                let mut page = Page::new()?;
                let start = usize::try_from(number * FRAME_SIZE).unwrap_or(usize::MAX);
                let there = self.archive.get(start..).unwrap_or_default();
                let count = there.len().min(PAGE);
                page.bytes_mut()[..count].copy_from_slice(&there[..count]);
                self.pages.try_reserve(1)?;
                self.pages.insert(index, (number, page));
                index
            }
        };
        Ok(&mut self.pages[index].1)
    }

    fn find(&self, number: u64) -> Result<usize, usize> {
        self.pages.binary_search_by_key(&number, |(number, _)| *number)
    }
}

/// The page that byte `place` is on, and where on it.
fn split(place: u64) -> (u64, usize) {
    (place / FRAME_SIZE, (place % FRAME_SIZE) as usize)
}

/// How many frames all files have, and how many they may have.
pub fn usage() -> (usize, usize) {
    (USED.load(Ordering::Relaxed), MOST.load(Ordering::Relaxed))
}

#[cfg(feature = "ktest")]
#[path = "contents_tests.rs"]
pub mod tests;
