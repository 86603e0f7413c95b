//! The timer of the PC, an 8254, and the processor's counter, the TSC.
//!
//! Channel 0 of the 8254 counts down from a divisor at 1.193182 MHz, a third of the frequency of a
//! television's colours, which were cheap to come by in 1981. In mode 2 it begins again by itself
//! at each zero and interrupts: no tick moves however late the one before is dealt with.
//!
//! The TSC counts at a speed that the processor may tell, or not. Then it is measured against
//! channel 2, which once made the PC beep and interrupts nobody. Both are read at nearly the same
//! time, twice, which is exact even if the interrupts in between were late, as they are on a busy
//! host.
//!
//! Intel 8254 data sheet, "Mode Definitions" and "Counter Latch Command"; Intel SDM vol. 3B,
//! "Time-Stamp Counter".

use core::arch::asm;
use core::arch::x86_64::{__cpuid, __cpuid_count};
use core::ops::Range;

use x86_64::instructions::port::Port;

use super::irq;
use crate::interrupts::Masked;

/// How often an 8254 counts in a second.
const HERTZ: u32 = 1_193_182;

/// What it can count down from: in mode 2 not from 1, and 16 bits of 0 count as 65536.
const LEAST_DIVISOR: u32 = 2;
const GREATEST_DIVISOR: u32 = 1 << 16;

/// The ports of channel 0 and channel 2, of the 8254's commands, and of what is around it.
const CHANNEL_0: u16 = 0x40;
const CHANNEL_2: u16 = 0x42;
const COMMAND: u16 = 0x43;
const SYSTEM_CONTROL: u16 = 0x61;

/// Commands: the channel (bits 7 and 6); that the low byte comes first and then the high one (bits
/// 5 and 4), or that the count is to be held until both are read; the mode (bits 3 to 1).
const CHANNEL_0_MODE_2: u8 = 0b0011_0100;
/// In mode 0 it counts down once.
const CHANNEL_2_MODE_0: u8 = 0b1011_0000;
const LATCH_CHANNEL_2: u8 = 0b1000_0000;

/// Starts the timer's interrupts, `hertz` in a second or as near to that as it can.
pub fn start_timer(hertz: u32) {
    let [low, high] = (divisor(hertz) as u16).to_le_bytes();
    let masked = Masked::new();
    write(COMMAND, CHANNEL_0_MODE_2);
    write(CHANNEL_0, low);
    write(CHANNEL_0, high);
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

/// How much the counter counts in a second. Interrupts of the timer must come.
pub fn counter_hertz() -> Option<u64> {
    /// How often it is measured, if something comes in between.
    const TRIES: u32 = 10;
    told_hertz().or_else(|| (0..TRIES).find_map(|_| measured_hertz()))
}

/// What the processor tells of the counter.
fn told_hertz() -> Option<u64> {
    // CPUID leaf 0x15: of the TSC, ebx ticks take as long as eax of a crystal that makes ecx a
    // second. What is 0 is not told. (Intel SDM vol. 2A, CPUID.)
    if __cpuid(0).eax < 0x15 {
        return None;
    }
    let ratio = __cpuid_count(0x15, 0);
    let hertz = u64::from(ratio.ecx) * u64::from(ratio.ebx);
    hertz.checked_div(u64::from(ratio.eax)).filter(|hertz| *hertz != 0)
}

/// Measures the counter against channel 2, for some ticks. `None` if that was disturbed.
fn measured_hertz() -> Option<u64> {
    /// From so many, channel 2 counts down in 55 ms.
    const FULL: u64 = 0xffff;
    /// Interrupts to sleep for: up to 30 ms.
    const TICKS: u32 = 3;
    let _masked = Masked::new();
    // Bit 0 lets channel 2 count, and bit 1 would let it be heard.
    write(SYSTEM_CONTROL, read(SYSTEM_CONTROL) & !0b11 | 0b01);
    write(COMMAND, CHANNEL_2_MODE_0);
    write(CHANNEL_2, FULL as u8);
    let start = counter_around(|| write(CHANNEL_2, (FULL >> 8) as u8));
    (0..TICKS).for_each(|_| irq::wait_for_interrupt());
    let end = counter_around(|| write(COMMAND, LATCH_CHANNEL_2));
    let left = u16::from_le_bytes([read(CHANNEL_2), read(CHANNEL_2)]);
    // Bit 5 is what channel 2 says: 1 once it has counted down, and it goes on from 65535.
    let has_ended = read(SYSTEM_CONTROL) & 1 << 5 != 0;
    let (counted, elapsed) = (FULL - u64::from(left), end.start - start.start);
    let is_sharp = [start, end].iter().all(|time| time.end - time.start < elapsed / 1000);
    let hertz = (elapsed * u64::from(HERTZ)).checked_div(counted)?;
    (is_sharp && !has_ended).then_some(hertz)
}

/// The counter before and after `act`.
fn counter_around(act: impl FnOnce()) -> Range<u64> {
    let start = counter();
    act();
    start..counter()
}

fn read(port: u16) -> u8 {
    // SAFETY: privileged; an 8254 touches no memory, nor do those around it.
    unsafe { Port::new(port).read() }
}

fn write(port: u16, byte: u8) {
    // SAFETY: as above.
    unsafe { Port::new(port).write(byte) };
}

#[cfg(feature = "ktest")]
mod tests {
    use super::{divisor, measured_hertz};

    ktest::test! {
        /// The counter is measured to a thousandth: in these runs it counts nanoseconds.
        fn counter_is_measured() {
            let hertz = measured_hertz().expect("nothing disturbs");
            assert!(hertz.abs_diff(1_000_000_000) < 1_000_000, "{hertz} Hz");
        }

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
