//! What it costs to come to the kernel and to go back.
//!
//! An interrupt comes when it wants to, so no clock can be read right before it. What is measured
//! is a loop that does nothing, for so long that the timer interrupts it many times, and the same
//! loop while interrupts are masked. The difference is what the interrupts took, of all of them and
//! to the last instruction.

use core::hint::black_box;
use core::sync::atomic::{AtomicBool, Ordering};

use crate::bench::Bench;
use crate::interrupts::{self, Masked};
use crate::memory::address::VirtAddr;
use crate::memory::lazy;
use crate::sync::Lock;
use crate::{arch, clock, config, timer};

/// How often the timer interrupts meanwhile.
const HERTZ: u32 = 10_000;

/// Turns of the loop for each interrupt: two instructions each, so it takes somewhat longer.
const TURNS: u64 = 60_000;

/// Measures all of it.
pub fn measure(bench: &mut Bench) {
    measure_interrupts(bench);
    let _masked = Masked::new();
    measure_lock(bench);
    measure_lazy_page(bench);
}

fn measure_interrupts(bench: &mut Bench) {
    let turns = TURNS * bench.repetitions as u64;
    let masked = Masked::new();
    arch::start_timer(HERTZ);
    let empty = spin(turns);
    drop(masked);
    let before = timer::ticks();
    let cost = spin(turns);
    let count = timer::ticks() - before;
    arch::start_timer(config::TICK_HERTZ);
    let spurious = interrupts::statistics().spurious;
    assert_eq!(spurious, 0, "a spurious interrupt would be counted as one of the timer's");
    bench.note_count("interrupt", "kernel", count as usize, cost.saturating_sub(empty));
}

/// The instructions of a loop with so many turns.
#[inline(never)]
fn spin(turns: u64) -> u64 {
    let start = clock::instructions();
    for turn in 0..turns {
        black_box(turn);
    }
    clock::instructions() - start
}

fn measure_lock(bench: &mut Bench) {
    let lock = Lock::new(0_u64);
    let flag = AtomicBool::new(false);
    let empty = bench.cost(|| {});
    let kernel = bench.cost(|| *lock.lock() += 1);
    let alone = bench.cost(|| {
        assert!(!flag.load(Ordering::Acquire), "nobody else has it");
        flag.store(true, Ordering::Relaxed);
        flag.store(false, Ordering::Release);
    });
    bench.note("lock", "kernel", kernel, empty);
    bench.note("lock", "flag", alone, empty);
}

fn measure_lazy_page(bench: &mut Bench) {
    let page = lazy::RANGE.start;
    let empty = bench.cost(|| {});
    // The first time makes tables that stay.
    touch(page);
    forget(page);
    // All but the exception itself, which only the other has.
    let by_hand = bench.cost(|| {
        lazy::map(page).expect("there are free frames");
        touch(page);
        forget(page);
    });
    let by_fault = bench.cost(|| {
        touch(page);
        forget(page);
    });
    bench.note("lazy-page", "kernel", by_fault, empty);
    bench.note("exception", "kernel", by_fault, by_hand);
}

fn touch(page: VirtAddr) {
    // SAFETY: the page is there, or comes; nobody else uses it.
    unsafe { (page.0 as *const u8).read_volatile() };
}

fn forget(page: VirtAddr) {
    // SAFETY: nobody relies on what is in it.
    unsafe { lazy::unmap(page) };
}
