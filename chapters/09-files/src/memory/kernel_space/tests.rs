//! Proofs of what the kernel's address space promises. A protection is proved by a death: whoever
//! reports that, the words that a test looks for are in the report.

use core::ops::Range;

use super::{
    Access, DIRECT_MAP, FRAME_SIZE, KernelTables, MapError, PhysAddr, Span, VirtAddr, Walker,
    direct, for_each_span, image, look,
};
use crate::memory::frames::{self, FrameRun};
use crate::memory::layout;
use crate::memory::paging::{LAST, reach};
use crate::memory::take_all;

/// Where these tests map things: 256 GiB above the start of the heap, which never gets there. (The
/// heap's own table of level 1 reaches as far, and was made when a page was shown.)
const PLACE: VirtAddr = VirtAddr(layout::HEAP + (1 << 38));

/// Changes the kernel's tables at `PLACE` or in the lower half.
fn change<T>(act: impl FnOnce(&mut Walker<KernelTables>) -> T) -> T {
    // SAFETY: nobody else has anything there, and what is tried elsewhere is refused.
    unsafe { super::change(act) }
}

/// `count` pages from `PLACE` on, and as many frames, aligned to `alignment`.
fn some_pages(count: usize, alignment: u64) -> (Range<VirtAddr>, FrameRun) {
    let run = frames::allocate_run(count, alignment).expect("boot leaves free frames");
    (PLACE..PLACE + count as u64 * FRAME_SIZE, run)
}

fn first_byte_of(section: usize) -> VirtAddr {
    VirtAddr(image::sections()[section].range.start as u64)
}

