//! The clock that counts instructions.
//!
//! It does so only where QEMU lets each instruction take one nanosecond, `-icount shift=0`; then
//! the processor's own clock is exact on x86_64, and on aarch64 it ticks every 16 instructions.

/// Instructions since the machine started.
#[cfg(target_arch = "x86_64")]
pub fn instructions() -> u64 {
    // SAFETY: every processor with 64 bits has this counter, and ring 0 may read it.
    unsafe { core::arch::x86_64::_rdtsc() }
}

/// Instructions since the machine started, a multiple of those in a tick.
#[cfg(target_arch = "aarch64")]
pub fn instructions() -> u64 {
    use aarch64_cpu::registers::{CNTFRQ_EL0, CNTVCT_EL0, Readable};
    const NANOSECONDS: u64 = 1_000_000_000;
    CNTVCT_EL0.get() * (NANOSECONDS / CNTFRQ_EL0.get())
}
