//! The three programs in C that scripts of the shell's suite run: they print their arguments or
//! their environment.

use std::fs;
use std::path::Path;

use super::super::Suite;
use super::super::debian::quietly;
use super::super::nolibc;

/// Their names; each is a file of C in the suite's folder.
const NAMES: [&str; 3] = ["printenv", "recho", "zecho"];

/// Compiles those whose sources are in `folder`, unless that has been done: their names and bytes.
pub fn build(suite: &Suite, folder: &Path) -> Result<Vec<(&'static str, Vec<u8>)>, String> {
    let place = suite.workspace.target_folder().join("strata/busybox").join(suite.arch);
    let in_words = |error: std::io::Error| format!("{}: {error}", place.display());
    fs::create_dir_all(&place).map_err(in_words)?;
    let mut programs = Vec::new();
    for name in NAMES {
        let program = place.join(name);
        if !program.is_file() {
            let mut compiler = nolibc::compiler(suite.workspace, suite.arch)?;
            compiler.args(["-O2", "-w", "-static", "-o"]).arg(&program);
            quietly(compiler.arg(folder.join(format!("{name}.c"))))?;
        }
        programs.push((name, fs::read(&program).map_err(in_words)?));
    }
    Ok(programs)
}
