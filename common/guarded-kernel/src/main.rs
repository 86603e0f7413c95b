//! A kernel that dies on request, and tells of it.
//!
//! The accidents are the broken kernel's, file by file, and the machine is that of the first
//! chapter that handles exceptions. What the broken kernel leaves to the coroner, this one must say
//! itself: so it is proved that nothing dies silently any more.

#![no_std]
#![no_main]

extern crate alloc;

#[macro_use]
#[path = "../../../chapters/05-interrupts/src/console.rs"]
mod console;
#[allow(dead_code, unused_imports, reason = "what the chapter uses of its machine, and we do not")]
#[path = "../../../chapters/05-interrupts/src/arch/mod.rs"]
mod arch;
#[path = "../../../chapters/05-interrupts/src/backtrace.rs"]
mod backtrace;
#[allow(dead_code, reason = "what only the broken kernel uses of its accidents")]
#[path = "../../broken-kernel/src/deaths/mod.rs"]
mod deaths;
#[allow(dead_code, reason = "what the chapter only shows or tests")]
#[path = "../../../chapters/05-interrupts/src/image.rs"]
mod image;
#[allow(dead_code, reason = "what the chapter only shows or tests")]
#[path = "../../../chapters/05-interrupts/src/input/mod.rs"]
mod input;
#[allow(dead_code, reason = "what the chapter only shows or tests")]
#[path = "../../../chapters/05-interrupts/src/interrupts.rs"]
mod interrupts;
#[allow(dead_code, reason = "what the chapter only shows or tests")]
#[path = "../../../chapters/05-interrupts/src/memory/mod.rs"]
mod memory;
#[path = "../../../chapters/05-interrupts/src/panic.rs"]
mod panic;
#[path = "../../../chapters/05-interrupts/src/sync.rs"]
mod sync;
#[allow(dead_code, reason = "what the chapter only shows or tests")]
#[path = "../../../chapters/05-interrupts/src/timer.rs"]
mod timer;
#[path = "../../../chapters/05-interrupts/src/trap/mod.rs"]
mod trap;

/// Numbers from `build-config.toml`.
mod config {
    include!(concat!(env!("OUT_DIR"), "/config.rs"));
}

/// Sets up all that the chapter does, says hello, and dies as the boot arguments wish.
extern "C" fn kmain(boot: usize) -> ! {
    // SAFETY: the loader passed `boot` to the entry, and this kernel leaves alone what lies there.
    let arguments = unsafe { arch::boot_arguments(boot) }.unwrap_or_default();
    println!("strata {} on {}", config::CHAPTER, arch::NAME);
    // SAFETY: as above; this is the only call.
    let map = unsafe { memory::init(boot) };
    // SAFETY: the map is the one that the frames come from; this is the only call.
    unsafe { memory::init_translation(&map) };
    // SAFETY: this is the only call.
    unsafe { trap::init() };
    // SAFETY: as above; `boot` is what the loader passed, and traps are handled from here on.
    unsafe { interrupts::init(boot) };

    let mut words = arguments.split_ascii_whitespace();
    let name = words.find_map(|word| word.strip_prefix("death=")).unwrap_or("");
    let death = deaths::find(name).unwrap_or_else(|| panic!("death={name}: there is none"));
    (death.run)();
    panic!("death={name}: it was survived");
}
