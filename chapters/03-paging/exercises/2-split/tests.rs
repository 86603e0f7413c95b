//! What the kernel expects of its `split`: in its own tables, which the processor uses.

use core::ops::Range;

use ktest::expect;

use super::address::{FRAME_SIZE, PhysAddr, VirtAddr};
use super::paging::{Access, LAST, MapError, reach};
use crate::memory::frames::{self, FrameRun};
use crate::memory::kernel_space::{self, KernelTables};
use crate::memory::layout;
use crate::memory::walker::Walker;

/// Where these tests map things: 384 GiB above the start of the heap, which never gets there.
const PLACE: VirtAddr = VirtAddr(layout::HEAP + (3 << 37));

/// Changes the kernel's tables at `PLACE` and above.
fn change(act: impl FnOnce(&mut Walker<KernelTables>) -> Result<(), MapError>) {
    // SAFETY: nobody else has anything there.
    let result = unsafe { kernel_space::change(act) };
    expect("can it be done", result, Ok(()));
}

/// Maps 2 MiB at `PLACE` in one piece.
fn map_large(access: Access) -> (Range<VirtAddr>, FrameRun) {
    let run = frames::allocate_run(512, reach(2)).expect("boot leaves free frames");
    let pages = PLACE..PLACE + reach(2);
    change(|walker| walker.map(pages.clone(), run.range().start, access));
    (pages, run)
}

/// Where neither machine has memory: another kind of name for memory in use would harm it.
const NOWHERE: PhysAddr = PhysAddr(reach(0));

/// Maps 1 GiB of what is no memory. Nobody touches it; a real processor might look ahead, QEMU does
/// not.
fn map_huge(access: Access) -> Range<VirtAddr> {
    let pages = PLACE..PLACE + reach(1);
    change(|walker| walker.map(pages.clone(), NOWHERE, access));
    pages
}

fn level(page: VirtAddr) -> Option<usize> {
    kernel_space::look(|walker| walker.find(page).map(|found| found.level))
}

fn translate(page: VirtAddr) -> Option<(PhysAddr, Access)> {
    kernel_space::look(|walker| walker.translate(page))
}

/// The pages number `first` to `last` of those at `PLACE`.
fn small(first: u64, last: u64) -> Range<VirtAddr> {
    PLACE + first * FRAME_SIZE..PLACE + last * FRAME_SIZE
}

ktest::test! {
    /// 2 MiB of which a part becomes different are 512 pages of 4 KiB, each with its own frame.
    fn two_mebibytes_are_split() {
        let (pages, run) = map_large(Access::WRITE);
        expect("level of 2 MiB", level(PLACE), Some(2));
        change(|walker| walker.protect(small(7, 8), Access::empty()));
        for number in [0, 1, 6, 7, 8, 511] {
            let access = if number == 7 { Access::empty() } else { Access::WRITE };
            let page = PLACE + number * FRAME_SIZE;
            let expected = Some((run.range().start + number * FRAME_SIZE, access));
            expect(("page", number, "of 2 MiB, split at 7, maps"), translate(page), expected);
        }
        expect("level of 2 MiB, split", level(PLACE), Some(LAST));
        change(|walker| walker.unmap(pages));
    }

    /// 1 GiB of which 4 KiB become different is 2 MiB in most places.
    fn one_gibibyte_is_split() {
        let pages = map_huge(Access::WRITE);
        expect("level of 1 GiB", level(PLACE), Some(1));
        let middle = PLACE + 5 * reach(2) + 3 * FRAME_SIZE;
        change(|walker| walker.protect(middle..middle + FRAME_SIZE, Access::empty()));
        for (page, at) in [(PLACE, 2), (middle, LAST), (PLACE + 6 * reach(2), 2)] {
            let access = if page == middle { Access::empty() } else { Access::WRITE };
            let frame = NOWHERE + (page - PLACE);
            let found = (level(page), translate(page));
            let expected = (Some(at), Some((frame, access)));
            expect((page, "of 1 GiB: level, and what it maps"), found, expected);
        }
        change(|walker| walker.unmap(pages));
    }

    /// What may be done with the parts is what might be done with the whole.
    fn access_stays() {
        for access in [Access::empty(), Access::WRITE | Access::DEVICE, Access::EXECUTE] {
            let pages = map_huge(access);
            // A part goes, and the rest must stay as it was.
            change(|walker| walker.unmap(small(1, 2)));
            for page in [PLACE, PLACE + 2 * FRAME_SIZE, PLACE + reach(2)] {
                let seen = translate(page).map(|(_, access)| access);
                expect(("access of a part of 1 GiB", page), seen, Some(access));
            }
            change(|walker| walker.unmap(small(0, 1)));
            change(|walker| walker.unmap(small(2, 512).start..pages.end));
        }
    }

    /// What lies in memory is read through the parts as it was through the whole.
    fn contents_stay() {
        let (pages, _run) = map_large(Access::WRITE);
        let words = || (0..512).map(|number| (number, (PLACE + number * FRAME_SIZE).0 as *mut u64));
        // SAFETY: the pages were mapped above, to frames that are ours.
        words().for_each(|(number, word)| unsafe { word.write_volatile(number * 3) });
        change(|walker| walker.protect(small(9, 10), Access::empty()));
        for (number, word) in words() {
            // SAFETY: they still are.
            let seen = unsafe { word.read_volatile() };
            expect(("word at the start of page", number), seen, number * 3);
        }
        change(|walker| walker.unmap(pages));
    }

    /// A part that may not be written any more is not, though the processor knew the whole.
    #[must_die("a write at 0xffffc06000004000")]
    fn protected_part_is_not_written() {
        let (_pages, _run) = map_large(Access::WRITE);
        let word = small(4, 5).start.0 as *mut u64;
        // SAFETY: it was mapped above.
        unsafe { word.write_volatile(1) };
        change(|walker| walker.protect(small(4, 5), Access::empty()));
        // SAFETY: none. This is what must be found.
        unsafe { word.write_volatile(2) };
    }
}
