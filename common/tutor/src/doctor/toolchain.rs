//! Which Rust builds the kernels, and how.
//!
//! The usual one comes from rustup and has the core library ready-made for each bare-metal target.
//! Where rustup cannot download these, a distribution's Rust does as well, if its sources are
//! there: Cargo then builds the core library itself, once for each target. That option of Cargo is
//! not stable yet, and `RUSTC_BOOTSTRAP` is what lets a stable Cargo take it; the kernels
//! themselves use nothing that is not stable.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::probe;
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
        let mut rustc = Command::new(rustc);
        rustc.current_dir(&workspace.root).args(["--print", "sysroot"]);
        let sysroot = probe::output(rustc.env("RUSTUP_AUTO_INSTALL", "0")).unwrap_or_default();
        let sysroot = PathBuf::from(sysroot.trim_end());
        let machines = workspace.config.machines.values();
        let targets: Vec<String> = machines.map(|machine| machine.target.clone()).collect();
        let linker = probe::find("ld.lld").is_some();
        let core = match () {
            () if absent(&sysroot, &targets).is_empty() => CoreLibrary::ReadyMade,
            () if linker && has_sources(&sysroot) => CoreLibrary::FromSource,
            () => CoreLibrary::Missing,
        };
        Self { folder, sysroot, core, targets }
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

    /// Adds to `cargo`, which has its subcommand already, what kernels need to be built.
    pub fn build_kernels(&self, cargo: &mut Command) {
        if self.core != CoreLibrary::FromSource {
            return;
        }
        cargo.args(FROM_SOURCE).env("RUSTC_BOOTSTRAP", "1");
        cargo.env(build_support::CARGO_WORDS, FROM_SOURCE.join(" "));
        // The core library of some versions uses what a later Rust will refuse: not a reader's
        // concern.
        cargo.env("CARGO_FUTURE_INCOMPAT_REPORT_FREQUENCY", "never");
        for target in &self.targets {
            let target = target.to_uppercase().replace('-', "_");
            cargo.env(format!("CARGO_TARGET_{target}_LINKER"), "ld.lld");
        }
    }
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
mod tests {
    use std::ffi::OsStr;
    use std::fs;

    use super::*;

    const TARGETS: [&str; 2] = ["aarch64-unknown-none-softfloat", "x86_64-unknown-none"];

    fn with(core: CoreLibrary, folder: Option<&str>) -> Toolchain {
        let targets = TARGETS.map(String::from).to_vec();
        Toolchain { folder: folder.map(PathBuf::from), sysroot: "/usr".into(), core, targets }
    }

    fn variable<'a>(command: &'a Command, name: &str) -> Option<&'a OsStr> {
        command.get_envs().find(|(key, _)| *key == name).and_then(|(_, value)| value)
    }

    #[test]
    fn targets_without_a_library_are_absent() {
        let sysroot = tempfile::tempdir().expect("a folder for temporary files");
        let libraries = sysroot.path().join("lib/rustlib");
        fs::create_dir_all(libraries.join(TARGETS[0]).join("lib")).expect("it is ours");
        let targets = TARGETS.map(String::from);
        assert_eq!(absent(sysroot.path(), &targets), [TARGETS[1]]);
        assert!(!has_sources(sysroot.path()));
        let core = libraries.join("src/rust/library/core");
        fs::create_dir_all(&core).expect("it is ours");
        fs::write(core.join("Cargo.toml"), "").expect("it is ours");
        assert!(has_sources(sysroot.path()));
    }

    #[test]
    fn musl_is_for_every_machine_and_of_rustup() {
        let other = with(CoreLibrary::FromSource, Some("/usr/bin"));
        let expected = ["aarch64-unknown-linux-musl", "x86_64-unknown-linux-musl"];
        assert_eq!(other.musl_targets(), expected);
        assert!(other.has_all_of_musl(), "there is nothing that could be added");
        assert!(other.musl_library().starts_with("none for aarch64-unknown-linux-musl, x86_64"));
    }

    #[test]
    fn the_usual_toolchain_adds_nothing() {
        let toolchain = with(CoreLibrary::ReadyMade, None);
        let mut cargo = toolchain.cargo();
        toolchain.build_kernels(&mut cargo);
        assert_eq!(cargo.get_program(), "cargo");
        assert_eq!((cargo.get_args().count(), cargo.get_envs().count()), (0, 0));
        assert!(toolchain.hint().is_none() && toolchain.builds_kernels());
    }

    #[test]
    fn a_core_library_from_source_is_asked_for() {
        let toolchain = with(CoreLibrary::FromSource, Some("/usr/bin"));
        let mut cargo = toolchain.cargo();
        toolchain.build_kernels(&mut cargo);
        assert_eq!(cargo.get_program(), "/usr/bin/cargo");
        assert!(cargo.get_args().any(|argument| argument == "-Zbuild-std=core,alloc"));
        let linker = variable(&cargo, "CARGO_TARGET_AARCH64_UNKNOWN_NONE_SOFTFLOAT_LINKER");
        assert_eq!(linker, Some(OsStr::new("ld.lld")));
        let path = variable(&cargo, "PATH").expect("the folder is not the first in PATH");
        assert_eq!(std::env::split_paths(path).next(), Some("/usr/bin".into()));
        assert!(toolchain.hint().is_some() && toolchain.builds_kernels());
    }

    #[test]
    fn without_any_core_library_kernels_cannot_be_built() {
        assert!(!with(CoreLibrary::Missing, None).builds_kernels());
    }
}
