//! The kernel, from the first line of Rust to the last.
//!
//! `arch/<machine>/boot.s` runs before this and brings the machine into the state that Rust needs:
//! a stack, and zeroes where zeroes are promised. [`kmain`] is the table of contents.

#![no_std]
#![no_main]

extern crate alloc;

#[macro_use]
mod console;
mod arch;
mod backtrace;
#[path = "../exercises/mod.rs"]
mod exercises;
mod file;
mod first;
mod image;
mod input;
mod interrupts;
mod memory;
mod panic;
mod process;
mod scheduler;
mod show_interrupts;
mod show_processes;
mod show_scheduler;
mod sync;
mod syscall;
#[cfg_attr(exercise = "05-sleep", path = "../../05-interrupts/exercises/2-sleep/mod.rs")]
mod timer;
mod trap;

/// Numbers from `build-config.toml`.
mod config {
    include!(concat!(env!("OUT_DIR"), "/config.rs"));
}

/// Starts the kernel. `boot` is the address that the loader passed: of a devicetree on aarch64, of
/// PVH's start information on x86_64.
extern "C" fn kmain(boot: usize) -> ! {
    // SAFETY: the loader passed `boot` to the entry, and this kernel leaves alone what lies there.
    let arguments = unsafe { arch::boot_arguments(boot) };
    println!("strata {} on {}", config::CHAPTER, arch::NAME);
    println!("privilege: {}", arch::privilege());
    println!("image: {:#x?}", image::range());
    for image::Section { name, range } in image::sections() {
        println!("  {name:6} {range:#x?} {:>4} KiB", range.len().div_ceil(1024));
    }
    println!("boot stack: {:#x?}", image::boot_stack());
    println!("boot pointer: {boot:#x}");
    match arguments {
        Ok(text) => println!("boot arguments: {text}"),
        Err(error) => println!("boot arguments: none, {error}"),
    }

    // SAFETY: as above; this is the only call.
    let map = unsafe { memory::init(boot) };
    println!("memory:");
    for region in map.regions() {
        println!("  {region}");
    }
    memory::show_frames();

    // SAFETY: the map is the one that the frames come from; this is the only call.
    unsafe { memory::init_translation(&map) };
    memory::show::show_translation();

    memory::show_heap::show_heap();

    // SAFETY: this is the only call, of either.
    unsafe { trap::init() };
    // SAFETY: as above; `boot` is what the loader passed, and traps are handled from here on.
    unsafe { interrupts::init(boot) };

    scheduler::init();

    // SAFETY: the map is the one that the frames come from; this is the only call.
    unsafe { process::init(&map) };

    #[cfg(feature = "ktest")]
    ktest::run(arguments.unwrap_or_default());

    first::run_given(arguments.unwrap_or_default());
    show_interrupts::show_interrupts(arguments.unwrap_or_default());
    show_processes::show_processes();
    show_scheduler::show_scheduler(arguments.unwrap_or_default());

    first::run_usual(arguments.unwrap_or_default());

    println!("goodbye");
    arch::power_off(arch::Status::Success)
}
