//! The line to the host, the clock, and the way out: three things that QEMU gives for the asking.
//!
//! They stand here once more, though a kernel has its own way to end, because a verdict must not
//! hang on the code under test. On the host itself (where this crate's own tests run) there is no
//! QEMU to talk to.

use core::fmt::{self, Write};

/// Sends `line` to the host.
pub(crate) fn say(line: fmt::Arguments) {
    // The channel takes every byte: see `machine::send`.
    let _ = Channel.write_fmt(line);
}

/// The channel as something to write to.
struct Channel;

impl Write for Channel {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.bytes().for_each(machine::send);
        Ok(())
    }
}

pub(crate) use machine::{INSTRUCTIONS_PER_TICK, exit, ticks};

/// Semihosting: `HLT #0xf000` with the operation in w0 and its argument in x1. (Arm "Semihosting
/// for AArch32 and AArch64".)
#[cfg(all(target_arch = "aarch64", target_os = "none"))]
mod machine {
    /// Writes the character that x1 points to.
    const SYS_WRITEC: u64 = 0x03;
    /// Ends the run; x1 points to a reason and a status.
    const SYS_EXIT: u64 = 0x18;
    /// The reason of a deliberate end.
    const APPLICATION_EXIT: u64 = 0x2_0026;

    /// Sends `byte` to the host.
    pub(crate) fn send(byte: u8) {
        call(SYS_WRITEC, &raw const byte as u64);
    }

    /// QEMU's counter runs at 62.5 MHz, and counted instructions are nanoseconds.
    pub(crate) const INSTRUCTIONS_PER_TICK: u64 = 16;

    /// Counts up at a constant rate; with `-icount` a function of the instructions executed.
    pub(crate) fn ticks() -> u64 {
        let ticks;
        // SAFETY: reading the virtual counter changes nothing; the barrier keeps it from being read
        // early.
        unsafe { core::arch::asm!("isb", "mrs {}, CNTVCT_EL0", out(reg) ticks, options(nostack)) };
        ticks
    }

    /// Ends the run with status 33.
    pub(crate) fn exit() {
        let block = [APPLICATION_EXIT, 33];
        call(SYS_EXIT, &raw const block as u64);
    }

    fn call(operation: u64, argument: u64) {
        // SAFETY: the host reads the byte or block that `argument` points to, which outlives the
        // call; it changes only x0.
        unsafe {
            core::arch::asm!(
                "hlt #0xf000",
                inout("x0") operation => _,
                in("x1") argument,
                options(nostack),
            );
        }
    }
}

/// I/O ports: `isa-debugcon` takes bytes, `isa-debug-exit` a status, of which QEMU makes 2 n + 1.
#[cfg(all(target_arch = "x86_64", target_os = "none"))]
mod machine {
    /// Where the runner puts `isa-debugcon`.
    const DEBUGCON: u16 = 0xe9;
    /// Where the runner puts `isa-debug-exit`.
    const DEBUG_EXIT: u16 = 0xf4;

    /// Sends `byte` to the host.
    pub(crate) fn send(byte: u8) {
        // SAFETY: the port belongs to `isa-debugcon`, which only passes the byte on.
        unsafe {
            core::arch::asm!(
                "out dx, al",
                in("dx") DEBUGCON,
                in("al") byte,
                options(nostack),
            );
        };
    }

    /// The time-stamp counter counts nanoseconds, which are counted instructions.
    pub(crate) const INSTRUCTIONS_PER_TICK: u64 = 1;

    /// Counts up at a constant rate; with `-icount` the instructions executed.
    pub(crate) fn ticks() -> u64 {
        // SAFETY: every x86_64 processor has the time-stamp counter; reading it changes nothing.
        unsafe { core::arch::x86_64::_rdtsc() }
    }

    /// Ends the run with status 33.
    pub(crate) fn exit() {
        // SAFETY: the port belongs to `isa-debug-exit`, which ends QEMU with status 2 * 16 + 1.
        unsafe {
            core::arch::asm!(
                "out dx, eax",
                in("dx") DEBUG_EXIT,
                in("eax") 16_u32,
                options(nostack),
            );
        };
    }
}

#[cfg(not(target_os = "none"))]
mod machine {
    pub(crate) const INSTRUCTIONS_PER_TICK: u64 = 1;

    pub(crate) fn send(_byte: u8) {}

    pub(crate) fn ticks() -> u64 {
        0
    }

    pub(crate) fn exit() {}
}
