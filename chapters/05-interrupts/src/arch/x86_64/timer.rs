//! The timer of the PC, an 8254, and the processor's counter, the TSC.
//!
//! Channel 0 of the 8254 counts down from a divisor at 1.193182 MHz, a third of the frequency of a
//! television's colours, which were cheap to come by in 1981. In mode 2 it begins again by itself
//! at each zero and interrupts: no tick moves however late the one before is dealt with.
//!
//! The TSC counts at a speed that the processor may tell, or not. (Intel 8254 data sheet, "Mode 2";
//! Intel SDM vol. 3B, "Time-Stamp Counter".)

use core::arch::asm;
use core::arch::x86_64::{__cpuid, __cpuid_count};

use x86_64::instructions::port::PortWriteOnly;

use super::irq;
use crate::interrupts::Masked;

/// How often an 8254 counts in a second.
const HERTZ: u32 = 1_193_182;

/// What it can count down from: in mode 2 not from 1, and 16 bits of 0 count as 65536.
const LEAST_DIVISOR: u32 = 2;
const GREATEST_DIVISOR: u32 = 1 << 16;

/// Channel 0, the low byte first and then the high one, mode 2, in binary.
const CHANNEL_0_MODE_2: u8 = 0b00_11_010_0;

/// Starts the timer's interrupts, `hertz` in a second or as near to that as it can.
pub fn start_timer(hertz: u32) {
    let [low, high] = (divisor(hertz) as u16).to_le_bytes();
    let masked = Masked::new();
    for (port, byte) in [(0x43, CHANNEL_0_MODE_2), (0x40, low), (0x40, high)] {
        // SAFETY: privileged; an 8254 touches no memory.
        unsafe { PortWriteOnly::new(port).write(byte) };
    }
    drop(masked);
    irq::unmask_line(irq::TIMER);
}

/// What to count down from for `hertz` interrupts a second, to the nearest.
fn divisor(hertz: u32) -> u32 {
    let nearest = (HERTZ + hertz / 2).checked_div(hertz);
    nearest.unwrap_or(GREATEST_DIVISOR).clamp(LEAST_DIVISOR, GREATEST_DIVISOR)
}

/// Asks for the next interrupt. This timer needs no asking.
pub fn rearm_timer() {}

/// Reads the counter.
pub fn counter() -> u64 {
    let (low, high): (u32, u32);
    // A processor reads the counter when it likes, before loads that stand in front of it: time
    // would run backwards against what another device says. `lfence` waits for those.
    // SAFETY: privileged; reading a counter changes nothing.
    unsafe {
        asm!(
            "lfence",
            "rdtsc",
            out("eax") low,
            out("edx") high,
            options(nostack, preserves_flags),
        );
    }
    u64::from(high) << 32 | u64::from(low)
}

/// How much the counter counts in a second, if the processor tells.
pub fn counter_hertz() -> Option<u64> {
    // CPUID leaf 0x15: of the TSC, ebx ticks take as long as eax of a crystal that makes ecx a
    // second. What is 0 is not told. (Intel SDM vol. 2A, CPUID.)
    if __cpuid(0).eax < 0x15 {
        return None;
    }
    let ratio = __cpuid_count(0x15, 0);
    let hertz = u64::from(ratio.ecx) * u64::from(ratio.ebx);
    hertz.checked_div(u64::from(ratio.eax)).filter(|hertz| *hertz != 0)
}

#[cfg(feature = "ktest")]
mod tests {
    use super::divisor;

    ktest::test! {
        /// The divisor is the one that comes nearest.
        fn divisor_is_the_nearest() {
            assert_eq!([100, 1000, 400_000].map(divisor), [11932, 1193, 3]);
        }

        /// What is too slow or too fast for the timer becomes the slowest or the fastest it has.
        fn divisor_stays_in_range() {
            assert_eq!([0, 1, 18, 19].map(divisor), [65536, 65536, 65536, 62799]);
            assert_eq!([600_000, u32::MAX / 2].map(divisor), [2, 2]);
        }
    }
}
