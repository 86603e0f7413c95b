//! Tests the book as its readers see it: built by `make book`, and opened in a browser.
//!
//! What looks at it are the scripts in `common/booktool/browser`, which Playwright runs. They and
//! their libraries live in the target folder: the repository stays free of what npm installs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anstream::adapter::strip_str;
use serde_json::Value;

use super::commands::{contains, text, tutor};
use super::outcome::Tested;
use crate::book;
use crate::doctor::find_chromium;
use crate::failure::{Failure, Result};
use crate::inherit;
use crate::workspace::Workspace;

/// The name of these tests.
pub const TITLE: &str = "the book, in a browser";

/// The scripts, from the root of the repository.
const SCRIPTS: &str = "common/booktool/browser";

/// Where it is noted which libraries are installed, in the folder that the tests run in.
const INSTALLED: &str = "installed.json";

/// Builds the book, and opens it.
pub fn run(workspace: &Workspace) -> Result<Vec<Tested>> {
    let built = build(workspace);
    if !built.has_passed() {
        return Ok(vec![built]);
    }
    let folder = workspace.target_folder().join("strata").join("browser");
    copy(&workspace.root.join(SCRIPTS), &folder)?;
    install(&folder)?;
    let tests = playwright(&folder, &workspace.root.join(book::FOLDER))?;
    Ok([vec![built], tests].concat())
}

fn build(workspace: &Workspace) -> Tested {
    let result = tutor(workspace, &["book", "pdf=1"], &[]).and_then(|output| {
        if !output.status.success() {
            return Err(text(&output));
        }
        let is_pdf = |bytes: Vec<u8>| bytes.starts_with(b"%PDF-");
        if !fs::read(workspace.root.join(book::PDF)).is_ok_and(is_pdf) {
            return Err(format!("{} is no PDF", book::PDF));
        }
        contains(&text(&output), &["book/book/index.html in ", book::PDF])
    });
    Tested::from_result("make book builds the book, and says where it is", result)
}

/// Makes the scripts in `to` the same as those in `from`.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).map_err(|error| Failure::io("create", to, &error))?;
    for file in files(to)?.iter().filter(|file| file.extension().is_some_and(|it| it == "js")) {
        fs::remove_file(file).map_err(|error| Failure::io("remove", file, &error))?;
    }
    for file in files(from)? {
        let copy = to.join(file.file_name().unwrap_or_default());
        fs::copy(&file, &copy).map_err(|error| Failure::io("write", &copy, &error))?;
    }
    Ok(())
}

/// The files in `folder`, but for those in folders below it.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|error| Failure::io("read", folder, &error))?;
    Ok(entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect())
}

/// Installs the libraries that the lock file in `folder` names, unless they are.
fn install(folder: &Path) -> Result<()> {
    let (lock, note) = (folder.join("package-lock.json"), folder.join(INSTALLED));
    let wanted = fs::read(&lock).map_err(|error| Failure::io("read", &lock, &error))?;
    if fs::read(&note).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    let output = output(npm.current_dir(folder))?;
    if !output.status.success() {
        let said = text(&output);
        return Err(Failure::failed(format!("npm cannot install the tests' libraries:\n{said}")));
    }
    fs::write(&note, wanted).map_err(|error| Failure::io("write", &note, &error))
}

/// Runs the scripts in `folder` on the book in `book`.
fn playwright(folder: &Path, book: &Path) -> Result<Vec<Tested>> {
    let chromium = find_chromium().unwrap_or_default();
    let mut node = Command::new("node");
    node.args(["node_modules/@playwright/test/cli.js", "test", "--reporter=json"]);
    node.env("STRATA_BOOK", book).env("STRATA_CHROMIUM", chromium).env("NO_COLOR", "1");
    let output = output(node.env_remove("FORCE_COLOR").current_dir(folder))?;
    let Ok(report) = serde_json::from_slice::<Value>(&output.stdout) else {
        return Err(Failure::failed(format!("Playwright gives no report:\n{}", text(&output))));
    };
    match read(&report) {
        Ok(tests) if tests.is_empty() => Err(Failure::failed("Playwright ran no test")),
        tests => tests.map_err(Failure::failed),
    }
}