ktest::test! {
    /// The image is mapped where it runs, each section to what may be done with it.
    fn image_is_written_or_executed() {
        let wanted = [Access::EXECUTE, Access::empty(), Access::WRITE];
        for (section, access) in wanted.into_iter().enumerate() {
            let page = first_byte_of(section);
            let found = look(|walker| walker.translate(page));
            // An empty section has no page of its own.
            if !image::sections()[section].range.is_empty() {
                assert_eq!(found, Some((page.of_image(), access)));
            }
        }
    }

    /// Code and constants are read-only in the direct map, too, and nothing there is executed.
    fn alias_of_image_is_read_only() {
        for section in [0, 1] {
            let frame = first_byte_of(section).of_image();
            let found = look(|walker| walker.translate(direct(frame)));
            assert_eq!(found, Some((frame, Access::empty())));
        }
    }

    /// The lower half is empty: the page at 0 and all others.
    fn lower_half_is_empty() {
        let lower = VirtAddr(0)..VirtAddr(1 << 47);
        assert_eq!(look(|walker| walker.next(&lower)), None);
    }

    /// The entry's tables are not mapped any more, and their frames are free or used anew.
    fn boot_tables_are_given_back() {
        let page = VirtAddr(image::boot_tables().start as u64);
        assert_eq!(look(|walker| walker.find(page)), None);
        let frame = page.of_image();
        let runs = take_all();
        let mut is_given_back = runs.iter().flatten().any(|run| run.range().contains(&frame));
        drop(runs);
        for_each_span(|Span { pages, frame: first, .. }| {
            let frames = first..first + (pages.end - pages.start);
            is_given_back |= pages.start >= VirtAddr(layout::HEAP) && frames.contains(&frame);
        });
        assert!(is_given_back);
    }

    /// What is written through one mapping is read through another; unmapping gives all back.
    fn page_is_mapped_and_unmapped() {
        let (pages, run) = some_pages(1, FRAME_SIZE);
        let frame = run.range().start;
        let before = frames::statistics();
        let mapped = change(|walker| walker.map(pages.clone(), frame, Access::WRITE));
        assert_eq!(mapped, Ok(()));
        let word = pages.start.0 as *mut u64;
        // SAFETY: the page was mapped above, to a frame that is ours.
        unsafe { word.write_volatile(0x5354_5241_5441) };
        // SAFETY: the same frame, through the direct map.
        assert_eq!(unsafe { frame.as_ptr::<u64>().read_volatile() }, 0x5354_5241_5441);
        assert_eq!(change(|walker| walker.unmap(pages.clone())), Ok(()));
        assert_eq!(look(|walker| walker.find(pages.start)), None);
        assert_eq!(frames::statistics(), before);
    }

    /// A changed mapping takes effect at once: nothing that was known before is used again.
    fn remapped_pages_are_the_new_frames() {
        const COUNT: usize = 64;
        // All is written first: between the reads nothing may push out what the TLB knows.
        let rounds = [1_u64, 2].map(|round| {
            let (pages, run) = some_pages(COUNT, FRAME_SIZE);
            for index in 0..COUNT as u64 {
                let word = (run.range().start + index * FRAME_SIZE).as_ptr::<u64>();
                // SAFETY: the frames are ours.
                unsafe { word.write_volatile(round * 1000 + index) };
            }
            (round, pages, run)
        });
        for (round, pages, run) in &rounds {
            let frame = run.range().start;
            let mapped = change(|walker| walker.map(pages.clone(), frame, Access::WRITE));
            assert_eq!(mapped, Ok(()));
            for index in 0..COUNT as u64 {
                let word = (pages.start + index * FRAME_SIZE).0 as *const u64;
                // SAFETY: the pages were mapped above.
                let found = unsafe { word.read_volatile() };
                assert_eq!(found / 1000, *round, "the frame of an earlier round");
                assert_eq!(found % 1000, index);
            }
            assert_eq!(change(|walker| walker.unmap(pages.clone())), Ok(()));
        }
    }

    /// Pages are as large as they can be, and are split where a part becomes different.
    fn large_page_is_split() {
        let (pages, run) = some_pages(512, reach(2));
        let before = frames::statistics();
        let frame = run.range().start;
        let level = |page| look(|walker| walker.find(page).map(|found| found.level));
        let mapped = change(|walker| walker.map(pages.clone(), frame, Access::WRITE));
        assert_eq!(mapped, Ok(()));
        assert_eq!(level(pages.start), Some(2));
        let middle = pages.start + 7 * FRAME_SIZE;
        let part = middle..middle + FRAME_SIZE;
        assert_eq!(change(|walker| walker.protect(part, Access::empty())), Ok(()));
        assert_eq!(level(pages.start), Some(LAST));
        let found = look(|walker| walker.translate(middle + 5));
        assert_eq!(found, Some((frame + 7 * FRAME_SIZE + 5, Access::empty())));
        let found = look(|walker| walker.translate(middle + FRAME_SIZE));
        assert_eq!(found, Some((frame + 8 * FRAME_SIZE, Access::WRITE)));
        assert_eq!(change(|walker| walker.unmap(pages.clone())), Ok(()));
        assert_eq!(frames::statistics(), before);
    }

    /// A table that programs' roots will point to stays when it is empty; those below it go.
    fn upper_table_of_level_1_stays() {
        let (pages, run) = some_pages(1, FRAME_SIZE);
        let pages = pages.start + reach(0)..pages.end + reach(0);
        let before = frames::statistics();
        for _ in 0..2 {
            let frame = run.range().start;
            let mapped = change(|walker| walker.map(pages.clone(), frame, Access::WRITE));
            assert_eq!(mapped, Ok(()));
            assert_eq!(change(|walker| walker.unmap(pages.clone())), Ok(()));
            assert_eq!(frames::statistics().free, before.free - 1);
        }
    }

    /// What cannot be mapped is refused with the obstacle, and changes nothing.
    fn obstacles_are_named() {
        let (pages, run) = some_pages(2, FRAME_SIZE);
        let frame = run.range().start;
        let before = frames::statistics();
        let map = |pages, frame| {
            change(|walker| walker.map(pages, frame, Access::WRITE))
        };
        let image = first_byte_of(0);
        let text = image.of_image();
        assert_eq!(
            map(image..image + FRAME_SIZE, frame),
            Err(MapError::AlreadyMapped { page: image, frame: text })
        );
        let odd = pages.start + 8;
        assert_eq!(map(odd..pages.end, frame), Err(MapError::Misaligned { address: odd.0 }));
        assert_eq!(
            map(pages.clone(), frame + 8),
            Err(MapError::Misaligned { address: frame.0 + 8 })
        );
        let beyond = PhysAddr(!0 << 52);
        assert_eq!(map(pages.clone(), beyond), Err(MapError::OutOfReach { frame: beyond }));
        let hole = VirtAddr(1 << 47);
        assert_eq!(
            map(hole..hole + FRAME_SIZE, frame),
            Err(MapError::NotCanonical { address: hole })
        );
        assert_eq!(
            change(|walker| walker.unmap(pages.clone())),
            Err(MapError::NotMapped { page: pages.start })
        );
        assert_eq!(frames::statistics(), before);
    }

    /// Nothing is both written and executed, and nothing in the direct map is executed.
    fn no_span_is_written_and_executed() {
        for_each_span(|span| {
            let both = Access::WRITE | Access::EXECUTE;
            assert!(!span.access.contains(both), "{span}");
            let is_direct = span.pages.start < VirtAddr(layout::HEAP);
            assert!(!(is_direct && span.access.contains(Access::EXECUTE)), "{span}");
        });
    }

    /// Code is not written.
    #[must_die("a write at 0xffffffff80")]
    fn text_is_not_written() {
        // SAFETY: none. This is the bug that must be found.
        unsafe { (first_byte_of(0).0 as *mut u8).write_volatile(0) };
    }

    /// Nor are constants.
    #[must_die("a write at 0xffffffff80")]
    fn rodata_is_not_written() {
        // SAFETY: none. This is the bug that must be found.
        unsafe { (first_byte_of(1).0 as *mut u8).write_volatile(0) };
    }

    /// Nor is code by the other way to it.
    #[must_die("a write at 0xffff8000")]
    fn alias_of_text_is_not_written() {
        let alias = first_byte_of(0).of_image().as_ptr::<u8>();
        // SAFETY: none. This is the bug that must be found.
        unsafe { alias.write_volatile(0) };
    }

    /// Data is not executed.
    #[must_die("an instruction fetch at 0xffffffff80")]
    fn data_is_not_executed() {
        let data = first_byte_of(3).0 + image::boot_tables().len() as u64;
        // SAFETY: none. This is the bug that must be found.
        let code: extern "C" fn() = unsafe { core::mem::transmute(data as *const ()) };
        code();
    }

    /// Memory is not executed by way of the direct map, not even code.
    #[must_die("an instruction fetch at 0xffff8000")]
    fn direct_map_is_not_executed() {
        let alias = first_byte_of(0).of_image().as_ptr::<()>();
        // SAFETY: none. This is the bug that must be found.
        let code: extern "C" fn() = unsafe { core::mem::transmute(alias) };
        code();
    }

    /// Address 0 is nothing.
    #[must_die("a read at 0x0")]
    fn null_is_not_read() {
        // SAFETY: none. This is the bug that must be found.
        unsafe { core::hint::black_box(core::ptr::null::<u8>()).read_volatile() };
    }

    /// A program's memory is not touched by accident.
    #[must_die("a read at 0x400000")]
    fn program_memory_is_not_read() {
        let run = frames::allocate_run(1, FRAME_SIZE).expect("boot leaves free frames");
        let page = VirtAddr(0x40_0000);
        let access = Access::USER | Access::WRITE;
        let pages = page..page + FRAME_SIZE;
        let mapped = change(|walker| walker.map(pages, run.range().start, access));
        assert_eq!(mapped, Ok(()));
        // SAFETY: none. This is the bug that must be found.
        unsafe { (page.0 as *const u8).read_volatile() };
    }

    /// Nor executed.
    #[must_die("an instruction fetch at 0x400000")]
    fn program_memory_is_not_executed() {
        let run = frames::allocate_run(1, FRAME_SIZE).expect("boot leaves free frames");
        let page = VirtAddr(0x40_0000);
        let access = Access::USER | Access::EXECUTE;
        let pages = page..page + FRAME_SIZE;
        let mapped = change(|walker| walker.map(pages, run.range().start, access));
        assert_eq!(mapped, Ok(()));
        // SAFETY: none. This is the bug that must be found.
        let code: extern "C" fn() = unsafe { core::mem::transmute(page.0 as *const ()) };
        code();
    }

    /// The direct map begins where the layout says.
    fn direct_map_is_where_it_should_be() {
        let frame = first_byte_of(0).of_image();
        assert_eq!(frame.as_ptr::<u8>() as u64, DIRECT_MAP + frame.0);
    }
}
