//! Regions, page by page.

use core::ops::Range;

use crate::memory::paging::Access;
use crate::process::regions::Kind;

/// Pages that there are.
pub const PAGES: usize = 24;

/// What each page is for, if it is for anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Model(pub [Option<(Access, Kind)>; PAGES]);

impl Model {
    pub fn insert(&mut self, pages: Range<usize>, access: Access, kind: Kind) {
        self.0[pages].fill(Some((access, kind)));
    }

    pub fn remove(&mut self, pages: Range<usize>) {
        self.0[pages].fill(None);
    }

    pub fn protect(&mut self, pages: Range<usize>, access: Access) {
        self.0[pages].iter_mut().flatten().for_each(|page| page.0 = access);
    }

    pub fn is_free(&self, pages: Range<usize>) -> bool {
        self.0[pages].iter().all(Option::is_none)
    }

    /// The highest of all places in `room` that are free.
    pub fn gap(&self, count: usize, room: Range<usize>) -> Option<usize> {
        let places = (room.start..=room.end).filter(|start| start + count <= room.end);
        places.rev().find(|start| self.is_free(*start..start + count))
    }

    /// The first page from `start` on that is for nothing.
    pub fn end_of_run(&self, start: usize) -> usize {
        (start..PAGES).find(|page| self.0[*page].is_none()).unwrap_or(PAGES)
    }

    /// Pages that are for the same thing, as few ranges as there can be.
    pub fn ranges(&self) -> Vec<(Range<usize>, Access, Kind)> {
        let mut ranges: Vec<(Range<usize>, Access, Kind)> = Vec::new();
        for (page, what) in self.0.iter().enumerate() {
            let Some((access, kind)) = *what else { continue };
            match ranges.last_mut() {
                Some(last) if last.0.end == page && (last.1, last.2) == (access, kind) => {
                    last.0.end = page + 1;
                }
                _ => ranges.push((page..page + 1, access, kind)),
            }
        }
        ranges
    }
}
