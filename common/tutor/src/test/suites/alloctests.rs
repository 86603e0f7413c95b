//! The tests of Rust's `alloc` library, by those who make it.
//!
//! They come with the library's sources, and are for the compiler of the same release, which lets
//! them use what is not stable if `RUSTC_BOOTSTRAP` says so. They are programs that run their tests
//! in threads and tell of each. One that takes the kernel down takes along what comes behind it, so
//! each boot has a part of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;

use super::super::oracle::Trial;
use super::cases::Reader;
use super::foreign::link_with_musl;
use super::{Foreign, asked};
use crate::doctor;
use crate::failure::Result;
use crate::program::Program;
use crate::workspace::Workspace;

/// The package, in the folder of the library's sources.
const PACKAGE: &str = "alloctests";

/// Its programs: what Cargo is asked for, and what each is called here.
const PROGRAMS: [(&[&str], &str); 3] = [
    (&["--lib"], "alloc_inside"),
    (&["--test", "alloctests"], "alloc_outside"),
    (&["--test", "vec_deque_alloc_error"], "alloc_error"),
];

/// So many threads have tests at once.
const THREADS: &str = "--test-threads=2";

/// So many tests are for one boot.
const AT_ONCE: usize = 200;

/// The suite.
pub fn alloctests(
    workspace: &Workspace,
    arch: &str,
) -> Result<std::result::Result<Vec<Foreign>, String>> {
    let mut suite = Vec::new();
    for (words, name) in PROGRAMS {
        let file = match build(workspace, arch, words, name) {
            Ok(file) => file,
            Err(why) => return Ok(Err(why)),
        };
        let program = Program::read(&file.to_string_lossy(), arch)?;
        let tests = match tests_of(&program, arch)? {
            Ok(tests) => tests,
            Err(why) => return Ok(Err(why)),
        };
        let trials = tests.chunks(AT_ONCE).map(|tests| trial(name, tests)).collect();
        suite.push(Foreign { program, trials, cases: Some(Reader { read, is_long: true }) });
    }
    Ok(Ok(suite))
}

/// The program called `name`, with `tests` to run.
fn trial(name: &str, tests: &[String]) -> Trial {
    let words = [THREADS, "--exact"].into_iter().chain(tests.iter().map(String::as_str));
    Trial::new(name, &words.collect::<Vec<_>>())
}

/// The verdict in a line such as `test vec::test_drop ... ok`.
fn read(line: &str) -> Option<(String, bool)> {
    let (name, verdict) = line.strip_prefix("test ")?.split_once(" ... ")?;
    let name = name.strip_suffix(" - should panic").unwrap_or(name);
    let is_right = match verdict.trim_end() {
        "ok" => true,
        "FAILED" => false,
        _ => return None,
    };
    Some((format!("{PACKAGE}: {name}"), is_right))
}

/// The names of the tests in `program`, which says them itself.
fn tests_of(program: &Program, arch: &str) -> Result<std::result::Result<Vec<String>, String>> {
    let listed = asked(program, arch, &["--list", "--format=terse"])?;
    let names = |said: String| {
        said.lines().filter_map(|line| line.strip_suffix(": test")).map(String::from).collect()
    };
    Ok(listed.map(names))
}

/// Compiles the program that Cargo knows by `words`, unless that has been done; the error says why
/// it cannot be done here.
fn build(
    workspace: &Workspace,
    arch: &str,
    words: &[&str],
    name: &str,
) -> std::result::Result<PathBuf, String> {
    let folder = workspace.target_folder().join("strata").join(PACKAGE);
    let program = folder.join(arch).join(name);
    if program.is_file() {
        return Ok(program);
    }
    let sources = doctor::library_sources(workspace)?;
    let target = doctor::musl_target(arch);
    doctor::add_target(workspace, &target)?;
    let mut cargo = workspace.cargo();
    cargo.args(["test", "--no-run", "--release", "--quiet", "--message-format=json"]);
    cargo.args(words).args(["--target", &target, "--target-dir"]).arg(folder.join("target"));
    cargo.arg("--manifest-path").arg(sources.join(PACKAGE).join("Cargo.toml"));
    cargo.env("RUSTC_BOOTSTRAP", "1");
    link_with_musl(&mut cargo, &target);
    let output = cargo.stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("cannot start cargo: {error}"))?;
    let said = String::from_utf8_lossy(&output.stdout);
    let built = said.lines().rev().find_map(executable);
    let Some(built) = built.filter(|_| output.status.success()) else {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{PACKAGE} for {target} does not compile\n{said}"));
    };
    copy(Path::new(&built), &program).map_err(|error| format!("{}: {error}", program.display()))?;
    Ok(program)
}

/// The program that Cargo says in `line` it has built, if that is what it says.
fn executable(line: &str) -> Option<String> {
    let message: Value = serde_json::from_str(line).ok()?;
    message["executable"].as_str().map(String::from)
}

/// Copies the file `from`, also if there is no folder for it yet.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    to.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::copy(from, to).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_are_read() {
        let case = |name: &str, is_right| Some((format!("alloctests: {name}"), is_right));
        assert_eq!(read("test vec::test_drop ... ok"), case("vec::test_drop", true));
        assert_eq!(read("test a::b - should panic ... FAILED"), case("a::b", false));
        assert_eq!(read("test a::b ... ignored"), None);
        assert_eq!(read("test result: ok. 1 passed; 0 failed"), None);
    }

    #[test]
    fn programs_are_found_in_what_cargo_says() {
        let line = r#"{"reason":"compiler-artifact","executable":"/t/alloctests-1"}"#;
        assert_eq!(executable(line).as_deref(), Some("/t/alloctests-1"));
        assert_eq!(executable(r#"{"reason":"compiler-artifact","executable":null}"#), None);
        assert_eq!(executable("words"), None);
    }
}
