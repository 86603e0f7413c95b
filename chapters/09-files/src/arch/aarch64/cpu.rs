//! The processor itself: what it may do, and how it is switched off.

use core::arch::asm;
use core::fmt;
use core::sync::atomic::{AtomicBool, Ordering};

use aarch64_cpu::registers::{CurrentEL, Readable};

use crate::arch::Status;

/// Whether the host takes an exit status by semihosting. Without that the instruction is undefined.
static HOST_LISTENS: AtomicBool = AtomicBool::new(false);

/// Whether the firmware is called by `smc` and not by `hvc`.
static FIRMWARE_TAKES_SMC: AtomicBool = AtomicBool::new(false);

/// PSCI's function that switches the machine off. (Arm DEN 0022, SYSTEM_OFF.)
const PSCI_SYSTEM_OFF: u64 = 0x8400_0008;

/// Semihosting's operation that ends the run, and the reason of a deliberate end. (Arm,
/// "Semihosting for AArch32 and AArch64", SYS_EXIT.)
const SYS_EXIT: u64 = 0x18;
const APPLICATION_EXIT: u64 = 0x2_0026;

/// What the running code may do.
pub struct Privilege(u64);

impl fmt::Display for Privilege {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "exception level {}", self.0)
    }
}

/// Reads the current exception level.
pub fn privilege() -> Privilege {
    Privilege(CurrentEL.read(CurrentEL::EL))
}

/// Remembers how to switch off: `arguments` are the boot arguments, `method` is the one in the
/// devicetree's `/psci`.
pub(super) fn init_power_off(arguments: &[u8], method: Option<&[u8]>) {
    let host_listens = arguments.split(|byte| *byte == b' ').any(|word| word == b"exit=host");
    HOST_LISTENS.store(host_listens, Ordering::Relaxed);
    FIRMWARE_TAKES_SMC.store(method == Some(b"smc\0"), Ordering::Relaxed);
}

/// Switches the machine off. `status` reaches the host if it said in the boot arguments that it
/// listens.
pub fn power_off(status: Status) -> ! {
    if HOST_LISTENS.load(Ordering::Relaxed) {
        let block = [APPLICATION_EXIT, status as u64];
        // SAFETY: privileged; the host said that it takes this instruction, and reads the two words
        // that x1 points to.
        unsafe {
            asm!(
                "hlt #0xf000",
                inout("x0") SYS_EXIT => _,
                in("x1") &raw const block,
                options(nostack),
            );
        }
    }
    if FIRMWARE_TAKES_SMC.load(Ordering::Relaxed) {
        // SAFETY: privileged; a call that is refused changes what any call may, and no more.
        unsafe { asm!("smc #0", inout("x0") PSCI_SYSTEM_OFF => _, clobber_abi("C")) };
    } else {
        // SAFETY: privileged; a call that is refused changes what any call may, and no more.
        unsafe { asm!("hvc #0", inout("x0") PSCI_SYSTEM_OFF => _, clobber_abi("C")) };
    }
    halt()
}

/// Stops here for ever, with little heat.
fn halt() -> ! {
    loop {
        aarch64_cpu::asm::wfi();
    }
}

#[cfg(feature = "ktest")]
mod tests {
    use core::arch::asm;

    use aarch64_cpu::registers::{Readable, SCTLR_EL1, SPSel};

    ktest::test! {
        /// The kernel runs at EL1, whichever level the loader left it at.
        fn kernel_runs_at_el1() {
            assert_eq!(super::privilege().0, 1);
        }

        /// The stack pointer is this level's own and is checked, and data is little-endian.
        fn machine_state_is_known() {
            assert_eq!(SPSel.get(), 1);
            assert!(!SCTLR_EL1.is_set(SCTLR_EL1::EE));
            assert!(SCTLR_EL1.is_set(SCTLR_EL1::SA));
        }

        /// A walk along the frame pointers ends at the entry.
        fn frame_pointers_end() {
            let mut frame: *const usize;
            // SAFETY: reading a register changes nothing.
            unsafe { asm!("mov {}, x29", out(reg) frame, options(nomem, nostack)) };
            for _ in 0..64 {
                if frame.is_null() {
                    return;
                }
                // SAFETY: x29 points to the caller's x29 on the stack, all the way up to the entry.
                frame = unsafe { frame.read() } as *const usize;
            }
            panic!("no end after 64 frames");
        }
    }
}
