//! A kernel that dies on request.
//!
//! The boot argument `death=NAME` picks how. The host tool boots it to prove that its coroner finds
//! every cause, and that its test runner can tell a failing kernel from a good one. The machine is
//! the first chapter's, file by file, so that what is proved here holds for the kernels that are
//! read. With `quiet` among the arguments it dies before it has said a word.

#![no_std]
#![no_main]

#[macro_use]
#[path = "../../../chapters/01-boot/src/console.rs"]
mod console;
#[allow(dead_code, unused_imports, reason = "what only the first chapter uses of its machine")]
#[path = "../../../chapters/01-boot/src/arch/mod.rs"]
mod arch;
mod deaths;
#[cfg(feature = "ktest")]
#[path = "../../../chapters/01-boot/src/image.rs"]
mod image;
#[path = "../../../chapters/01-boot/src/panic.rs"]
mod panic;
#[path = "../../../chapters/01-boot/src/sync.rs"]
mod sync;
#[cfg(feature = "ktest")]
mod tests;

/// Numbers from `build-config.toml`.
mod config {
    include!(concat!(env!("OUT_DIR"), "/config.rs"));
}

/// Says hello and dies as the boot arguments wish.
extern "C" fn kmain(boot: usize) -> ! {
    // SAFETY: the loader passed `boot` to the entry, and this kernel leaves alone what lies there.
    let arguments = unsafe { arch::boot_arguments(boot) }.unwrap_or_default();
    let mut words = arguments.split_ascii_whitespace();
    if !words.any(|word| word == "quiet") {
        println!("strata {} on {}", config::CHAPTER, arch::NAME);
    }

    #[cfg(feature = "ktest")]
    ktest::run(arguments);

    die(arguments)
}

/// Dies the death that `arguments` name.
fn die(arguments: &str) -> ! {
    let mut words = arguments.split_ascii_whitespace();
    let name = words.find_map(|word| word.strip_prefix("death=")).unwrap_or("");
    let Some(death) = deaths::find(name) else {
        println!("death={name}: there is none; choose from");
        deaths::all().for_each(|death| println!("  {}", death.name));
        arch::power_off(arch::Status::Failure)
    };
    (death.run)();
    panic!("death={name}: it was survived");
}
