//! What programs are promised of `arch_prctl`, and the order of `clone`'s arguments.

use core::arch::asm;

use linux_raw_sys::errno::{EFAULT, EINVAL, EPERM};

use super::{ARCH_GET_FS, ARCH_GET_GS, ARCH_SET_FS, ARCH_SET_GS, Errno, arch_prctl};
use super::{UserState, clone_arguments};
use crate::arch;
use crate::interrupts::Masked;
use crate::memory::address::VirtAddr;
use crate::memory::paging::Access;
use crate::process::layout::USER_END;
use crate::process::space::{self, AddressSpace};
use crate::process::user::UserSlice;

const PAGE: VirtAddr = VirtAddr(0x70_0000);

/// Calls `act` as if a program with one page ran.
fn with_page(act: impl FnOnce()) {
    let mut space = AddressSpace::new().expect("boot leaves free frames");
    space.map(PAGE..PAGE + 4096, Access::WRITE).expect("boot leaves free frames");
    // Nobody else may run, who might load the registers.
    let masked = Masked::new();
    // SAFETY: it stays until `leave`.
    unsafe { arch::switch_page_table(space.root()) };
    UserState::NEW.load();
    act();
    UserState::NEW.load();
    space::leave();
    drop(masked);
}

/// What the kernel has written to the page.
fn word() -> u64 {
    let mut bytes = [0; 8];
    let slice = UserSlice::new(PAGE.0, 8).expect("it is in the half of programs");
    slice.read(0, &mut bytes).expect("it is mapped");
    u64::from_le_bytes(bytes)
}

ktest::test! {
    /// What is set is told, of each segment its own, up to the last address of a program.
    fn bases_are_set_and_told() {
        with_page(|| {
            for base in [0x1234_5678, PAGE.0, USER_END - 1, 0] {
                assert_eq!(arch_prctl(ARCH_SET_FS.into(), base), Ok(0));
                assert_eq!(arch_prctl(ARCH_SET_GS.into(), base / 2), Ok(0));
                assert_eq!(arch_prctl(ARCH_GET_FS.into(), PAGE.0), Ok(0));
                assert_eq!(word(), base);
                assert_eq!(arch_prctl(ARCH_GET_GS.into(), PAGE.0), Ok(0));
                assert_eq!(word(), base / 2);
            }
        });
    }

    /// The segment counts from there, whatever selector it had.
    fn selector_becomes_null() {
        with_page(|| {
            let selector: u16;
            // SAFETY: it is a segment of data, and the kernel does not use FS.
            unsafe { asm!("mov fs, {:x}", in(reg) 0x1b_u16, options(nostack, preserves_flags)) };
            assert_eq!(arch_prctl(ARCH_SET_FS.into(), PAGE.0), Ok(0));
            // SAFETY: reading it changes nothing.
            unsafe { asm!("mov {:x}, fs", out(reg) selector, options(nomem, nostack)) };
            assert_eq!(selector, 0);
            assert_eq!(arch_prctl(ARCH_GET_FS.into(), PAGE.0), Ok(0));
            assert_eq!(word(), PAGE.0);
        });
    }

    /// What Linux refuses is refused, with its errors, and changes nothing.
    fn bad_arguments_are_refused() {
        with_page(|| {
            assert_eq!(arch_prctl(ARCH_SET_FS.into(), 0x5000), Ok(0));
            for address in [USER_END, 1 << 47, 1 << 63, u64::MAX] {
                for code in [ARCH_SET_FS, ARCH_SET_GS] {
                    assert_eq!(arch_prctl(code.into(), address), Err(Errno(EPERM)), "{address:#x}");
                }
            }
            for address in [0, PAGE.0 + 4089, USER_END, u64::MAX] {
                assert_eq!(arch_prctl(ARCH_GET_FS.into(), address), Err(Errno(EFAULT)));
            }
            for code in [0, 0x1000, 0x1005, 0x3001, u64::MAX] {
                assert_eq!(arch_prctl(code, PAGE.0), Err(Errno(EINVAL)), "{code:#x}");
            }
            assert_eq!(arch_prctl(1 << 32 | u64::from(ARCH_GET_FS), PAGE.0), Ok(0));
            assert_eq!(word(), 0x5000);
        });
    }

    /// The fifth argument of `clone` is the thread pointer.
    fn clone_has_its_order() {
        let found = clone_arguments([1, 2, 3, 4, 5, 6]);
        assert_eq!((found.flags, found.stack, found.parent_tid), (1, 2, 3));
        assert_eq!((found.child_tid, found.thread_pointer), (4, 5));
    }
}
