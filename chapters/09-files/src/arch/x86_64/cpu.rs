//! The processor itself: what it may do, and how it is switched off.

use core::fmt;
use core::sync::atomic::{AtomicBool, Ordering};

use x86_64::PrivilegeLevel;
use x86_64::instructions::port::PortWriteOnly;
use x86_64::instructions::{hlt, interrupts};
use x86_64::registers::segmentation::{CS, Segment};

use crate::arch::Status;

/// Whether the host takes an exit status by QEMU's `isa-debug-exit`. Without that nobody is at its
/// port.
static HOST_LISTENS: AtomicBool = AtomicBool::new(false);

/// The port of `isa-debug-exit`. Of a value n QEMU makes the exit status 2 n + 1.
const DEBUG_EXIT: u16 = 0xf4;

/// The port of the power management register PM1a_CNT, where QEMU's firmware puts it.
const PM1A_CONTROL: u16 = 0x604;

/// SLP_EN with sleep type 0, which is "soft off" on QEMU's chipset. (ACPI, "PM1 Control
/// Registers".)
const SOFT_OFF: u16 = 1 << 13;

/// What the running code may do.
pub struct Privilege(PrivilegeLevel);

impl fmt::Display for Privilege {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "ring {}", self.0 as u8)
    }
}

/// Reads the current privilege level.
pub fn privilege() -> Privilege {
    Privilege(CS::get_reg().rpl())
}

/// Remembers how to switch off: `arguments` are the boot arguments.
pub(super) fn init_power_off(arguments: &[u8]) {
    let host_listens = arguments.split(|byte| *byte == b' ').any(|word| word == b"exit=host");
    HOST_LISTENS.store(host_listens, Ordering::Relaxed);
}

/// Switches the machine off. `status` reaches the host if it said in the boot arguments that it
/// listens.
pub fn power_off(status: Status) -> ! {
    if HOST_LISTENS.load(Ordering::Relaxed) {
        // SAFETY: privileged; the host said that this port ends QEMU.
        unsafe { PortWriteOnly::new(DEBUG_EXIT).write(status as u32 / 2) };
    }
    // SAFETY: privileged; on QEMU's chipset this port switches off, and nothing is lost by that.
    unsafe { PortWriteOnly::new(PM1A_CONTROL).write(SOFT_OFF) };
    halt()
}

/// Stops here for ever, with little heat.
fn halt() -> ! {
    interrupts::disable();
    loop {
        hlt();
    }
}

#[cfg(feature = "ktest")]
mod tests {
    use core::arch::asm;

    use x86_64::PrivilegeLevel;
    use x86_64::registers::control::{Cr0, Cr0Flags, Efer, EferFlags};
    use x86_64::registers::rflags::{self, RFlags};

    ktest::test! {
        /// The kernel runs in ring 0.
        fn kernel_runs_in_ring_0() {
            assert_eq!(super::privilege().0, PrivilegeLevel::Ring0);
        }

        /// Long mode is on, with the protections that need no page tables of our own.
        fn machine_state_is_known() {
            assert!(!rflags::read().intersects(RFlags::ALIGNMENT_CHECK | RFlags::DIRECTION_FLAG));
            assert!(Cr0::read().contains(Cr0Flags::WRITE_PROTECT));
            assert!(Efer::read().contains(EferFlags::LONG_MODE_ACTIVE));
            assert!(Efer::read().contains(EferFlags::NO_EXECUTE_ENABLE));
        }

        /// A walk along the frame pointers ends at the entry.
        fn frame_pointers_end() {
            let mut frame: *const usize;
            // SAFETY: reading a register changes nothing.
            unsafe { asm!("mov {}, rbp", out(reg) frame, options(nomem, nostack)) };
            for _ in 0..64 {
                if frame.is_null() {
                    return;
                }
                // SAFETY: rbp points to the caller's rbp on the stack, all the way up to the entry.
                frame = unsafe { frame.read() } as *const usize;
            }
            panic!("no end after 64 frames");
        }
    }
}
