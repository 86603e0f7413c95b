//! The generic timer: a counter that all processors share, and a comparison that interrupts.
//!
//! The virtual timer is used, since no hypervisor keeps it for itself. Its interrupt stays raised
//! as long as the counter is beyond CNTV_CVAL_EL0, so moving that on is what answers it. It is
//! moved by one interval from where it was and not from now: so a tick that is served late does not
//! make the next ones late, and one that is missed comes at once.
//!
//! Arm ARM DDI 0487, D12, "The Generic Timer in AArch64 state".

use core::sync::atomic::{AtomicU64, Ordering};

use aarch64_cpu::asm::barrier;
use aarch64_cpu::registers::{
    CNTFRQ_EL0, CNTV_CTL_EL0, CNTV_CVAL_EL0, CNTVCT_EL0, Readable, Writeable,
};

use super::irq;

/// How far the counter counts from tick to tick.
static INTERVAL: AtomicU64 = AtomicU64::new(0);

/// Interrupts `hertz` times a second from now on.
pub fn start_timer(hertz: u32) {
    let interval = CNTFRQ_EL0.get() / u64::from(hertz);
    INTERVAL.store(interval, Ordering::Relaxed);
    CNTV_CVAL_EL0.set(counter() + interval);
    CNTV_CTL_EL0.write(CNTV_CTL_EL0::ENABLE::SET + CNTV_CTL_EL0::IMASK::CLEAR);
    barrier::isb(barrier::SY);
    // Not before: firmware may have left the timer on, and what it asks for cannot be answered as
    // long as there is no interval.
    irq::unmask_timer();
}

/// Answers the timer: it interrupts again one interval after it was to interrupt now.
pub fn rearm_timer() {
    CNTV_CVAL_EL0.set(CNTV_CVAL_EL0.get() + INTERVAL.load(Ordering::Relaxed));
    // The line is let go before the interrupt is ended.
    barrier::isb(barrier::SY);
}

/// The counter.
pub fn counter() -> u64 {
    // Without the barrier it may be read before what stands above is done.
    barrier::isb(barrier::SY);
    CNTVCT_EL0.get()
}

/// How much it counts in a second: the firmware has written that down.
pub fn counter_hertz() -> Option<u64> {
    match CNTFRQ_EL0.get() {
        0 => None,
        hertz => Some(hertz),
    }
}
