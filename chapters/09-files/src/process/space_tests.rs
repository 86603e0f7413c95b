//! Tests of address spaces: what is in one, what is in all, and that all of it comes back.

use super::{AddressSpace, leave};
use crate::arch;
use crate::memory::address::{FRAME_SIZE, PhysAddr, VirtAddr};
use crate::memory::kernel_space::{self, KernelTables};
use crate::memory::paging::{Access, ENTRIES, MapError, Tables};
use crate::memory::{frames, stack, take_all};
use crate::process::layout::USER_END;
use crate::process::user::UserSlice;

const PAGE: VirtAddr = VirtAddr(0x40_0000);

fn space_with(pages: u64, access: Access) -> AddressSpace {
    let mut space = AddressSpace::new().expect("boot leaves free frames");
    space.map(PAGE..PAGE + pages * FRAME_SIZE, access).expect("boot leaves free frames");
    space
}

/// The upper half of the table at the root of `space`.
fn upper_half(root: PhysAddr) -> impl Iterator<Item = u64> {
    // SAFETY: the table is not freed, and the index is below `ENTRIES`.
    (ENTRIES / 2..ENTRIES).map(move |index| unsafe { KernelTables.read(root, index) }.0)
}

ktest::test! {
    /// An address space is given back to the last frame, with all that is mapped in it.
    fn space_is_given_back_to_the_last_frame() {
        let before = frames::statistics();
        let mut space = space_with(600, Access::WRITE);
        let far = VirtAddr(USER_END - FRAME_SIZE);
        space.map(far..VirtAddr(USER_END), Access::empty()).expect("boot leaves free frames");
        assert!(frames::statistics().free < before.free - 600);
        drop(space);
        assert_eq!(frames::statistics(), before);
    }

    /// All address spaces have the kernel in them, as it is now and as it becomes.
    fn kernel_is_in_all_of_them() {
        let space = AddressSpace::new().expect("boot leaves free frames");
        let stacks = [(); 20].map(|()| stack::Stack::new().expect("boot leaves free frames"));
        assert!(upper_half(space.root).eq(upper_half(kernel_space::root())));
        drop(stacks);
        assert!(upper_half(space.root).eq(upper_half(kernel_space::root())));
    }

    /// What is mapped in one address space is not in another, and not in the kernel's.
    fn spaces_are_apart() {
        let mut one = space_with(1, Access::WRITE);
        let mut other = space_with(1, Access::WRITE);
        one.write(PAGE, b"one").expect("it is mapped");
        other.write(PAGE, b"two").expect("it is mapped");
        for (space, text) in [(&one, b"one"), (&other, b"two"), (&one, b"one")] {
            // SAFETY: it stays until `leave`.
            unsafe { arch::switch_page_table(space.root()) };
            let slice = UserSlice::new(PAGE.0, 3).expect("it is below");
            let mut found = [0; 3];
            assert_eq!(slice.read(0, &mut found), Ok(3));
            assert_eq!(&found, text);
        }
        leave();
        assert_eq!(kernel_space::look(|walker| walker.translate(PAGE)), None);
    }

    /// A new page is full of zeroes, whatever its frame was used for.
    fn pages_come_full_of_zeroes() {
        let used = [(); 8].map(|()| frames::allocate().expect("boot leaves free frames"));
        for frame in &used {
            // SAFETY: the frame is ours, and in the direct map.
            unsafe { frame.start().as_ptr::<[u8; 4096]>().write_bytes(0xff, 1) };
        }
        let _others = take_all();
        drop(used);
        let mut space = AddressSpace::new().expect("eight frames are free");
        space.map(PAGE..PAGE + FRAME_SIZE, Access::WRITE).expect("eight frames are free");
        let (frame, _) = space.change(|walker| walker.translate(PAGE)).expect("it is mapped");
        // SAFETY: the frame is the space's, which nobody uses, and in the direct map.
        let bytes = unsafe { frame.as_ptr::<[u8; 4096]>().read() };
        let used = bytes.iter().position(|byte| *byte != 0);
        assert_eq!(used, None, "a byte of somebody else's");
    }

    /// Nothing of the kernel's can be mapped for a program, nor the last page of the lower half.
    fn kernel_half_is_refused() {
        let mut space = AddressSpace::new().expect("boot leaves free frames");
        for page in [USER_END, 1 << 47, 0xffff_8000_0000_0000, 0xffff_ffff_ffff_f000] {
            let page = VirtAddr(page);
            let error = MapError::NotCanonical { address: page };
            assert_eq!(space.map_page(page, Access::WRITE), Err(error));
        }
    }

    /// What is mapped already is refused, and stays.
    fn pages_are_not_mapped_twice() {
        let mut space = space_with(2, Access::empty());
        let before = frames::statistics();
        let second = PAGE + FRAME_SIZE;
        let error = space.map(second..second + FRAME_SIZE, Access::WRITE);
        assert!(matches!(error, Err(MapError::AlreadyMapped { page, .. }) if page == second));
        let found = space.change(|walker| walker.translate(second));
        assert_eq!(found.map(|(_, access)| access), Some(Access::USER));
        assert_eq!(frames::statistics(), before);
    }

    /// What is written goes across pages, and may begin and end anywhere.
    fn writes_cross_pages() {
        let mut space = space_with(3, Access::empty());
        let bytes: [u8; 6000] = core::array::from_fn(|index| index as u8 | 1);
        space.write(PAGE + 3000, &bytes).expect("three pages are mapped");
        let mut found = [0; 6002];
        // SAFETY: it stays until `leave`.
        unsafe { arch::switch_page_table(space.root()) };
        let slice = UserSlice::new(PAGE.0 + 2999, 6002).expect("it is below");
        assert_eq!(slice.read(0, &mut found), Ok(6002));
        leave();
        assert_eq!((found[0], found[6001]), (0, 0));
        assert_eq!(found[1..6001], bytes);
        let beyond = PAGE + 3 * FRAME_SIZE;
        assert_eq!(space.write(beyond, b"x"), Err(MapError::NotMapped { page: beyond }));
    }

    /// Where memory ends there is an error, and nothing is lost.
    fn no_memory_is_an_error() {
        let left = [(); 64].map(|()| frames::allocate().expect("boot leaves free frames"));
        let _others = take_all();
        drop(left);
        let before = frames::statistics();
        let mut space = AddressSpace::new().expect("64 frames are free");
        let pages = PAGE..PAGE + (before.free as u64 + 1) * FRAME_SIZE;
        assert_eq!(space.map(pages, Access::WRITE), Err(MapError::OutOfFrames));
        assert!(AddressSpace::new().is_err());
        drop(space);
        assert_eq!(frames::statistics(), before);
    }
}
