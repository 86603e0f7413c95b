//! Tests of a process's memory: what a program finds there after a change, and after one that
//! failed.

use core::ops::Range;
use core::slice;

use super::{Memory, MemoryError, Placement};
use crate::arch;
use crate::memory::address::{FRAME_SIZE, VirtAddr};
use crate::memory::paging::{Access, MapError};
use crate::memory::{faults, frames, heap};
use crate::process::layout::USER_END;
use crate::process::space;
use crate::process::user::{BadAddress, UserSlice};

pub(super) const READ: Access = Access::USER;
pub(super) const WRITE: Access = Access::USER.union(Access::WRITE);
pub(super) const NONE: Access = Access::empty();

/// Where the tests have their pages: at the end of what a table of the last level maps, so that
/// changes need a second one.
pub(super) const START: VirtAddr = VirtAddr(0x40_0000 - 4 * FRAME_SIZE);

/// Pages number `first` to `end` from there.
pub(super) fn pages(first: u64, end: u64) -> Range<VirtAddr> {
    START + first * FRAME_SIZE..START + end * FRAME_SIZE
}

fn map(memory: &mut Memory, pages: Range<VirtAddr>, access: Access) -> Result<(), MemoryError> {
    let bytes = pages.end - pages.start;
    let start = memory.mmap(pages.start, bytes, access, Placement::Fixed)?;
    assert_eq!(start, pages.start);
    Ok(())
}

/// Eight pages, each with its number in its first byte; the third and the fourth are inaccessible,
/// the sixth may only be read, and the seventh never had a frame.
fn sample() -> Memory {
    let mut memory = Memory::new().expect("boot leaves free frames");
    let all = pages(0, 8);
    map(&mut memory, all, WRITE).expect("boot leaves free frames");
    for index in 0..8 {
        memory.write(START + index * FRAME_SIZE, &[index as u8 + 1]).expect("it is mapped");
    }
    memory.mprotect(&pages(2, 4), NONE).expect("boot leaves free frames");
    memory.mprotect(&pages(5, 6), READ).expect("boot leaves free frames");
    map(&mut memory, pages(6, 7), NONE).expect("boot leaves free frames");
    memory
}

/// What the program finds first in the page at `address`.
pub(super) fn read(memory: &Memory, address: VirtAddr) -> Result<u8, BadAddress> {
    within(memory, || {
        let mut byte = [0];
        UserSlice::new(address.0, 1)?.read(0, &mut byte)?;
        Ok(byte[0])
    })
}

/// Whether the program may write there. What is there is written again.
pub(super) fn may_write(memory: &Memory, address: VirtAddr) -> bool {
    let Ok(byte) = read(memory, address) else { return false };
    let write = || UserSlice::new(address.0, 1)?.write(0, &[byte]);
    within(memory, write).is_ok()
}

fn within<T>(memory: &Memory, act: impl FnOnce() -> T) -> T {
    // SAFETY: it stays until `leave`.
    unsafe { arch::switch_page_table(memory.root()) };
    let result = act();
    space::leave();
    result
}

/// All that the program can see of the pages 0 to 9, and what the kernel knows of them.
fn look(memory: &Memory) -> [(Result<u8, BadAddress>, bool, Option<Access>); 10] {
    core::array::from_fn(|index| {
        let page = START + index as u64 * FRAME_SIZE;
        let access = memory.regions().find(page).map(|region| region.access);
        (read(memory, page), may_write(memory, page), access)
    })
}

/// Lets each allocation of `act` fail in turn; each time, nothing may have changed and nothing may
/// be lost. The result is how many there are.
fn fails_without_a_trace(act: impl Fn(&mut Memory) -> Result<(), MemoryError>) -> usize {
    let mut memory = sample();
    let seen = look(&memory);
    for count in 0.. {
        let before = (frames::statistics().free, heap::statistics().used);
        let (result, has_failed) = faults::fail_at(count, || act(&mut memory));
        assert_eq!(result.is_err(), has_failed, "at {count}: {result:?}");
        if result.is_ok() {
            return count;
        }
        assert_eq!(result, Err(MemoryError::OutOfMemory), "at {count}");
        // What the list of regions has asked for, it keeps.
        let after = frames::statistics().free;
        assert_eq!(after, before.0, "at {count}: frames are lost");
        assert_eq!(look(&memory), seen, "at {count}");
    }
    unreachable!("the loop ends when nothing fails")
}

