//! Programs with Rust's standard library, and with musl's C library.
//!
//! Their sources are the package `common/foreign-programs`. For targets of musl, rustup has the C
//! library and its start files beside Rust's own, and Rust has a linker: no C compiler is needed.

use std::process::{Command, Stdio};

use super::Foreign;
use crate::doctor;
use crate::failure::{Failure, Result};
use crate::program::Program;
use crate::test::oracle::Trial;
use crate::workspace::Workspace;

/// The package of the programs.
const PACKAGE: &str = "foreign-programs";

/// What makes a static program of musl's parts that come with Rust.
const FLAGS: &str = "-Clinker-flavor=ld.lld -Clink-self-contained=yes -Ctarget-feature=+crt-static";

/// Text to read: lines that come again, an empty one, and no line feed at the end.
const INPUT: &[u8] = b"pear\napple\npear\n\nquince";

/// Programs with Rust's standard library.
pub fn with_std(
    workspace: &Workspace,
    arch: &str,
) -> Result<std::result::Result<Vec<Foreign>, String>> {
    let programs: &[(&str, &[&str])] =
        &[("std_basics", &["a", "b c", ""]), ("std_threads", &[]), ("std_processes", &[])];
    build(workspace, arch, programs)
}

/// Programs with nothing but musl.
pub fn with_musl(
    workspace: &Workspace,
    arch: &str,
) -> Result<std::result::Result<Vec<Foreign>, String>> {
    build(workspace, arch, &[("musl_stdio", &["a", "b c"])])
}

/// Has `cargo` link programs for `target`, one of musl's, with what comes with Rust.
pub(super) fn link_with_musl(cargo: &mut Command, target: &str) {
    cargo.env(doctor::variable_of(target, "LINKER"), "rust-lld");
    cargo.env(doctor::variable_of(target, "RUSTFLAGS"), FLAGS);
}

/// Builds `programs`, each to be tried with its arguments.
fn build(
    workspace: &Workspace,
    arch: &str,
    programs: &[(&str, &[&str])],
) -> Result<std::result::Result<Vec<Foreign>, String>> {
    let target = doctor::musl_target(arch);
    if let Err(why) = doctor::add_target(workspace, &target) {
        return Ok(Err(why));
    }
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--quiet", "--release", "--package", PACKAGE, "--target", &target]);
    link_with_musl(&mut cargo, &target);
    let output = cargo.stdin(Stdio::null()).output();
    let output = output.map_err(|error| Failure::failed(format!("cannot start cargo: {error}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::failed(format!("{PACKAGE} for {target} does not compile\n{said}")));
    }
    let folder = workspace.target_folder().join(&target).join("release");
    let foreign = |(name, arguments): &(&str, &[&str])| {
        let program = Program::read(&folder.join(name).to_string_lossy(), arch)?;
        let trials = vec![Trial::new(name, arguments).reading(INPUT)];
        Ok(Foreign { program, trials, cases: None })
    };
    programs.iter().map(foreign).collect::<Result<_>>().map(Ok)
}
