//! Tests of files as memory.

use core::ops::Range;

use alloc::vec::Vec;

use super::tests::{NONE, READ, START, WRITE, may_write, pages, read};
use super::{FilePart, MappedFile, Memory, MemoryError, Placement};
use crate::file::contents::Contents;
use crate::memory::address::{FRAME_SIZE, VirtAddr};
use crate::memory::paging::Access;
use crate::memory::shared::Shared;
use crate::memory::{faults, frames, heap};
use crate::process::user::BadAddress;

/// Two pages and a half of bytes; each page is full of its own.
static BYTES: [u8; 10240] = {
    let mut bytes = [1; 10240];
    let mut index = 4096;
    while index < bytes.len() {
        bytes[index] = if index < 8192 { 2 } else { 3 };
        index += 1;
    }
    bytes
};

/// Maps the file to `pages`, from its page `first` on.
fn map(
    memory: &mut Memory,
    pages: Range<VirtAddr>,
    first: u64,
    access: Access,
    is_shared: bool,
) -> Result<(), MemoryError> {
    let contents = Contents::new(&BYTES);
    let file = MappedFile { path: Vec::new(), device: 1, number: 7, is_shared };
    let file = Shared::new(file)?;
    let part = FilePart { contents: &contents, offset: first * FRAME_SIZE, file };
    let bytes = pages.end - pages.start;
    memory.mmap_file(pages.start, bytes, access, Placement::Fixed, part).map(|start| {
        assert_eq!(start, pages.start);
    })
}

fn new() -> Memory {
    Memory::new().expect("boot leaves free frames")
}

/// What the program finds first in the pages 0 to 5.
fn look(memory: &Memory) -> [Option<u8>; 6] {
    core::array::from_fn(|index| read(memory, START + index as u64 * FRAME_SIZE).ok())
}

/// All pieces: the number of their first page and of that behind the last, whether they can be
/// used, and which page of the file they begin with.
fn pieces(memory: &Memory) -> Vec<(u64, u64, bool, Option<u64>)> {
    let number = |address: VirtAddr| (address - START) / FRAME_SIZE;
    let pieces = memory.pieces().map(|piece| {
        let first = piece.file.map(|(_, offset)| offset / FRAME_SIZE);
        let Range { start, end } = piece.pages;
        (number(start), number(end), !piece.access.is_empty(), first)
    });
    pieces.collect()
}

