//! A kernel that counts what its operations cost.
//!
//! The memory management is the newest chapter's, file by file, so what is measured is what is
//! read. The same loops also run on other people's allocators, in this kernel and on this machine:
//! numbers that come from elsewhere could not be compared.
//!
//! Everything is measured before anything is printed. The console is slow, and not equally slow in
//! every run; with nothing of it between two measurements each run counts the same.
//!
//! The boot argument `repetitions=N` sets how often each operation is done.

#![no_std]
#![no_main]

extern crate alloc;

#[macro_use]
#[path = "../../../chapters/07-scheduler/src/console.rs"]
mod console;
#[allow(dead_code, unused_imports, reason = "what the chapter uses of its machine, and we do not")]
#[path = "../../../chapters/07-scheduler/src/arch/mod.rs"]
mod arch;
#[path = "../../../chapters/07-scheduler/src/backtrace.rs"]
mod backtrace;
mod bench;
mod clock;
mod frames;
mod heap;
#[allow(dead_code, reason = "what the chapter only shows or tests")]
#[path = "../../../chapters/07-scheduler/src/image.rs"]
mod image;
#[allow(dead_code, reason = "what the chapter only shows or tests")]
#[path = "../../../chapters/07-scheduler/src/input/mod.rs"]
mod input;
#[allow(dead_code, reason = "what the chapter only shows or tests")]
#[path = "../../../chapters/07-scheduler/src/interrupts.rs"]
mod interrupts;
#[allow(dead_code, reason = "what the chapter only shows or tests")]
#[path = "../../../chapters/07-scheduler/src/memory/mod.rs"]
mod memory;
mod paging;
#[path = "../../../chapters/07-scheduler/src/panic.rs"]
mod panic;
#[allow(dead_code, unused_imports, reason = "what the chapter only shows or tests")]
#[path = "../../../chapters/07-scheduler/src/process/mod.rs"]
mod process;
mod random;
#[allow(dead_code, unused_imports, reason = "what the chapter only shows or tests")]
#[path = "../../../chapters/07-scheduler/src/scheduler/mod.rs"]
mod scheduler;
#[path = "../../../chapters/07-scheduler/src/sync.rs"]
mod sync;
#[path = "../../../chapters/07-scheduler/src/syscall/mod.rs"]
mod syscall;
mod threads;
#[allow(dead_code, reason = "what the chapter only shows or tests")]
#[path = "../../../chapters/07-scheduler/src/timer.rs"]
mod timer;
#[path = "../../../chapters/07-scheduler/src/trap/mod.rs"]
mod trap;
mod traps;

use bench::Bench;

/// Numbers from `build-config.toml`.
mod config {
    #![allow(dead_code, reason = "this kernel does not say its name")]
    include!(concat!(env!("OUT_DIR"), "/config.rs"));
}

/// How often each operation is done if the boot arguments do not say.
const REPETITIONS: usize = 1000;

/// Measures everything, prints what it came to, and ends.
extern "C" fn kmain(boot: usize) -> ! {
    // SAFETY: the loader passed `boot` to the entry, and this kernel leaves alone what lies there.
    let arguments = unsafe { arch::boot_arguments(boot) }.unwrap_or_default();
    // SAFETY: as above; this is the only call.
    let map = unsafe { memory::init(boot) };
    // SAFETY: the map is the one that the frames come from; this is the only call.
    unsafe { memory::init_translation(&map) };

    let mut bench = Bench::new(repetitions(arguments));
    frames::measure(&mut bench);
    paging::measure(&mut bench);
    heap::measure(&mut bench);

    // Last, since from here on there are interrupts that nobody asked for.
    // SAFETY: this is the only call, of either.
    unsafe { trap::init() };
    // SAFETY: as above; `boot` is what the loader passed, and traps are handled from here on.
    unsafe { interrupts::init(boot) };
    traps::measure(&mut bench);
    scheduler::init();
    // SAFETY: the map is the one that the frames come from; this is the only call.
    unsafe { process::init(&map) };
    threads::measure(&mut bench);
    let _masked = interrupts::Masked::new();
    bench.print();
    arch::power_off(arch::Status::Success)
}

/// The number that `arguments` ask for.
fn repetitions(arguments: &str) -> usize {
    let mut words = arguments.split_ascii_whitespace();
    let wanted = words.find_map(|word| word.strip_prefix("repetitions="));
    wanted.map_or(REPETITIONS, |number| match number.parse() {
        Ok(number @ 1..=REPETITIONS) => number,
        _ => panic!("repetitions={number}: must be a whole number from 1 to {REPETITIONS}"),
    })
}
