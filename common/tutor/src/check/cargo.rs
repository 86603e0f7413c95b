//! What Cargo and its companions say: format, clippy, rustdoc, the lock file.
//!
//! Their messages are taken apart, so that every check speaks alike: place, what, advice; below it
//! their own words.

use std::collections::HashSet;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use super::finding::{Finding, Verdict, verdict};
use super::packages::{Package, packages};
use super::scope::Scope;

/// All code is formatted.
pub fn format(scope: Scope) -> Verdict {
    let mut cargo = scope.workspace.cargo();
    cargo.arg("fmt").args(selected(scope)?).arg("--check");
    let output = run(cargo)?;
    if output.status.success() {
        return Ok(());
    }
    let findings = unformatted(&scope.workspace.root, &text(&output.stdout));
    if findings.is_empty() { Err(vec![broken("cargo fmt", &output)]) } else { Err(findings) }
}

/// `Cargo.lock` names a version of every dependency.
pub fn lock_file(scope: Scope) -> Verdict {
    let mut cargo = scope.workspace.cargo();
    cargo.args(["metadata", "--locked", "--format-version", "1"]);
    let output = run(cargo)?;
    if output.status.success() {
        return Ok(());
    }
    let advice = "run `cargo metadata --format-version 1 > /dev/null`, and commit the file";
    let finding = Finding::new("Cargo.lock", "is not up to date", advice);
    verdict(vec![Finding { detail: text(&output.stderr), ..finding }])
}

/// Clippy has nothing to say about what runs on this computer, its tests included.
pub fn clippy_host(scope: Scope) -> Verdict {
    let mut cargo = scope.workspace.cargo();
    cargo.args(["clippy", "--all-targets"]);
    for package in packages(scope)?.iter().filter(|package| !package.is_kernel) {
        cargo.args(["--package", &package.name]);
    }
    verdict(said(cargo, "clippy")?)
}

/// Clippy has nothing to say about the kernels for `arch`, with and without their tests.
pub fn clippy_kernels(scope: Scope, arch: &str) -> Verdict {
    let mut findings = about_kernels(scope, arch, "clippy", &[], |_| true)?;
    let with_tests = ["--features", TESTS];
    findings.extend(about_kernels(scope, arch, "clippy", &with_tests, has_tests)?);
    verdict(once(findings))
}

/// Rustdoc has nothing to say about the pages of the kernels for `arch`, those of private items
/// included: each link leads somewhere, and what looks like a tag is one. No build would notice.
pub fn rustdoc_kernels(scope: Scope, arch: &str) -> Verdict {
    let private = ["--no-deps", "--document-private-items"];
    verdict(about_kernels(scope, arch, "doc", &private, has_tests)?)
}

/// The feature of a kernel with its tests, which no other package has.
const TESTS: &str = "ktest";

fn has_tests(package: &Package) -> bool {
    package.has_feature(TESTS)
}

/// What Cargo's `subcommand` with `options` says about those that `are_meant` of the kernels for
/// `arch` and their programs.
fn about_kernels(
    scope: Scope,
    arch: &str,
    subcommand: &str,
    options: &[&str],
    are_meant: fn(&Package) -> bool,
) -> Result<Vec<Finding>, Vec<Finding>> {
    let mut meant = packages(scope)?;
    meant.retain(|package| package.is_kernel && are_meant(package));
    if meant.is_empty() {
        return Ok(Vec::new());
    }
    let machine = &scope.workspace.config.machines[arch];
    let mut cargo = scope.workspace.cargo_for_kernels(machine, subcommand);
    cargo.args(meant.iter().flat_map(|package| ["--package", &package.name])).args(options);
    said(cargo, subcommand)
}

/// `findings`, without those whose like has been there: a file is looked at for each way to build
/// it.
fn once(findings: impl IntoIterator<Item = Finding>) -> Vec<Finding> {
    let mut seen = HashSet::new();
    let key = |one: &Finding| (one.file.clone(), one.line, one.what.clone());
    findings.into_iter().filter(|finding| seen.insert(key(finding))).collect()
}

/// What clippy or rustdoc says by Cargo's `subcommand`, warning or error alike. (Denied, a warning
/// would keep the packages behind it from being looked at.)
fn said(mut cargo: Command, subcommand: &str) -> Result<Vec<Finding>, Vec<Finding>> {
    cargo.args(["--message-format=json"]);
    let output = run(cargo)?;
    let findings = once(text(&output.stdout).lines().filter_map(diagnostic));
    if findings.is_empty() && !output.status.success() {
        return Err(vec![broken(&format!("cargo {subcommand}"), &output)]);
    }
    Ok(findings)
}

/// One line of what Cargo prints with `--message-format=json`, if it is about code.
fn diagnostic(line: &str) -> Option<Finding> {
    let value: Value = serde_json::from_str(line).ok()?;
    if value["reason"] != "compiler-message" {
        return None;
    }
    let message = &value["message"];
    let is_primary = |span: &&Value| span["is_primary"] == true;
    // Without a place it is the summary: so many errors.
    let span = message["spans"].as_array()?.iter().find(is_primary)?;
    let line = span["line_start"].as_u64().map(|line| line as usize);
    let finding = Finding::new(span["file_name"].as_str()?, message["message"].as_str()?, "");
    let detail = message["rendered"].as_str().unwrap_or_default().into();
    Some(Finding { detail, ..finding }.at(line))
}

