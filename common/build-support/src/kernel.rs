//! The build script of a kernel.
//!
//! A kernel's `build.rs` is one call of [`kernel`]. It hands the linker the chapter's own
//! `linker.ld`, since that needs an absolute path, and gives the linker script and the Rust code
//! the same numbers from `build-config.toml`. Where a chapter has programs, they travel in the
//! kernel's file: see [`programs`].

use std::env;
use std::path::{Path, PathBuf};

use crate::programs::{self, Order};
use crate::{Config, exercises};

/// Does all that a kernel's build script must do.
///
/// The Rust code finds the numbers in `$OUT_DIR/config.rs`; the linker script gets `LOAD_ADDRESS`
/// and `STACK_BYTES`.
///
/// # Panics
///
/// When `build-config.toml` is wrong, or the target is not one of its machines.
pub fn kernel() {
    kernel_with_scripts_of(".");
}

/// Does the same for a kernel that borrows the machine, and so the linker scripts, of `chapter`: a
/// folder, from its own.
///
/// # Panics
///
/// As [`kernel`] does.
pub fn kernel_with_scripts_of(chapter: &str) {
    let folder = PathBuf::from(variable("CARGO_MANIFEST_DIR"));
    let chapter = if chapter == "." { folder.clone() } else { folder.join(chapter) };
    if let Err(message) = build(&folder, &chapter) {
        // Cargo shows a build script's last words in a box of its own, without a backtrace.
        eprintln!("{message}");
        std::process::exit(1);
    }
}

/// Builds the kernel in `folder` with the linker scripts of `chapter`.
fn build(folder: &Path, chapter: &Path) -> Result<(), String> {
    let root = root_of(folder)?;
    let config = Config::read(&root).map_err(|error| error.to_string())?;
    let arch = variable("CARGO_CFG_TARGET_ARCH");
    let target = variable("TARGET");
    let machine = config.machines.get(&arch).filter(|machine| machine.target == target);
    let machine = machine.ok_or_else(|| {
        let targets: Vec<&str> = config.machines.values().map(|m| m.target.as_str()).collect();
        format!("a kernel cannot be built for `{target}`; its targets are {}", targets.join(", "))
    })?;

    let room = PathBuf::from(variable("OUT_DIR"));
    // Out of `TARGET/PROFILE/build/PACKAGE/out`.
    let workplace = room.ancestors().nth(4).unwrap_or(&room).join("programs");
    // First of all, since Cargo shows whatever was said before an error as well.
    let chosen = if folder == chapter { exercises::chosen(&root)? } else { Vec::new() };
    let order = Order {
        root: &root,
        arch: &arch,
        target: &target,
        room: &room,
        workplace: &workplace,
        exercises: &chosen,
    };
    programs::carry(chapter, &order)?;
    exercises::select(&root, &chosen);
    let script = linker_script(chapter, &arch);
    println!("cargo:rerun-if-changed={}", root.join("build-config.toml").display());
    println!("cargo:rerun-if-changed={}", script.display());
    println!("cargo:rustc-link-arg-bins=-T{}", script.display());
    // Segments are protected in pages of 4 KiB; the linker would align them to 64 KiB on aarch64.
    println!("cargo:rustc-link-arg-bins=-zmax-page-size=4096");
    for (name, value) in
        [("LOAD_ADDRESS", machine.load_address), ("STACK_BYTES", config.kernel.stack_bytes)]
    {
        println!("cargo:rustc-link-arg-bins=--defsym={name}={value:#x}");
    }

    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let constants = format!(
        "/// The chapter's folder, such as `01-boot`.\npub const CHAPTER: &str = {name:?};\n\
         /// The serial port: a physical address, or an I/O port on x86_64.\n\
         pub const UART: usize = {:#x};\n\
         /// The physical address at which the image lies.\n\
         #[allow(dead_code, reason = \"the first chapters leave it to the linker script\")]\n\
         pub const LOAD_ADDRESS: u64 = {:#x};\n\
         /// The most that the heap may grow to, in bytes.\n\
         #[allow(dead_code, reason = \"the first chapters have no heap\")]\n\
         pub const HEAP_BYTES: usize = {:#x};\n\
         /// Bytes in a kernel stack.\n\
         #[allow(dead_code, reason = \"the first chapters leave it to the linker script\")]\n\
         pub const STACK_BYTES: usize = {:#x};\n\
         /// Timer interrupts a second.\n\
         #[allow(dead_code, reason = \"the first chapters have no timer\")]\n\
         pub const TICK_HERTZ: u32 = {};\n",
        machine.uart,
        machine.load_address,
        config.kernel.heap_bytes,
        config.kernel.stack_bytes,
        config.kernel.tick_hertz
    );
    let file = room.join("config.rs");
    std::fs::write(&file, constants).map_err(|error| format!("{}: {error}", file.display()))
}

/// The linker script of `chapter` for `arch`.
fn linker_script(chapter: &Path, arch: &str) -> PathBuf {
    chapter.join("src/arch").join(arch).join("linker.ld")
}

/// The folder above `chapter` that holds `build-config.toml`.
fn root_of(chapter: &Path) -> Result<PathBuf, String> {
    let root = chapter.ancestors().find(|folder| folder.join("build-config.toml").is_file());
    root.map(Path::to_path_buf)
        .ok_or_else(|| format!("no build-config.toml above {}", chapter.display()))
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("Cargo sets {name} for every build script"))
}
