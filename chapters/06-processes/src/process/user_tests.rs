//! Tests of the ways to a program's memory, by an address space without a program.

use super::{BadAddress, UserSlice};
use crate::arch;
use crate::memory::address::{FRAME_SIZE, VirtAddr};
use crate::memory::paging::Access;
use crate::process::layout::USER_END;
use crate::process::space::{self, AddressSpace};

const PAGE: u64 = 0x40_0000;

/// Calls `act` while two pages are mapped that a program may write, and behind them one that it may
/// only read.
fn with_memory(act: impl FnOnce()) {
    let mut space = AddressSpace::new().expect("boot leaves free frames");
    let [first, third] = [0, 2].map(|number| VirtAddr(PAGE + number * FRAME_SIZE));
    space.map(first..third, Access::WRITE).expect("boot leaves free frames");
    space.map(third..third + FRAME_SIZE, Access::empty()).expect("boot leaves free frames");
    // SAFETY: it stays until it is left.
    unsafe { arch::switch_page_table(space.root()) };
    act();
    space::leave();
}

fn slice(start: u64, bytes: usize) -> UserSlice {
    UserSlice::new(start, bytes).expect("it is in the lower half")
}

ktest::test! {
    /// What is not in the half of programs is refused at once, however it comes about.
    fn kernel_addresses_are_refused() {
        for (start, bytes) in [
            (0xffff_8000_0000_0000, 1),
            (0xffff_ffff_8000_0000, 0),
            (USER_END, 1),
            (USER_END - 1, 2),
            (USER_END + 1, 0),
            (PAGE, usize::MAX),
            (u64::MAX, 1),
            (u64::MAX, usize::MAX),
            (1, u64::MAX as usize),
            (1 << 47, 1),
            (1 << 62, 1),
        ] {
            assert_eq!(UserSlice::new(start, bytes), Err(BadAddress), "{start:#x}, {bytes}");
        }
        for (start, bytes) in [(0, 0), (0, USER_END as usize), (USER_END - 1, 1), (USER_END, 0)] {
            assert!(UserSlice::new(start, bytes).is_ok(), "{start:#x}, {bytes}");
        }
    }

    /// What is written is read again, at any place and of any length.
    fn bytes_go_there_and_come_back() {
        with_memory(|| {
            for start in PAGE + FRAME_SIZE - 20..PAGE + FRAME_SIZE {
                for bytes in 0..80 {
                    let salt = bytes as u8 ^ 0x55;
                    let text: [u8; 80] = core::array::from_fn(|index| index as u8 ^ salt);
                    assert_eq!(slice(start, bytes).write(0, &text), Ok(bytes));
                    let mut found = [0; 82];
                    assert_eq!(slice(start, bytes).read(0, &mut found[1..]), Ok(bytes));
                    assert_eq!(found[1..=bytes], text[..bytes]);
                    assert_eq!((found[0], found[bytes + 1]), (0, 0));
                }
            }
        });
    }

    /// As much is copied as both have, from where it is asked for.
    fn copies_end_with_the_shorter() {
        with_memory(|| {
            assert_eq!(slice(PAGE, 6).write(0, b"abcdefgh"), Ok(6));
            let mut found = [0; 8];
            assert_eq!(slice(PAGE, 6).read(2, &mut found), Ok(4));
            assert_eq!(&found, b"cdef\0\0\0\0");
            assert_eq!(slice(PAGE, 6).read(6, &mut found), Ok(0));
            assert_eq!(slice(PAGE, 6).read(7, &mut found), Ok(0));
            assert_eq!(slice(PAGE, 6).write(4, b"xyz"), Ok(2));
            assert_eq!(slice(PAGE, 8).read(0, &mut found), Ok(8));
            assert_eq!(&found, b"abcdxy\0\0");
        });
    }

    /// Memory that is not there is an error, whether it is missing at the beginning or at the end;
    /// and the kernel goes on.
    fn missing_memory_is_an_error() {
        with_memory(|| {
            let end = PAGE + 3 * FRAME_SIZE;
            let mut found = [0; 64];
            for start in [0, 1, 8, PAGE - 1, end, end - 1, end - 63, USER_END - 64] {
                assert_eq!(slice(start, 64).read(0, &mut found), Err(BadAddress), "{start:#x}");
                assert_eq!(slice(start, 64).write(0, &found), Err(BadAddress), "{start:#x}");
            }
            assert_eq!(slice(end - 64, 64).read(0, &mut found), Ok(64));
            assert_eq!(slice(0, 0).read(0, &mut found), Ok(0));
        });
    }

    /// What the program may not write the kernel does not write for it.
    fn read_only_memory_stays() {
        with_memory(|| {
            let third = PAGE + 2 * FRAME_SIZE;
            assert_eq!(slice(third, 4).write(0, b"text"), Err(BadAddress));
            assert_eq!(slice(third - 2, 4).write(0, b"text"), Err(BadAddress));
            let mut found = [1; 4];
            assert_eq!(slice(third, 4).read(0, &mut found), Ok(4));
            assert_eq!(found, [0; 4]);
        });
    }

    /// A fault of the kernel's own at such an address is a bug, and is told as one.
    #[must_die("trap: a read at 0x400000")]
    fn plain_accesses_are_not_excused() {
        // SAFETY: none. This is the bug that must be found.
        unsafe { (PAGE as *const u64).read_volatile() };
    }

    /// So is an access to a program's memory that does not say that it is one.
    #[must_die("it is a program's, which the kernel keeps off")]
    fn kernel_keeps_off_by_accident() {
        with_memory(|| {
            // SAFETY: none. This is the bug that must be found.
            unsafe { (PAGE as *const u64).read_volatile() };
        });
    }
}