/// What `cargo fmt --check` prints, as a finding for each file.
fn unformatted(root: &Path, printed: &str) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let places = printed.lines().filter_map(|line| line.strip_prefix("Diff in "));
    for (file, line) in places.filter_map(|place| place.trim_end_matches(':').rsplit_once(':')) {
        let file = Path::new(file).strip_prefix(root).unwrap_or(Path::new(file));
        let file = file.to_string_lossy();
        if findings.iter().all(|finding| finding.file != file) {
            let finding = Finding::new(file, "is not formatted", "run `cargo fmt --all`");
            findings.push(finding.at(line.parse::<usize>().ok()));
        }
    }
    findings
}

/// `what` did not do its work.
fn broken(what: &str, output: &Output) -> Finding {
    let said = text(&output.stderr);
    let advice = match said.contains("no such command") || said.contains("is not installed") {
        true => "install it: `rustup component add clippy rustfmt`",
        false => "",
    };
    Finding { detail: said, ..Finding::new("", format!("{what} does not work"), advice) }
}

/// The options that select the packages that are looked at.
fn selected(scope: Scope) -> Result<Vec<String>, Vec<Finding>> {
    if scope.chapter.is_none() {
        return Ok(vec!["--all".into()]);
    }
    let names = packages(scope)?.into_iter().map(|package| package.name);
    Ok(names.flat_map(|name| ["--package".into(), name]).collect())
}

/// Runs `command` to its end and keeps what it prints.
pub fn run(mut command: Command) -> Result<Output, Vec<Finding>> {
    let output = command.stdin(Stdio::null()).output();
    output.map_err(|error| vec![Finding::new("", format!("cannot start cargo: {error}"), "")])
}

/// What a program printed.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::sandbox::Sandbox;

    #[test]
    fn diagnostics_become_findings() {
        let line = r#"{"reason":"compiler-message","message":{
            "message":"unused","rendered":"warning: unused","spans":[
            {"file_name":"b.rs","is_primary":false,"line_start":1},
            {"file_name":"a.rs","is_primary":true,"line_start":7}]}}"#;
        let finding = diagnostic(&line.replace('\n', "")).expect("it has a place");
        assert_eq!((finding.file.as_str(), finding.line), ("a.rs", Some(7)));
        assert_eq!((finding.what.as_str(), finding.detail.as_str()), ("unused", "warning: unused"));
    }

    /// What rustdoc 1.95 says, cut.
    #[test]
    fn a_broken_link_in_a_page_becomes_a_finding() {
        let line = r#"{"reason":"compiler-message","target":{"kind":["bin"],"doc":true},"message":{
            "rendered":"warning: unresolved link to `x`","level":"warning",
            "code":{"code":"rustdoc::broken_intra_doc_links","explanation":null},
            "message":"unresolved link to `x`","children":[{"spans":[]}],"spans":[
            {"file_name":"a.rs","is_primary":true,"line_start":15,"label":"no item named `x`"}]}}"#;
        let finding = diagnostic(&line.replace('\n', "")).expect("it has a place");
        assert_eq!((finding.file.as_str(), finding.line), ("a.rs", Some(15)));
        assert_eq!(finding.what, "unresolved link to `x`");
    }

    #[test]
    fn only_kernels_have_pages_that_are_looked_at() {
        let manifest = "[workspace]\nmembers = [\"tool\"]\nresolver = \"3\"\n";
        let tool = "[package]\nname = \"tool\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
        let sandbox = Sandbox::new(&[
            ("Cargo.toml", manifest),
            ("tool/Cargo.toml", tool),
            ("tool/src/lib.rs", "//! Leads to [`nothing`].\n"),
            ("chapters/01-one/src/main.rs", ""),
        ]);
        let workspace = sandbox.workspace();
        let scope = Scope { workspace: &workspace, chapter: None };
        assert_eq!(rustdoc_kernels(scope, "x86_64"), Ok(()));
    }

    #[test]
    fn other_messages_do_not() {
        assert_eq!(diagnostic(r#"{"reason":"compiler-artifact"}"#), None);
        let summary = r#"{"reason":"compiler-message","message":{"message":"1 error","spans":[]}}"#;
        assert_eq!(diagnostic(summary), None);
        assert_eq!(diagnostic("not JSON"), None);
    }

    #[test]
    fn what_two_builds_say_is_said_once() {
        let finding = |detail: &str| Finding {
            detail: detail.into(),
            ..Finding::new("a.rs", "is wrong", "").at(3)
        };
        assert_eq!(once([finding("one"), finding("two")]), [finding("one")]);
        assert_eq!(once([finding(""), finding("").at(4)]).len(), 2);
    }

    #[test]
    fn format_differences_become_findings() {
        let printed =
            "Diff in /r/a.rs:3:\n x\n-y\n+z\nDiff in /r/b.rs:9:\n-1\nDiff in /r/b.rs:20:\n+1\n";
        let findings = unformatted(Path::new("/r"), printed);
        assert_eq!(findings.len(), 2);
        assert_eq!((findings[0].file.as_str(), findings[0].line), ("a.rs", Some(3)));
        assert_eq!((findings[1].file.as_str(), findings[1].line), ("b.rs", Some(9)));
    }
}
