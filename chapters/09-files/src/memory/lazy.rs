//! Pages that come when they are touched.
//!
//! A page fault need not be an end. In this one range of addresses nothing is mapped at first;
//! whoever touches a page there faults, the handler maps a frame full of zeroes, and the
//! instruction is tried again and succeeds. It never knows. Whole address spaces are made so: what
//! is never touched costs nothing.
//!
//! The handler takes the lock of the tables, and that of the frames. So whoever holds one of them
//! must not touch such a page.

use core::ops::Range;

use super::address::{FRAME_SIZE, VirtAddr};
use super::paging::MapError;
use super::{layout, pages};

/// Where such pages are.
pub const RANGE: Range<VirtAddr> =
    VirtAddr(layout::LAZY)..VirtAddr(layout::LAZY + 1024 * FRAME_SIZE);

/// Whether `address` is in such a page.
pub fn has(address: VirtAddr) -> bool {
    RANGE.contains(&address)
}

/// Makes the page of `address` appear, full of zeroes.
pub fn map(address: VirtAddr) -> Result<(), MapError> {
    let page = address.align_down(FRAME_SIZE);
    pages::map(page..page + FRAME_SIZE)?;
    // SAFETY: it was mapped a line above, and nobody else knows of it yet.
    unsafe { (page.0 as *mut [u8; FRAME_SIZE as usize]).write_bytes(0, 1) };
    Ok(())
}

/// Makes the page of `address` disappear, with what is in it.
///
/// # Safety
///
/// Nobody may rely on what is in it.
pub unsafe fn unmap(address: VirtAddr) {
    let page = address.align_down(FRAME_SIZE);
    // SAFETY: what is mapped there comes from `map`; the caller promises the rest.
    unsafe { pages::unmap(page..page + FRAME_SIZE) };
}

#[cfg(feature = "ktest")]
mod tests {
    use super::{FRAME_SIZE, RANGE, unmap};
    use crate::memory::address::VirtAddr;
    use crate::memory::{frames, take_all};

    fn word(page: u64) -> *mut u64 {
        (RANGE.start.0 + page * FRAME_SIZE) as *mut u64
    }

    ktest::test! {
        /// What is read first is zero; what is written stays; and what goes comes back as zero.
        fn pages_come_full_of_zeroes() {
            let word = word(17);
            // What comes was used before: of all frames only these are free, as many as a page and
            // the tables on the way to it take.
            let used = [(); 4].map(|()| frames::allocate().expect("boot leaves free frames"));
            for frame in &used {
                // SAFETY: the frame is ours, and in the direct map.
                unsafe { frame.start().as_ptr::<u64>().write_volatile(!0) };
            }
            let _others = take_all();
            drop(used);
            for _ in 0..2 {
                // SAFETY: the page comes when it is touched, and is used here only.
                assert_eq!(unsafe { word.read_volatile() }, 0);
                // SAFETY: as above.
                unsafe { word.write_volatile(0x1234) };
                // SAFETY: as above.
                assert_eq!(unsafe { word.read_volatile() }, 0x1234);
                // SAFETY: nobody relies on it any more.
                unsafe { unmap(VirtAddr(word as u64)) };
            }
        }

        /// A page that is touched costs a frame, and those beside it none.
        fn only_touched_pages_cost_memory() {
            // SAFETY: the pages come when they are touched, and are used here only.
            unsafe { word(20).write_volatile(1) };
            let before = frames::statistics().free;
            // SAFETY: as above.
            unsafe { word(23).write_volatile(1) };
            assert_eq!(frames::statistics().free, before - 1);
            for page in [20, 23] {
                // SAFETY: nobody relies on them any more.
                unsafe { unmap(VirtAddr(word(page) as u64)) };
            }
        }

        /// A page for which there is no memory is told as that.
        #[must_die("no frame was left for it")]
        fn missing_memory_is_told() {
            let _taken = take_all();
            // SAFETY: none. The fault cannot be repaired, and must be told.
            unsafe { word(600).read_volatile() };
        }

        /// Behind the last such page a touch is a fault like any other.
        #[must_die("trap: a read at 0xffffd00000400000")]
        fn beyond_the_last_page_is_nothing() {
            // SAFETY: none. This is the bug that must be found.
            unsafe { (RANGE.end.0 as *const u64).read_volatile() };
        }
    }
}
