//! Which Rust builds the kernels, and how.
//!
//! The usual one comes from rustup and has the core library ready-made for each bare-metal target.
//! Where rustup cannot download these, a distribution's Rust does as well, if its sources are
//! there: Cargo then builds the core library itself, once for each target. That option of Cargo is
//! not stable yet, and `RUSTC_BOOTSTRAP` is what lets a stable Cargo take it; the kernels
//! themselves use nothing that is not stable.
//!
//! Where the ready-made library has its sources beside it, as editors like it, the compiler writes
//! their place on this computer into panics. It is told to write what it writes without: a kernel
//! is the same, byte for byte, with them beside the library or not.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::probe;
use super::version::Version;
use crate::workspace::Workspace;

/// What lets a kernel be built with a core library from source. The core library is optimised, as
/// the ready-made one is.
const FROM_SOURCE: [&str; 8] = [
    "-Zbuild-std=core,alloc",
    "-Zbuild-std-features=compiler-builtins-mem",
    "--config",
    "profile.dev.package.core.opt-level=3",
    "--config",
    "profile.dev.package.alloc.opt-level=3",
    "--config",
    "profile.dev.package.compiler_builtins.opt-level=3",
];

/// A Rust to build with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toolchain {
    /// The folder of its programs, where that is not what `PATH` finds first.
    folder: Option<PathBuf>,
    /// Its libraries are below `lib/rustlib` of this folder.
    sysroot: PathBuf,
    core: CoreLibrary,
    /// The compiler's commit, if it is asked for: where the library is ready-made and has sources.
    commit: Option<String>,
    /// The bare-metal targets.
    targets: Vec<String>,
}

/// Where a kernel's core library comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CoreLibrary {
    ReadyMade,
    FromSource,
    Missing,
}

/// The Rust that builds the kernels of `workspace`: the first in `PATH` if it has their targets,
/// else one with sources.
pub fn toolchain(workspace: &Workspace) -> Toolchain {
    let of = |folder| Toolchain::examine(workspace, folder);
    let usual = of(None);
    if usual.core == CoreLibrary::ReadyMade {
        return usual;
    }
    let from_source = |found: &Toolchain| found.core == CoreLibrary::FromSource;
    // rustup's programs come before the distribution's in PATH.
    let other = || Some(of(Some("/usr/bin".into()))).filter(from_source);
    if from_source(&usual) { usual } else { other().unwrap_or(usual) }
}

impl Toolchain {
    /// The Rust in `folder`, or the first in `PATH`.
    fn examine(workspace: &Workspace, folder: Option<PathBuf>) -> Self {
        let rustc = folder.as_ref().map_or("rustc".into(), |folder| folder.join("rustc"));
        let ask = |words: &[&str]| {
            let mut rustc = Command::new(&rustc);
            rustc.current_dir(&workspace.root).args(words);
            probe::output(rustc.env("RUSTUP_AUTO_INSTALL", "0")).unwrap_or_default()
        };
        let sysroot = PathBuf::from(ask(&["--print", "sysroot"]).trim_end());
        let machines = workspace.config.machines.values();
        let targets: Vec<String> = machines.map(|machine| machine.target.clone()).collect();
        let linker = probe::find("ld.lld").is_some();
        let core = match () {
            () if absent(&sysroot, &targets).is_empty() => CoreLibrary::ReadyMade,
            () if linker && has_sources(&sysroot) => CoreLibrary::FromSource,
            () => CoreLibrary::Missing,
        };
        let has_both = core == CoreLibrary::ReadyMade && has_sources(&sysroot);
        let commit = has_both.then(|| commit(&ask(&["-vV"]))).flatten();
        Self { folder, sysroot, core, commit, targets }
    }

    /// Whether kernels can be built with it.
    pub fn builds_kernels(&self) -> bool {
        self.core != CoreLibrary::Missing
    }

    /// Whether it has `program`, such as `cargo-clippy`.
    pub fn has_program(&self, program: &str) -> bool {
        self.sysroot.join("bin").join(program).is_file()
    }

    /// Whether rustup put it there and can add to it.
    pub fn is_from_rustup(&self) -> bool {
        let parent = self.sysroot.parent().and_then(Path::file_name);
        parent.is_some_and(|name| name == "toolchains") && probe::find("rustup").is_some()
    }

    /// The targets for which it has no core library.
    pub fn absent_targets(&self) -> Vec<String> {
        absent(&self.sysroot, &self.targets)
    }

    /// The targets of musl, one for each machine, that it does not have and can get.
    pub fn absent_musl(&self) -> Vec<String> {
        if self.is_from_rustup() { absent(&self.sysroot, &self.musl_targets()) } else { Vec::new() }
    }

    /// Whether it has all targets of musl that it can have: one that is not rustup's has none.
    pub fn has_all_of_musl(&self) -> bool {
        self.absent_musl().is_empty()
    }

