//! Builds kernels, and packs them as their machine's loader wants them.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use build_support::{Chapter, Config, Machine};

use crate::failure::{Failure, Result};
use crate::packing;
use crate::ui;
use crate::watch;
use crate::workspace::Workspace;

/// Which kernel to build, and how.
#[derive(Clone, Copy, Debug)]
pub struct Recipe<'a> {
    /// The Cargo package, such as `strata-01-boot`.
    pub package: &'a str,
    /// The architecture's name.
    pub arch: &'a str,
    /// Its machine.
    pub machine: &'a Machine,
    /// With its tests in it.
    pub has_tests: bool,
    /// Optimised.
    pub is_release: bool,
}

/// A kernel that was built.
#[derive(Clone, Debug)]
pub struct Kernel {
    /// The ELF file, with its debug information.
    pub elf: PathBuf,
    /// What QEMU is given.
    pub image: PathBuf,
    /// The archive of its programs, if it carries one: what QEMU is given beside it.
    pub initramfs: Option<PathBuf>,
    /// Whether it waits for interrupts, so that the machine's time tells nothing of its work.
    pub sleeps: bool,
    /// Whether its runs end in a shell.
    pub has_shell: bool,
}

/// Whether Cargo talks to the reader or keeps its words for a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// It shows its progress.
    Aloud,
    /// What it says is in the error, if there is one.
    Quiet,
}

/// The package of the chapter in `folder`.
pub fn package_of(folder: &str) -> String {
    format!("strata-{folder}")
}

/// Builds and packs a kernel.
pub fn build(workspace: &Workspace, recipe: Recipe, voice: Voice) -> Result<Kernel> {
    tell_mine(workspace, voice)?;
    let _turn = take_turn(workspace)?;
    compile(workspace, recipe, voice)?;
    let profile = if recipe.is_release { "release" } else { "debug" };
    let built = workspace.target_folder().join(&recipe.machine.target).join(profile);
    // Cargo builds the kernel with its tests to the same place as the one without: each gets a copy
    // that stays.
    let kind = if recipe.has_tests { "tests" } else { "kernel" };
    let folder =
        workspace.target_folder().join("strata").join(recipe.arch).join(profile).join(kind);
    std::fs::create_dir_all(&folder).map_err(|error| Failure::io("create", &folder, &error))?;
    let elf = folder.join(recipe.package);
    let source = built.join(recipe.package);
    write(&elf, &read(&source)?)?;
    from_elf(&workspace.config, elf)
}

/// Says which of the reader's own solutions the kernels take, or that there is no such exercise.
/// The build script does the rest.
fn tell_mine(workspace: &Workspace, voice: Voice) -> Result<()> {
    if workspace.exercise.is_some() {
        return Ok(());
    }
    let mine = build_support::mine(&workspace.root).map_err(Failure::usage)?;
    if voice == Voice::Aloud && !mine.is_empty() {
        let file = build_support::MINE;
        ui::note(format_args!("with your own {}, as {file} says", mine.join(", ")));
    }
    Ok(())
}

/// Waits until no other tool is between a build and the copy of what was built; keeps others out
/// until the file is dropped.
fn take_turn(workspace: &Workspace) -> Result<File> {
    let folder = workspace.target_folder().join("strata");
    std::fs::create_dir_all(&folder).map_err(|error| Failure::io("create", &folder, &error))?;
    let path = folder.join("lock");
    let lock = File::create(&path).map_err(|error| Failure::io("write", &path, &error))?;
    lock.lock().map_err(|error| Failure::io("lock", &path, &error))?;
    Ok(lock)
}

/// Packs the kernel in `elf`, which has the name of its package.
pub fn from_elf(config: &Config, elf: PathBuf) -> Result<Kernel> {
    let bytes = read(&elf)?;
    let image = match packing::pack(&bytes).map_err(|why| not_a_kernel(&elf, why))? {
        None => elf.clone(),
        Some(packed) => {
            let image = elf.with_extension("Image");
            write(&image, &packed)?;
            image
        }
    };
    let initramfs = unpack_programs(&elf, &bytes)?;
    let is_it = |chapter: &Chapter| elf.ends_with(package_of(&chapter.folder));
    let chapter = config.chapters.iter().position(is_it);
    let sleeps = chapter.is_some_and(|index| config.sleeps(index));
    let has_shell = chapter.is_some_and(|index| config.has_shell(index));
    Ok(Kernel { elf, image, initramfs, sleeps, has_shell })
}

/// Writes the archive that `bytes`, the contents of `elf`, carries to a file beside it.
fn unpack_programs(elf: &Path, bytes: &[u8]) -> Result<Option<PathBuf>> {
    let Some(archive) = build_support::archive_in(bytes) else {
        return Ok(None);
    };
    let file = elf.with_extension("initramfs");
    write(&file, archive)?;
    Ok(Some(file))
}

/// The bytes of `file`.
pub fn read(file: &Path) -> Result<Vec<u8>> {
    std::fs::read(file).map_err(|error| Failure::io("read", file, &error))
}

/// Writes `bytes` to `file` all at once: whoever reads it meanwhile has the old bytes or the new.
pub fn write(file: &Path, bytes: &[u8]) -> Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let attempt = || {
        let mut new = tempfile::NamedTempFile::new_in(folder)?;
        new.write_all(bytes)?;
        new.persist(file).map_err(|refusal| refusal.error)?;
        Ok(())
    };
    attempt().map_err(|error: std::io::Error| Failure::io("write", file, &error))
}

/// `file` is no kernel of ours, because of `why`.
pub fn not_a_kernel(file: &Path, why: packing::PackError) -> Failure {
    Failure::usage(format!("{}: not a kernel: {why}", file.display()))
}

fn compile(workspace: &Workspace, recipe: Recipe, voice: Voice) -> Result<()> {
    let mut cargo = workspace.cargo_for_kernels(recipe.machine, "build");
    cargo.args(["--package", recipe.package]);
    if recipe.has_tests {
        cargo.args(["--features", "ktest"]);
    }
    if recipe.is_release {
        cargo.arg("--release");
    }
    let failed = |said: &str| {
        if watch::is_interrupted() {
            return Failure::silent(130);
        }
        let what = format!("{} for {} does not compile", recipe.package, recipe.arch);
        Failure::failed(if said.is_empty() { what } else { format!("{what}\n{said}") })
    };
    let no_cargo = |error: std::io::Error| Failure::failed(format!("cannot start cargo: {error}"));
    if voice == Voice::Aloud {
        let status = cargo.stdin(Stdio::null()).status().map_err(no_cargo)?;
        return if status.success() { Ok(()) } else { Err(failed("")) };
    }
    let output = cargo.arg("--quiet").stdin(Stdio::null()).output().map_err(no_cargo)?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() { Ok(()) } else { Err(failed(said.trim_end())) }
}
