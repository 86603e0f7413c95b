//! Tests of which Rust is chosen, and what it is told.

use std::ffi::OsStr;
use std::fs;

use super::*;

const TARGETS: [&str; 2] = ["aarch64-unknown-none-softfloat", "x86_64-unknown-none"];

fn with(core: CoreLibrary, folder: Option<&str>) -> Toolchain {
    let targets = TARGETS.map(String::from).to_vec();
    let folder = folder.map(PathBuf::from);
    Toolchain { folder, sysroot: "/usr".into(), core, commit: None, targets }
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
    assert_eq!(cargo.get_args().count(), 0);
    assert!(cargo.get_envs().all(|(_, value)| value.is_none()), "nothing is set");
    let mut removed = cargo.get_envs().map(|(name, _)| name);
    assert!(removed.any(|name| name == "CARGO_TARGET_X86_64_UNKNOWN_NONE_RUSTFLAGS"));
    assert!(toolchain.hint().is_none() && toolchain.builds_kernels());
}

#[test]
fn sources_beside_the_library_change_no_kernel() {
    let version = "rustc 1.95.0\nbinary: rustc\ncommit-hash: 598076\nhost: x\n";
    let toolchain = |sysroot: &str| Toolchain {
        sysroot: sysroot.into(),
        commit: commit(version),
        ..with(CoreLibrary::ReadyMade, None)
    };
    let mut cargo = toolchain("/usr").cargo();
    toolchain("/usr").build_kernels(&mut cargo);
    let flags = variable(&cargo, "CARGO_TARGET_X86_64_UNKNOWN_NONE_RUSTFLAGS");
    let expected = "--remap-path-prefix=/usr/lib/rustlib/src/rust=/rustc/598076";
    assert_eq!(flags, Some(OsStr::new(expected)));
    assert_eq!(cargo.get_envs().count(), 2, "one for each target");
    assert_eq!(toolchain("/my home").place_of_sources(), None);
    assert_eq!(commit("commit-hash: unknown\n"), None);
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
