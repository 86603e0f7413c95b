//! Programs in C, with musl's C library as Debian has it.
//!
//! Their sources are in `common/foreign-programs/c`, and use what most of C's programs use: streams
//! and memory, files and folders, processes and shells, threads. Debian has the library for both
//! machines, and for each a compiler that this computer can run (`nolibc.rs`).

use std::fs;
use std::path::Path;

use super::Foreign;
use super::debian::{fetch, quietly};
use super::nolibc::compiler;
use crate::failure::Result;
use crate::program::Program;
use crate::test::oracle::Trial;
use crate::workspace::Workspace;

/// Where the sources are.
const FOLDER: &str = "common/foreign-programs/c";

/// The package of the library, with its headers and start files.
const LIBRARY: &str = "musl-dev";

/// The programs, each with its arguments.
const PROGRAMS: &[(&str, &[&str])] =
    &[("stdio", &["a", "b c"]), ("files", &[]), ("processes", &[]), ("threads", &[])];

/// Text to read: lines of several lengths, an empty one, and no line feed at the end.
const INPUT: &[u8] = b"pear\napple\n\na line that is longer\nquince";

/// None of the compiler's own library, headers and start files: it may be made for another one.
const FLAGS: &[&str] =
    &["-std=c11", "-D_GNU_SOURCE", "-O1", "-nostdinc", "-nostdlib", "-static", "-no-pie"];

/// The programs, for `arch`; the inner error is why they cannot be had here.
pub fn programs(
    workspace: &Workspace,
    arch: &str,
) -> Result<std::result::Result<Vec<Foreign>, String>> {
    let folder = workspace.target_folder().join("strata/in-c").join(arch);
    let mut programs = Vec::new();
    for (name, arguments) in PROGRAMS {
        let file = folder.join(format!("c_{name}"));
        if let Err(why) = build(workspace, arch, name, &file) {
            return Ok(Err(why));
        }
        let program = Program::read(&file.to_string_lossy(), arch)?;
        let trials = vec![Trial::new(&program.name, arguments).reading(INPUT)];
        programs.push(Foreign { program, trials, cases: None });
    }
    Ok(Ok(programs))
}

/// Compiles `name` to `file`; the error says why that cannot be done here.
fn build(
    workspace: &Workspace,
    arch: &str,
    name: &str,
    file: &Path,
) -> std::result::Result<(), String> {
    let musl = fetch(workspace, arch, "musl", &[LIBRARY])?;
    let triple = format!("{arch}-linux-musl");
    let library = musl.join("usr/lib").join(&triple);
    let mut compiler = compiler(workspace, arch)?;
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    compiler.args(FLAGS).arg("-I").arg(musl.join("usr/include").join(&triple));
    compiler.args(["crt1.o", "crti.o"].map(|part| library.join(part)));
    compiler.arg(workspace.root.join(FOLDER).join(format!("{name}.c")));
    // Each of the two libraries needs the other.
    compiler.arg("-Wl,--start-group").arg(library.join("libc.a")).arg("-lgcc");
    compiler.arg("-Wl,--end-group").arg(library.join("crtn.o")).arg("-o").arg(file);
    quietly(&mut compiler)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_is_a_program() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let entries = fs::read_dir(root.join(FOLDER)).expect("the folder is there").flatten();
        let mut found: Vec<String> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        found.sort();
        let mut listed: Vec<String> =
            PROGRAMS.iter().map(|(name, _)| format!("{name}.c")).collect();
        listed.sort();
        assert_eq!(found, listed);
    }
}
