//! What can be told of a process's memory, to others.

use alloc::vec::Vec;
use core::ops::Range;

use super::{MappedFile, Memory};
use crate::file::FileError;
use crate::memory::address::{FRAME_SIZE, VirtAddr};
use crate::memory::paging::Access;
use crate::process::regions::Kind;

/// Pages that are for one thing, of one file.
#[derive(Clone, Debug)]
pub struct Piece<'a> {
    /// The pages.
    pub pages: Range<VirtAddr>,
    /// What the program may do with them.
    pub access: Access,
    /// What they are for.
    pub kind: Kind,
    /// The file whose bytes they had, and from where on.
    pub file: Option<(&'a MappedFile, u64)>,
}

/// How much memory there is, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    /// Of all pages.
    pub all: u64,
    /// Of those that the program may use: each has its frame.
    pub resident: u64,
    /// Of the stack.
    pub stack: u64,
    /// Of the program.
    pub program: u64,
}

impl Memory {
    /// All pages, from the lowest on, in as few pieces as can be.
    pub fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        let mut regions = self.regions.iter();
        let mut region = regions.next();
        let mut start = VirtAddr(0);
        core::iter::from_fn(move || {
            while region.is_some_and(|region| region.pages.end <= start) {
                region = regions.next();
            }
            let found = region?;
            let first = start.max(found.pages.start);
            let (file, end) = self.files.at(first);
            let pages = first..end.map_or(found.pages.end, |end| end.min(found.pages.end));
            start = pages.end;
            Some(Piece { pages, access: found.access, kind: found.kind, file })
        })
    }

    /// Whether `address` lies in a mapping of a file, behind the end of that.
    pub fn is_behind_end(&self, address: VirtAddr) -> bool {
        self.files.is_behind_end(address)
    }

    /// How much there is.
    pub fn sizes(&self) -> Sizes {
        let mut sizes = Sizes::default();
        for region in self.regions.iter() {
            let bytes = region.pages.end - region.pages.start;
            sizes.all += bytes;
            if !region.access.is_empty() {
                sizes.resident += bytes;
            }
            match region.kind {
                Kind::Stack => sizes.stack += bytes,
                Kind::Program => sizes.program += bytes,
                Kind::Heap | Kind::Mapping => {}
            }
        }
        sizes
    }

    /// The arguments that it was started with, as the program has left them: each has a zero behind
    /// it. What is not there any more is left out.
    pub fn arguments(&self) -> Result<Vec<u8>, FileError> {
        let mut bytes = Vec::new();
        let mut at = self.arguments.start;
        while at < self.arguments.end {
            let page = at.align_down(FRAME_SIZE);
            let Some(frame) = self.space.frame(page) else { break };
            let count = (self.arguments.end - at).min(page + FRAME_SIZE - at) as usize;
            bytes.try_reserve(count)?;
            // SAFETY: the frame is the program's, whose memory is locked, and in the direct map;
            // another program may run meanwhile, not this one's threads: there is one processor,
            // and whatever they write, bytes are bytes.
            let part =
                unsafe { core::slice::from_raw_parts((frame + (at - page)).as_ptr::<u8>(), count) };
            bytes.extend_from_slice(part);
            at = at + count as u64;
        }
        Ok(bytes)
    }
}
