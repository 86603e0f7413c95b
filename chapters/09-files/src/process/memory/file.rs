//! Files as memory: a copy of their bytes, in frames of the program's own.
//!
//! The copy is made when the program asks for it. (Linux has the pages of a file in memory once,
//! and all that read it there share them; a page is copied when somebody writes to it. That needs
//! page faults that are no errors.) So what a program writes stays its own, as MAP_PRIVATE
//! promises; and what others write to the file later, it does not see. Linux leaves open whether it
//! would.
//!
//! The last page is filled up with zeroes. Pages that lie behind the end of the file are there, but
//! nobody may touch them: who does ends by SIGBUS, not by SIGSEGV, since there is a mapping.
//!
//! ```text
//!  file      |........|........|.....|
//!  mapping   |  copy  |  copy  |copy 0|nobody's |nobody's |
//! ```

use alloc::collections::TryReserveError;
use alloc::vec::Vec;
use core::ops::Range;

use super::{Memory, MemoryError, Placement, check};
use crate::file::contents::Contents;
use crate::memory::address::{FRAME_SIZE, VirtAddr};
use crate::memory::paging::Access;
use crate::memory::shared::Shared;
use crate::process::regions::{Kind, Region};

/// A file that is in memory, as it was when it was put there.
#[derive(Debug)]
pub struct MappedFile {
    /// A path of it.
    pub path: Vec<u8>,
    /// The file system that it is in.
    pub device: u64,
    /// Its number there.
    pub number: u64,
    /// Whether what others write should be seen: then it may not be written.
    pub is_shared: bool,
}

/// What is to be in memory of a file.
pub struct FilePart<'a> {
    /// Its bytes.
    pub contents: &'a Contents,
    /// From where on.
    pub offset: u64,
    /// The file, for who asks later.
    pub file: Shared<MappedFile>,
}

/// Pages that have bytes of a file.
#[derive(Clone, Debug)]
struct Mapped {
    pages: Range<VirtAddr>,
    /// Where the file ends, if it does before the pages do.
    end: VirtAddr,
    offset: u64,
    file: Shared<MappedFile>,
}

/// All of them of a process, in the order of their addresses.
#[derive(Debug)]
pub(super) struct MappedFiles {
    list: Vec<Mapped>,
}

/// How many more a change may make of them: it cuts one in two, and puts one in.
const MORE: usize = 2;

impl MappedFiles {
    pub(super) const fn new() -> Self {
        Self { list: Vec::new() }
    }

    /// Makes room for one change.
    pub(super) fn reserve(&mut self) -> Result<(), TryReserveError> {
        if self.list.is_empty() { Ok(()) } else { self.list.try_reserve(MORE) }
    }

    /// The same again.
    pub(super) fn copy(&self) -> Result<Self, TryReserveError> {
        let mut list = Vec::new();
        list.try_reserve(self.list.len())?;
        list.extend_from_slice(&self.list);
        Ok(Self { list })
    }

    /// Forgets what is in `pages`. Of what reaches beyond, the rest stays.
    pub(super) fn remove(&mut self, pages: &Range<VirtAddr>) {
        for address in [pages.start, pages.end] {
            self.split(address);
        }
        self.list
            .retain(|mapped| mapped.pages.end <= pages.start || mapped.pages.start >= pages.end);
    }

    fn split(&mut self, address: VirtAddr) {
        let reaches = |mapped: &Mapped| mapped.pages.start < address && address < mapped.pages.end;
        let Some(index) = self.list.iter().position(reaches) else { return };
        let lower = &mut self.list[index];
        let mut upper = lower.clone();
        upper.offset += address - lower.pages.start;
        (upper.pages.start, lower.pages.end) = (address, address);
        self.list.insert(index + 1, upper);
    }

    fn insert(&mut self, mapped: Mapped) {
        let index = self.list.partition_point(|other| other.pages.end <= mapped.pages.start);
        self.list.insert(index, mapped);
    }

    /// Whether `address` lies in a mapping, behind the end of its file.
    pub(super) fn is_behind_end(&self, address: VirtAddr) -> bool {
        let is_in = |mapped: &&Mapped| mapped.pages.contains(&address);
        self.list.iter().find(is_in).is_some_and(|mapped| address >= mapped.end)
    }

    /// Whether something of `pages` should change with its file.
    pub(super) fn has_shared(&self, pages: &Range<VirtAddr>) -> bool {
        let is_in =
            |mapped: &Mapped| mapped.pages.start < pages.end && pages.start < mapped.pages.end;
        self.list.iter().any(|mapped| mapped.file.is_shared && is_in(mapped))
    }

    /// The file at `address`, and from where on; and up to where that is so, if it is not for ever.
    pub(super) fn at(&self, address: VirtAddr) -> (Option<(&MappedFile, u64)>, Option<VirtAddr>) {
        let index = self.list.partition_point(|mapped| mapped.pages.end <= address);
        match self.list.get(index) {
            Some(mapped) if mapped.pages.start <= address => {
                let offset = mapped.offset + (address - mapped.pages.start);
                (Some((&*mapped.file, offset)), Some(mapped.pages.end))
            }
            next => (None, next.map(|mapped| mapped.pages.start)),
        }
    }
}

impl Memory {
    /// Gives the program `bytes` of a file, rounded up to pages. The result is where. If that
    /// fails, nothing has changed; only where nothing may be done with it (no `access`), what was
    /// there before may be gone.
    pub fn mmap_file(
        &mut self,
        hint: VirtAddr,
        bytes: u64,
        access: Access,
        placement: Placement,
        part: FilePart,
    ) -> Result<VirtAddr, MemoryError> {
        check(access)?;
        let pages = self.place(hint, bytes, placement)?;
        self.reserve()?;
        self.files.list.try_reserve(MORE).map_err(|_| MemoryError::OutOfMemory)?;
        let FilePart { contents, offset, file } = part;
        let there = contents.size().saturating_sub(offset).min(pages.end - pages.start);
        let filled = pages.start..pages.start + there.next_multiple_of(FRAME_SIZE);
        let (end, rest) = (filled.end, filled.end..pages.end);
        if !filled.is_empty() {
            self.fill(&filled, access, contents, offset)?;
        }
        if !rest.is_empty() {
            // Room for it was made above: this cannot fail any more.
            let access = Access::empty();
            self.take_away(&rest);
            self.files.remove(&rest);
            self.regions.insert(Region { pages: rest, access, kind: Kind::Mapping });
        }
        let start = pages.start;
        self.files.insert(Mapped { pages, end, offset, file });
        Ok(start)
    }

    /// Maps `pages`, with bytes from `offset` on.
    fn fill(
        &mut self,
        pages: &Range<VirtAddr>,
        access: Access,
        contents: &Contents,
        offset: u64,
    ) -> Result<(), MemoryError> {
        // What is inaccessible must have been accessible to have something in it.
        let first = if access.is_empty() { Access::USER } else { access };
        self.replace(Region { pages: pages.clone(), access: first, kind: Kind::Mapping })?;
        let wanted = contents.size().saturating_sub(offset).min(pages.end - pages.start) as usize;
        let mut done = 0;
        while done < wanted {
            let bytes = contents.part(offset + done as u64, wanted - done);
            self.write(pages.start + done as u64, bytes)?;
            done += bytes.len();
        }
        if access.is_empty() {
            let closed = self.change_access(pages, access);
            if closed.is_err() {
                self.take_away(pages);
                self.regions.remove(pages);
            }
            return closed;
        }
        Ok(())
    }
}