ktest::test! {
    /// The bytes of the file are there, zeroes behind them up to the end of the page, and what lies
    /// behind that page is nobody's.
    fn mapped_files_have_their_bytes() {
        let mut memory = new();
        map(&mut memory, pages(0, 5), 0, WRITE, false).expect("boot leaves free frames");
        assert_eq!(look(&memory), [Some(1), Some(2), Some(3), None, None, None]);
        assert_eq!(read(&memory, START + 10239), Ok(3));
        assert_eq!(read(&memory, START + 10240), Ok(0));
        assert_eq!(read(&memory, START + 3 * FRAME_SIZE), Err(BadAddress));
        assert!(may_write(&memory, START));
        assert_eq!(pieces(&memory), [(0, 3, true, Some(0)), (3, 5, false, Some(3))]);
        map(&mut memory, pages(0, 1), 9, READ, false).expect("there is room");
        assert_eq!(look(&memory)[..2], [None, Some(2)], "all of it is behind the end");
    }

    /// From a later page on there is less; and what is read only stays so.
    fn mapped_files_begin_where_they_are_wanted() {
        let mut memory = new();
        map(&mut memory, pages(1, 3), 2, READ, false).expect("boot leaves free frames");
        assert_eq!(look(&memory)[..4], [None, Some(3), None, None]);
        assert!(!may_write(&memory, START + FRAME_SIZE));
        assert_eq!(pieces(&memory), [(1, 2, true, Some(2)), (2, 3, false, Some(3))]);
    }

    /// What is mapped without access has its bytes when it is opened.
    fn closed_files_keep_their_bytes() {
        let mut memory = new();
        map(&mut memory, pages(0, 2), 0, NONE, false).expect("boot leaves free frames");
        assert_eq!(look(&memory)[..2], [None; 2]);
        memory.mprotect(&pages(0, 2), READ).expect("boot leaves free frames");
        assert_eq!(look(&memory)[..2], [Some(1), Some(2)]);
    }

    /// What is unmapped, or mapped over, is cut out of the file, and the rest knows where it is.
    fn mapped_files_are_cut() {
        let mut memory = new();
        map(&mut memory, pages(0, 3), 0, READ, false).expect("boot leaves free frames");
        memory.munmap(&pages(1, 2)).expect("there is memory for a region");
        assert_eq!(pieces(&memory), [(0, 1, true, Some(0)), (2, 3, true, Some(2))]);
        map(&mut memory, pages(0, 1), 1, READ, false).expect("boot leaves free frames");
        let start = START + 2 * FRAME_SIZE;
        let zeroes = memory.mmap(start, 2 * FRAME_SIZE, READ, Placement::Fixed);
        assert_eq!(zeroes, Ok(start));
        assert_eq!(look(&memory)[..4], [Some(2), None, Some(0), Some(0)]);
        assert_eq!(pieces(&memory), [(0, 1, true, Some(1)), (2, 4, true, None)]);
    }

    /// A child has the same, and its own.
    fn fork_copies_mapped_files() {
        let mut memory = new();
        map(&mut memory, pages(0, 3), 0, WRITE, false).expect("boot leaves free frames");
        let copy = memory.fork().expect("boot leaves free frames");
        memory.write(START, b"x").expect("it is mapped");
        assert_eq!(look(&copy)[..3], [Some(1), Some(2), Some(3)]);
        assert_eq!(pieces(&copy), pieces(&memory));
    }

    /// What should change with its file may not be written, now or later.
    fn shared_files_are_not_written() {
        let mut memory = new();
        map(&mut memory, pages(0, 2), 0, READ, true).expect("boot leaves free frames");
        assert_eq!(memory.mprotect(&pages(1, 3), WRITE), Err(MemoryError::ReadOnly));
        memory.munmap(&pages(0, 2)).expect("there is memory for a region");
        assert_eq!(memory.mprotect(&pages(0, 1), WRITE), Err(MemoryError::Hole(START)));
        let zeroes = memory.mmap(START, FRAME_SIZE, READ, Placement::Fixed);
        assert_eq!(zeroes, Ok(START));
        assert_eq!(memory.mprotect(&pages(0, 1), WRITE), Ok(()), "it is no file any more");
    }

    /// Whichever allocation fails, what was there is there still, and nothing is lost.
    fn any_file_mapping_may_fail() {
        let mut memory = new();
        map(&mut memory, pages(0, 6), 0, WRITE, false).expect("boot leaves free frames");
        let zeroes = memory.mmap(START, 2 * FRAME_SIZE, READ, Placement::Fixed);
        assert_eq!(zeroes, Ok(START));
        let (seen, before) = ((look(&memory), pieces(&memory)), frames::statistics().free);
        for count in 0.. {
            let act = || map(&mut memory, pages(2, 9), 0, READ, false);
            let (result, has_failed) = faults::fail_at(count, act);
            assert_eq!(result.is_err(), has_failed, "at {count}: {result:?}");
            if result.is_ok() {
                assert!(count >= 3, "only {count} allocations");
                break;
            }
            assert_eq!(result, Err(MemoryError::OutOfMemory), "at {count}");
            assert_eq!((look(&memory), pieces(&memory)), seen, "at {count}");
            assert_eq!(frames::statistics().free, before, "at {count}: frames are lost");
        }
        assert_eq!(look(&memory), [Some(0), Some(0), Some(1), Some(2), Some(3), None]);
    }

    /// All that a file has taken comes back with the memory.
    fn mapped_files_come_back() {
        let act = || {
            let mut memory = new();
            map(&mut memory, pages(0, 5), 0, WRITE, false).expect("boot leaves free frames");
            map(&mut memory, pages(1, 3), 0, NONE, true).expect("boot leaves free frames");
            drop(memory.fork());
        };
        act();
        let before = (frames::statistics(), heap::statistics().used);
        act();
        assert_eq!((frames::statistics(), heap::statistics().used), before);
    }
}
