//! A region of a program's memory, and where it stands in the list of all of them.
//!
//! Given, not to be written. Regions stand in the order of their addresses, and none overlap. So
//! one is found by bisection.

use core::ops::Range;

use super::{Access, VirtAddr};

/// Pages that are for one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// The pages. There is at least one.
    pub pages: Range<VirtAddr>,
    /// What the program may do with them: with [`Access::USER`], or nothing at all.
    pub access: Access,
    /// What they are for.
    pub kind: Kind,
}

/// What pages are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The program's file was loaded there.
    Program,
    /// What `brk` has added behind the program.
    Heap,
    /// What `mmap` has given.
    Mapping,
    /// The stack of the first thread.
    Stack,
}

/// The number of the first region of `list` that ends behind `address`: the one that it lies in, or
/// else the next one. If there is none, it is the number of regions.
pub fn first_behind(list: &[Region], address: VirtAddr) -> usize {
    list.partition_point(|region| region.pages.end <= address)
}
