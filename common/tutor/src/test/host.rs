//! What is tested on this computer without a kernel.

use std::process::Stdio;

use crate::booktool;
use crate::check;
use crate::debug;
use crate::failure::{Failure, Result};
use crate::watch;
use crate::workspace::Workspace;

use super::outcome::Tested;

/// Packages with tests of their own.
const PACKAGES: &[&str] = &[
    "booktool",
    "build-support",
    "chapter-diff",
    "host-tests",
    "ktest",
    "pictures",
    "tutor",
    "workshop",
];

/// Runs the tests of the packages that run here, those with `only` in their name.
pub fn run(workspace: &Workspace, only: &str) -> Result<Vec<Tested>> {
    let mut cargo = workspace.cargo();
    cargo
        .env_remove("RUST_BACKTRACE")
        .arg("test")
        .args(PACKAGES.iter().flat_map(|name| ["--package", name]))
        .arg("--no-fail-fast");
    let output = cargo
        .args(["--", only])
        .output()
        .map_err(|error| Failure::failed(format!("cannot start cargo: {error}")))?;
    let said = String::from_utf8_lossy(&output.stdout);
    let tests = tests_in(&said);
    if !output.status.success() && tests.iter().all(Tested::has_passed) {
        return Err(Failure::failed(String::from_utf8_lossy(&output.stderr).trim_end()));
    }
    Ok(tests)
}

/// The tests that `output` tells of, as `cargo test` prints it.
pub fn tests_in(output: &str) -> Vec<Tested> {
    output.lines().filter_map(|line| parse(line, output)).collect()
}

/// Reads a line such as `test settings::tests::known ... ok` of `output`.
pub fn parse(line: &str, output: &str) -> Option<Tested> {
    let (name, verdict) = line.strip_prefix("test ")?.rsplit_once(" ... ")?;
    match verdict {
        "ok" => Some(Tested::passed(name)),
        "ignored" => Some(Tested::skipped(name, "marked as ignored")),
        _ => Some(Tested::failed(name, last_words(name, output))),
    }
}

/// What the failed test `name` printed.
fn last_words(name: &str, output: &str) -> String {
    let start = format!("---- {name} stdout ----");
    let words = output.split_once(&start).map_or("", |(_, words)| words);
    words
        .lines()
        .skip(1)
        .take_while(|line| !line.starts_with("----"))
        .take(20)
        .fold(String::new(), |text, line| text + line + "\n")
}

/// Runs what `make check` runs, a test each.
pub fn check(workspace: &Workspace) -> Vec<Tested> {
    let checks = check::checks(workspace);
    let wanted = checks.iter().take_while(|_| !watch::is_interrupted());
    wanted.map(|check| Tested::from_result(&check.name, check.run())).collect()
}

/// Records the picture of a first run again, and compares it with the one in the book.
pub fn picture(workspace: &Workspace) -> Vec<Tested> {
    let name = "the book's picture is what a run prints";
    let mut cargo = booktool::command_of(workspace, "pictures", &["first-run", "--check"]);
    vec![match cargo.stdin(Stdio::null()).output() {
        Ok(output) if output.status.success() => Tested::passed(name),
        Ok(output) => Tested::failed(name, String::from_utf8_lossy(&output.stderr)),
        Err(error) => Tested::failed(name, format!("cannot start cargo: {error}")),
    }]
}

/// Lets the debugger stop the first chapter in `kmain`.
pub fn debugger(workspace: &Workspace, arch: &str) -> Tested {
    let name = "stops in kmain, with symbols";
    match debug::trial(workspace, 0, arch) {
        Ok(said) if said.contains("kmain") && said.contains("main.rs") => Tested::passed(name),
        Ok(said) => Tested::failed(name, said),
        Err(failure) => Tested::failed(name, failure.message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "running 2 tests
test good ... ok
test bad ... FAILED

failures:

---- bad stdout ----

thread 'bad' panicked at src/lib.rs:3:1:
six is not seven

failures:
    bad
";

    #[test]
    fn each_line_is_a_test() {
        let tests: Vec<Tested> = OUTPUT.lines().filter_map(|line| parse(line, OUTPUT)).collect();
        assert_eq!(tests.len(), 2);
        assert!(tests[0].has_passed());
        assert!(!tests[1].has_passed());
    }

    #[test]
    fn a_failed_test_has_its_last_words() {
        assert!(last_words("bad", OUTPUT).contains("six is not seven"));
    }
}
