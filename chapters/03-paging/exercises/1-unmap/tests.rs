//! What the kernel expects of its `unmap`: in its own tables, which the processor uses.

use core::ops::Range;

use ktest::expect;

use super::address::{FRAME_SIZE, VirtAddr};
use super::paging::{Access, MapError, reach};
use crate::memory::frames::{self, FrameRun};
use crate::memory::kernel_space::{self, KernelTables};
use crate::memory::layout;
use crate::memory::walker::Walker;

/// Where these tests map things: 384 GiB above the start of the heap, which never gets there.
const PLACE: VirtAddr = VirtAddr(layout::HEAP + (3 << 37));

/// The place of one test: 1 GiB, so that it shares no table of level 2 or 3 with another test.
fn place(number: u64) -> VirtAddr {
    PLACE + number * reach(1)
}

/// Changes the kernel's tables at `PLACE` and above.
fn change(act: impl FnOnce(&mut Walker<KernelTables>) -> Result<(), MapError>) {
    // SAFETY: nobody else has anything there.
    let result = unsafe { kernel_space::change(act) };
    expect("can it be done", result, Ok(()));
}

/// Maps `count` pages from `start` on to frames that lie side by side.
fn map(start: VirtAddr, count: usize) -> (Range<VirtAddr>, FrameRun) {
    let bytes = count as u64 * FRAME_SIZE;
    let alignment = if bytes < reach(2) { FRAME_SIZE } else { reach(2) };
    let run = frames::allocate_run(count, alignment).expect("boot leaves free frames");
    let pages = start..start + bytes;
    change(|walker| walker.map(pages.clone(), run.range().start, Access::WRITE));
    (pages, run)
}

/// Frames that lie side by side, each of which begins with its number and `round`. They are written
/// before anything is mapped: a processor that touches many other pages forgets by itself.
fn frames_with(count: usize, round: u64) -> FrameRun {
    let run = frames::allocate_run(count, FRAME_SIZE).expect("boot leaves free frames");
    for number in 0..count as u64 {
        let frame = run.range().start + number * FRAME_SIZE;
        // SAFETY: the frame is ours, in the direct map.
        unsafe { frame.as_ptr::<u64>().write_volatile(round + number) };
    }
    run
}

fn unmap(pages: Range<VirtAddr>) {
    change(|walker| walker.unmap(pages));
}

fn is_mapped(page: VirtAddr) -> bool {
    kernel_space::look(|walker| walker.find(page)).is_some()
}

fn free_frames() -> usize {
    frames::statistics().free
}

/// The word at the start of `page`, which must be mapped to memory that is ours.
fn word(page: VirtAddr) -> *mut u64 {
    page.0 as *mut u64
}

ktest::test! {
    /// What was unmapped maps nothing, be it small pages or large ones.
    fn pages_map_nothing() {
        let place = place(0);
        for count in [1, 3, 512, 513] {
            let (pages, _run) = map(place, count);
            let last = place + (count as u64 - 1) * FRAME_SIZE;
            unmap(pages);
            expect(("the first of pages", count, place), is_mapped(place), false);
            expect(("the last of pages", count, last), is_mapped(last), false);
        }
    }

    /// The pages beside them stay, and so do the tables that lead there.
    fn neighbours_stay() {
        let place = place(1);
        let (pages, run) = map(place, 3);
        let (middle, last) = (place + FRAME_SIZE, place + 2 * FRAME_SIZE);
        unmap(middle..last);
        for page in [place, last] {
            let expected = Some((run.range().start + (page - place), Access::WRITE));
            let seen = kernel_space::look(|walker| walker.translate(page));
            expect((page, "when its neighbour is unmapped, maps"), seen, expected);
        }
        unmap(pages.start..middle);
        unmap(last..pages.end);
    }

    /// When a page is mapped anew, nothing of what it mapped before is used again.
    fn nothing_is_remembered() {
        const COUNT: usize = 64;
        let place = place(2);
        let runs = [100, 200].map(|round| (round, frames_with(COUNT, round)));
        for (round, run) in &runs {
            let pages = place..place + COUNT as u64 * FRAME_SIZE;
            change(|walker| walker.map(pages.clone(), run.range().start, Access::WRITE));
            for number in 0..COUNT as u64 {
                let page = place + number * FRAME_SIZE;
                // SAFETY: it was mapped above.
                let seen = unsafe { word(page).read_volatile() };
                expect((page, "mapped anew, reads as"), seen, round + number);
            }
            unmap(pages);
        }
    }

    /// An access to what was unmapped faults, though the processor knew the page.
    #[must_die("a read at 0xffffc06000000000")]
    fn unmapped_page_faults() {
        // The other page keeps the table: that this page is forgotten comes of nothing else.
        let (_pages, _run) = map(PLACE, 2);
        // SAFETY: it was mapped above.
        unsafe { word(PLACE).write_volatile(1) };
        unmap(PLACE..PLACE + FRAME_SIZE);
        // SAFETY: none. This is what must be found.
        unsafe { word(PLACE).read_volatile() };
    }

    /// A table whose last mapping goes is given back.
    fn empty_tables_are_given_back() {
        let place = place(3);
        let (_pages, _run) = map(place, 1);
        let before = free_frames();
        let (pages, run) = map(place + reach(2), 1);
        unmap(pages);
        drop(run);
        expect("frames free, after a page with a table of its own", free_frames(), before);
        unmap(place..place + FRAME_SIZE);
    }

    /// So is the table above it, when that was its last entry.
    fn tables_above_are_given_back() {
        let place = place(4);
        let before = free_frames();
        let (pages, run) = map(place, 1);
        unmap(pages);
        drop(run);
        expect("frames free, after a page with tables of its own", free_frames(), before);
        let (pages, run) = map(place + (reach(1) - FRAME_SIZE), 2);
        unmap(pages);
        drop(run);
        expect("frames free, after pages across 1 GiB", free_frames(), before);
    }

    /// A table of level 1 in the upper half stays.
    fn upper_tables_of_level_1_stay() {
        // Not where the chapter's own test counts the frames that such a table takes.
        let place = PLACE + 2 * reach(0);
        let (pages, _run) = map(place, 1);
        unmap(pages);
        let mut level = 0;
        kernel_space::look(|walker| walker.steps(place, |_, at, _| level = at));
        expect((place, "the level at which the walk ends"), level, 1);
    }
}
