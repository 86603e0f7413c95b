//! The self-test of nolibc, a C library of headers only that comes with Linux's sources.
//!
//! It asks for one call after the other and knows what each must answer. Its sources are in
//! Debian's package of Linux's. For this computer's processor the C compiler compiles it with which
//! Rust links; for another, one of Debian's does that is taken out of its packages and not
//! installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Foreign;
use super::cases::Reader;
use super::debian::{fetch, quietly};
use crate::doctor;
use crate::failure::Result;
use crate::program::Program;
use crate::test::oracle::Trial;
use crate::workspace::Workspace;

/// What Debian calls Linux's sources, and the folder in them.
const SOURCES: &str = "linux-source-6.1";

/// What is needed of them.
const PARTS: [&str; 2] = ["tools/include/nolibc", "tools/testing/selftests/nolibc"];

/// What compiles for aarch64 on another machine: a compiler, what it calls, and headers.
const COMPILER: &[&str] = &[
    "gcc-12-aarch64-linux-gnu",
    "cpp-12-aarch64-linux-gnu",
    "binutils-aarch64-linux-gnu",
    "libgcc-12-dev-arm64-cross",
    "libc6-dev-arm64-cross",
    "linux-libc-dev-arm64-cross",
];

/// As in the suite's own Makefile.
const FLAGS: &[&str] =
    &["-Os", "-fno-ident", "-fno-asynchronous-unwind-tables", "-s", "-nostdlib", "-static"];

/// The suite.
pub fn self_test(
    workspace: &Workspace,
    arch: &str,
) -> Result<std::result::Result<Vec<Foreign>, String>> {
    let file = match build(workspace, arch) {
        Ok(file) => file,
        Err(why) => return Ok(Err(why)),
    };
    let program = Program::read(&file.to_string_lossy(), arch)?;
    let trials = vec![Trial::new(&program.name, &[])];
    let cases = Some(Reader { read, is_long: false });
    Ok(Ok(vec![Foreign { program, trials, cases }]))
}

/// The case in a line such as `15 chmod_net = -1 EPERM   [FAIL]`.
fn read(line: &str) -> Option<(String, bool)> {
    let is_right = line.trim_end().ends_with("[OK]");
    if !is_right && !line.trim_end().ends_with("[FAIL]") {
        return None;
    }
    let mut words = line.split_ascii_whitespace();
    let number: u32 = words.next()?.parse().ok()?;
    Some((format!("nolibc: {} ({number})", words.next()?), is_right))
}

/// Compiles the suite, unless that has been done; the error says why it cannot be done here.
fn build(workspace: &Workspace, arch: &str) -> std::result::Result<PathBuf, String> {
    let folder = workspace.target_folder().join("strata/nolibc");
    let program = folder.join(arch).join("nolibc-test");
    if program.is_file() {
        return Ok(program);
    }
    let sources = sources(workspace, &folder)?;
    let mut compiler = compiler(workspace, arch)?;
    let in_words = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(folder.join(arch)).map_err(in_words)?;
    compiler.args(FLAGS).arg("-I").arg(sources.join(PARTS[0])).arg("-o").arg(&program);
    quietly(compiler.arg(sources.join(PARTS[1]).join("nolibc-test.c")).arg("-lgcc"))?;
    Ok(program)
}

/// The folder of Linux's sources, or of what of them is needed.
fn sources(workspace: &Workspace, folder: &Path) -> std::result::Result<PathBuf, String> {
    let sources = folder.join(SOURCES);
    if PARTS.iter().all(|part| sources.join(part).is_dir()) {
        return Ok(sources);
    }
    let own = std::env::consts::ARCH;
    let package = fetch(workspace, own, SOURCES, &[SOURCES])?;
    let archive = package.join(format!("usr/src/{SOURCES}.tar.xz"));
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut tar = Command::new("tar");
    tar.arg("-xJf").arg(&archive).arg("-C").arg(folder);
    quietly(tar.args(PARTS.map(|part| format!("{SOURCES}/{part}"))))?;
    Ok(sources)
}

/// A C compiler for `arch`.
pub fn compiler(workspace: &Workspace, arch: &str) -> std::result::Result<Command, String> {
    if std::env::consts::ARCH == arch {
        let name = doctor::find_linker().ok_or("there is no C compiler: `make setup` gets one")?;
        return Ok(Command::new(name));
    }
    if (std::env::consts::ARCH, arch) != ("x86_64", "aarch64") {
        return Err(format!("there is no C compiler for {arch} that this computer can run"));
    }
    let files = fetch(workspace, std::env::consts::ARCH, "compiler-aarch64", COMPILER)?;
    let mut compiler = Command::new(files.join("usr/bin/aarch64-linux-gnu-gcc-12"));
    // The assembler and the linker have libraries of their own.
    compiler.env("LD_LIBRARY_PATH", files.join("usr/lib/x86_64-linux-gnu"));
    compiler.arg("-isystem").arg(files.join("usr/aarch64-linux-gnu/include"));
    Ok(compiler)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_are_read() {
        let case = |name: &str, is_right| Some((name.to_string(), is_right));
        assert_eq!(read("0 getpid = 1   [OK]"), case("nolibc: getpid (0)", true));
        let line = "45 lseek_0 = 0 EBADF  != (-1 ESPIPE)    [FAIL]";
        assert_eq!(read(line), case("nolibc: lseek_0 (45)", false));
        assert_eq!(read("Running test 'syscall'"), None);
        assert_eq!(read("Errors during this test: 4"), None);
    }
}