ktest::test! {
    /// Inaccessible pages keep what is in them, and neither the program nor the kernel for it gets
    /// there meanwhile.
    fn inaccessible_pages_keep_their_content() {
        let mut memory = sample();
        let found = look(&memory).map(|(byte, may_write, _)| (byte.ok(), may_write));
        let expected = [
            (Some(1), true), (Some(2), true), (None, false), (None, false), (Some(5), true),
            (Some(6), false), (None, false), (Some(8), true), (None, false), (None, false),
        ];
        assert_eq!(found, expected);
        memory.mprotect(&pages(0, 8), WRITE).expect("boot leaves free frames");
        let found = look(&memory).map(|(byte, may_write, _)| byte.ok().filter(|_| may_write));
        let all = [1, 2, 3, 4, 5, 6, 0, 8].map(Some);
        assert_eq!(found[..8], all);
        assert_eq!(found[8..], [None; 2]);
    }

    /// All that a process has comes back: what it gives back itself, and what it never did.
    fn all_memory_comes_back() {
        drop(sample());
        let before = (frames::statistics(), heap::statistics().used);
        let mut memory = sample();
        let some = frames::statistics().free;
        memory.munmap(&pages(1, 3)).expect("there is memory for a region");
        assert_eq!(frames::statistics().free, some + 2);
        memory.munmap(&pages(0, 20)).expect("there is memory for a region");
        assert_eq!(memory.regions().iter().len(), 0);
        drop((memory, sample()));
        assert_eq!((frames::statistics(), heap::statistics().used), before);
    }

    /// What is mapped over other memory is full of zeroes, whatever was there.
    fn fixed_mappings_are_zeroes() {
        let mut memory = sample();
        map(&mut memory, pages(1, 7), WRITE).expect("boot leaves free frames");
        let found = look(&memory).map(|(byte, ..)| byte.ok());
        assert_eq!(found[..8], [1, 0, 0, 0, 0, 0, 0, 8].map(Some));
        map(&mut memory, pages(0, 4), NONE).expect("there is memory for a region");
        memory.mprotect(&pages(0, 4), WRITE).expect("boot leaves free frames");
        assert_eq!(look(&memory).map(|(byte, ..)| byte.ok())[..4], [Some(0); 4]);
    }

    /// After a fork both have the same, and what one of them changes the other does not see.
    fn fork_copies_and_then_is_separate() {
        let mut memory = sample();
        let mut copy = memory.fork().expect("boot leaves free frames");
        assert_eq!(look(&copy), look(&memory));
        memory.write(START, b"x").expect("it is mapped");
        copy.munmap(&pages(4, 5)).expect("there is memory for a region");
        assert_eq!((read(&memory, START), read(&copy, START)), (Ok(b'x'), Ok(1)));
        memory.mprotect(&pages(2, 3), READ).expect("boot leaves free frames");
        memory.mprotect(&pages(2, 3), WRITE).expect("they are mapped");
        memory.write(START + 2 * FRAME_SIZE, b"y").expect("it is mapped");
        copy.mprotect(&pages(2, 3), READ).expect("boot leaves free frames");
        assert_eq!(read(&copy, START + 2 * FRAME_SIZE), Ok(3));
        assert_eq!(read(&memory, START + 4 * FRAME_SIZE), Ok(5));
    }

    /// A page is cleared and copied to its last byte, and not a byte beyond.
    fn pages_are_cleared_and_copied_whole() {
        const PAGE: usize = FRAME_SIZE as usize;
        let run = frames::allocate_run(4, FRAME_SIZE).expect("boot leaves free frames");
        // SAFETY: the frames are ours, side by side, and in the direct map.
        let bytes = unsafe { slice::from_raw_parts_mut(run.range().start.as_ptr(), 4 * PAGE) };
        let pattern = |at: usize| (at * 7 + at / 251) as u8 | 1;
        bytes.iter_mut().enumerate().for_each(|(at, byte)| *byte = pattern(at));
        let page = |number: u64| run.range().start + number * FRAME_SIZE;
        // SAFETY: the second of them is a page, and ours.
        unsafe { arch::clear_page(page(1).as_ptr()) };
        // SAFETY: so are the third and the fourth.
        unsafe { arch::copy_page(page(2).as_ptr(), page(3).as_ptr()) };
        for (at, byte) in bytes.iter().enumerate() {
            let expected = match at / PAGE {
                1 => 0,
                2 => pattern(at + PAGE),
                _ => pattern(at),
            };
            assert_eq!(*byte, expected, "byte {at}");
        }
    }

    /// Whichever allocation fails in a change: nothing has changed, and nothing is lost.
    fn any_change_may_fail() {
        let over = fails_without_a_trace(|memory| map(memory, pages(1, 10), WRITE));
        let open = fails_without_a_trace(|memory| memory.mprotect(&pages(1, 8), READ));
        let close = fails_without_a_trace(|memory| memory.mprotect(&pages(0, 8), NONE));
        let split = fails_without_a_trace(|memory| memory.munmap(&pages(1, 2)));
        let fork = fails_without_a_trace(|memory| {
            memory.fork().map(drop).map_err(|_: MapError| MemoryError::OutOfMemory)
        });
        assert!(over >= 5 && open >= 1 && close >= 1 && fork >= 12, "{over} {open} {close} {fork}");
        assert!(split <= 1, "{split}");
    }

    /// The heap grows and shrinks page by page, and not into what is there.
    fn heap_ends_where_it_can() {
        let mut memory = sample();
        let start = START + 10 * FRAME_SIZE;
        memory.set_heap_start(start);
        assert_eq!(memory.brk(VirtAddr(0)), start);
        assert_eq!(memory.brk(start + 1), start + 1);
        assert!(may_write(&memory, start + (FRAME_SIZE - 1)));
        assert_eq!(read(&memory, start + FRAME_SIZE), Err(BadAddress));
        map(&mut memory, pages(13, 14), READ).expect("boot leaves free frames");
        assert_eq!(memory.brk(start + 2 * FRAME_SIZE), start + 2 * FRAME_SIZE);
        assert_eq!(memory.brk(start + 2 * FRAME_SIZE + 1), start + 2 * FRAME_SIZE);
        assert_eq!(memory.brk(start), start);
        assert_eq!(read(&memory, start), Err(BadAddress));
    }

    /// What is the kernel's cannot be changed by any of the calls.
    fn kernel_half_is_out_of_reach() {
        let mut memory = sample();
        let kernel = VirtAddr(0xffff_c000_0000_0000)..VirtAddr(0xffff_c000_0000_4000);
        memory.clear(&kernel);
        let error = memory.mprotect(&kernel, READ);
        assert_eq!(error, Err(MemoryError::Hole(kernel.start)));
        for start in [USER_END, USER_END - FRAME_SIZE, kernel.start.0] {
            let mapped =
                memory.mmap(VirtAddr(start), 2 * FRAME_SIZE, WRITE, Placement::Fixed);
            assert_eq!(mapped, Err(MemoryError::OutOfMemory), "{start:#x}");
        }
    }

    /// Nothing is both written and executed.
    fn written_and_executed_is_refused() {
        let mut memory = sample();
        let both = WRITE | Access::EXECUTE;
        let error = Err(MemoryError::WriteAndExecute);
        assert_eq!(map(&mut memory, pages(8, 9), both), error);
        assert_eq!(memory.mprotect(&pages(0, 1), both), error);
    }
}