    /// Where programs with musl come from, in words.
    pub fn musl_library(&self) -> String {
        match absent(&self.sysroot, &self.musl_targets()) {
            absent if absent.is_empty() => "installed".into(),
            absent => format!("none for {}", absent.join(", ")),
        }
    }

    /// The targets of musl, one for each machine.
    fn musl_targets(&self) -> Vec<String> {
        let arches = self.targets.iter().filter_map(|target| target.split('-').next());
        arches.map(musl_target).collect()
    }

    /// Whether it has a ready-made library for `target`.
    pub fn has_target(&self, target: &str) -> bool {
        absent(&self.sysroot, &[target.to_string()]).is_empty()
    }

    /// Where the sources of the library are, or would be.
    pub fn library_sources(&self) -> PathBuf {
        self.sysroot.join("lib/rustlib/src/rust/library")
    }

    /// Where a kernel's core library comes from, in words.
    pub fn core_library(&self) -> String {
        match self.core {
            CoreLibrary::ReadyMade => "installed".into(),
            CoreLibrary::FromSource => "built from source".into(),
            CoreLibrary::Missing => format!("none for {}", self.absent_targets().join(", ")),
        }
    }

    /// What a reader should know about it, if it is not the usual one.
    pub fn hint(&self) -> Option<String> {
        (self.core == CoreLibrary::FromSource).then(|| {
            let sysroot = self.sysroot.display();
            format!("kernels are built with the Rust in {sysroot} and its core library from source")
        })
    }

    /// Cargo.
    pub fn cargo(&self) -> Command {
        let Some(folder) = &self.folder else {
            return Command::new("cargo");
        };
        let mut cargo = Command::new(folder.join("cargo"));
        // Cargo finds its compiler, formatter and linter there.
        cargo.env("PATH", path_starting_with(folder));
        cargo
    }

    /// The version of its Cargo, which is also that of its compiler.
    pub fn version(&self, workspace: &Workspace) -> Option<Version> {
        Version::parse(&probe::output(self.cargo().arg("--version").current_dir(&workspace.root))?)
    }

    /// Adds to `cargo`, which has its subcommand already, what kernels need to be built.
    pub fn build_kernels(&self, cargo: &mut Command) {
        let flag = self.place_of_sources();
        for target in &self.targets {
            let name = variable_of(target, "RUSTFLAGS");
            // A reader's own would go on to the programs inside.
            match &flag {
                Some(flag) => cargo.env(name, flag),
                None => cargo.env_remove(name),
            };
        }
        if self.core != CoreLibrary::FromSource {
            return;
        }
        cargo.args(FROM_SOURCE).env("RUSTC_BOOTSTRAP", "1");
        cargo.env(build_support::CARGO_WORDS, FROM_SOURCE.join(" "));
        // The core library of some versions uses what a later Rust will refuse: not a reader's
        // concern.
        cargo.env("CARGO_FUTURE_INCOMPAT_REPORT_FREQUENCY", "never");
        for target in &self.targets {
            cargo.env(variable_of(target, "LINKER"), "ld.lld");
        }
    }

    /// The compiler's flag that has it name the library's sources as it names those that are not
    /// there. Cargo takes flags apart at blanks, so a folder with one stays as it is.
    fn place_of_sources(&self) -> Option<String> {
        let commit = self.commit.as_ref()?;
        let here = self.sysroot.join("lib/rustlib/src/rust");
        let here = here.to_str().filter(|here| !here.contains([' ', '=']))?;
        Some(format!("--remap-path-prefix={here}=/rustc/{commit}"))
    }
}

/// The variable with which Cargo is told `what` for `target`.
pub fn variable_of(target: &str, what: &str) -> String {
    format!("CARGO_TARGET_{}_{what}", target.to_uppercase().replace('-', "_"))
}

/// The commit that a compiler which says `version` of itself was made from.
fn commit(version: &str) -> Option<String> {
    let line = version.lines().find_map(|line| line.strip_prefix("commit-hash: "))?;
    Some(line.trim_end().to_string()).filter(|commit| commit != "unknown")
}

/// The target of programs for Linux on `arch` that bring musl's C library along.
pub fn musl_target(arch: &str) -> String {
    format!("{arch}-unknown-linux-musl")
}

fn absent(sysroot: &Path, targets: &[String]) -> Vec<String> {
    let libraries = sysroot.join("lib/rustlib");
    let has = |target: &&String| libraries.join(target).join("lib").is_dir();
    targets.iter().filter(|target| !has(target)).cloned().collect()
}

fn has_sources(sysroot: &Path) -> bool {
    sysroot.join("lib/rustlib/src/rust/library/core/Cargo.toml").is_file()
}

fn path_starting_with(folder: &Path) -> OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder.to_path_buf()).chain(std::env::split_paths(&path));
    // A folder that came out of PATH can go back into it.
    std::env::join_paths(folders).unwrap_or(path)
}

#[cfg(test)]
mod tests;