fn output(command: &mut Command) -> Result<Output> {
    inherit::pass_on(command, &[]);
    let output = command.stdin(Stdio::null()).output();
    output.map_err(|error| Failure::failed(format!("cannot start {command:?}: {error}")))
}

/// The tests in Playwright's report, or what kept it from running them.
fn read(report: &Value) -> std::result::Result<Vec<Tested>, String> {
    match list(&report["errors"]) {
        [] => Ok(list(&report["suites"]).iter().flat_map(of_suite).collect()),
        errors => Err(errors.iter().map(message).collect::<Vec<_>>().join("\n")),
    }
}

/// The tests of `suite` and of those in it: one is a file or what `describe` has put together.
fn of_suite(suite: &Value) -> Vec<Tested> {
    let own = list(&suite["specs"]).iter().map(of_spec);
    own.chain(list(&suite["suites"]).iter().flat_map(of_suite)).collect()
}

fn of_spec(spec: &Value) -> Tested {
    let name = spec["title"].as_str().unwrap_or_default();
    if spec["ok"] == true {
        return Tested::passed(name);
    }
    let results = list(&spec["tests"]).iter().flat_map(|test| list(&test["results"]));
    let errors = results.flat_map(|result| list(&result["errors"]));
    Tested::failed(name, errors.map(message).collect::<Vec<_>>().join("\n"))
}

/// What `error` says, without colours and the part of the script in which it came up.
fn message(error: &Value) -> String {
    let said = error["message"].as_str().unwrap_or("no reason given");
    let said = strip_str(said).to_string();
    let lines = said.lines().take_while(|line| !is_script(line));
    lines.filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n")
}

/// Whether `line` is one such as `> 12 |     expect(…)`, or `    at pages.test.js:12:9`.
fn is_script(line: &str) -> bool {
    let rest = line.trim_start_matches(['>', ' ']);
    let rest = rest.trim_start_matches(|character: char| character.is_ascii_digit());
    rest.starts_with(" |") || line.trim_start().starts_with("at ")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = r#"{"errors": [], "suites": [{"specs": [{"title": "opens", "ok": true}],
        "suites": [{"specs": [{"title": "fits", "ok": false, "tests": [{"results": [
            {"errors": [
            {"message": "\u001b[31mtoo wide\u001b[39m\n\n  by 3 | 4\n  11 | f()\n> 12 | expect"},
            {"message": "timeout\n    at a.js:12"}]}
        ]}]}]}]}]}"#;

    #[test]
    fn each_specification_is_a_test() {
        let report = serde_json::from_str(REPORT).expect("it is JSON");
        let expected =
            vec![Tested::passed("opens"), Tested::failed("fits", "too wide\n  by 3 | 4\ntimeout")];
        assert_eq!(read(&report), Ok(expected));
    }

    #[test]
    fn what_keeps_tests_from_running_is_told() {
        let report = r#"{"errors": [{"message": "no page has it"}], "suites": []}"#;
        let report = serde_json::from_str(report).expect("it is JSON");
        assert_eq!(read(&report), Err("no page has it".into()));
    }

    #[test]
    fn scripts_that_are_gone_are_not_run_again() {
        let (from, to) = [(); 2].map(|()| tempfile::tempdir().expect("there is room")).into();
        fs::write(from.path().join("new.test.js"), "new").expect("it is ours");
        fs::write(to.path().join("old.test.js"), "old").expect("it is ours");
        fs::create_dir(to.path().join("node_modules")).expect("it is ours");
        copy(from.path(), to.path()).expect("both are there");
        assert_eq!(files(to.path()), Ok(vec![to.path().join("new.test.js")]));
        assert!(to.path().join("node_modules").is_dir());
    }
}
