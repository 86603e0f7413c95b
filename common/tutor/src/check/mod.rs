//! `make check`: what can be told about the code without running it.
//!
//! Each check stands for itself: a failing one does not keep the others from being run, so that one
//! call tells all there is to put right. [`checks`] is the list; what a check looks for is in a
//! file of its own.

mod book;
mod budget;
mod cargo;
mod declared;
mod finding;
mod lineage;
mod links;
mod packages;
mod parity;
mod place;
mod report;
#[cfg(test)]
pub mod sandbox;
mod scan;
mod scope;
mod shape;
mod source;
mod text;
mod words;

pub use declared::is_declared;
pub use finding::Finding;
pub use lineage::is_lineal;
pub use place::name as declared_name;

use crate::doctor::{self, Need};
use crate::failure::Result;
use crate::selection;
use crate::settings::Settings;
use crate::workspace::Workspace;

use finding::Verdict;
use scope::Scope;

/// What `make check` may be told.
pub const SETTINGS: &[&str] = &["chapter"];

/// Something that can be told about the code.
pub struct Check<'a> {
    /// What it is about, in a few words.
    pub name: String,
    look: Box<dyn Fn() -> Verdict + 'a>,
}

impl<'a> Check<'a> {
    fn new(name: impl Into<String>, look: impl Fn() -> Verdict + 'a) -> Self {
        Self { name: name.into(), look: Box::new(look) }
    }

    /// Looks, and returns what it finds.
    pub fn findings(&self) -> Vec<Finding> {
        (self.look)().err().unwrap_or_default()
    }

    /// Looks; the error is what it finds, a finding behind the other.
    pub fn run(&self) -> Result<(), String> {
        let findings: Vec<String> = self.findings().iter().map(Finding::to_string).collect();
        if findings.is_empty() { Ok(()) } else { Err(findings.join("\n")) }
    }
}

/// Runs all checks, or those about one chapter.
pub fn check(workspace: &Workspace, settings: &Settings) -> Result<()> {
    let chapter = selection::chapter(settings, &workspace.config)?;
    doctor::require(workspace, &[Need::Linker, Need::Targets, Need::Rustfmt, Need::Clippy])?;
    report::run(&checks_of(workspace, chapter))
}

/// All checks, the quick ones first.
pub fn checks(workspace: &Workspace) -> Vec<Check<'_>> {
    checks_of(workspace, None)
}

fn checks_of(workspace: &Workspace, chapter: Option<usize>) -> Vec<Check<'_>> {
    let scope = Scope { workspace, chapter };
    let mut checks = of_text(scope);
    if chapter.is_none() {
        checks.push(Check::new("the licences are there", move || text::licences(scope)));
        // Before anything that builds, since a build brings the file up to date.
        checks.push(Check::new("Cargo.lock is up to date", move || cargo::lock_file(scope)));
    }
    checks.push(Check::new("code is formatted", move || cargo::format(scope)));
    if chapter.is_none() {
        checks.push(Check::new("clippy, host tools", move || cargo::clippy_host(scope)));
        checks.push(Check::new("the book explains every change", move || book::pages(scope)));
    }
    for arch in workspace.config.machines.keys() {
        let name = format!("clippy, kernels for {arch}");
        checks.push(Check::new(name, move || cargo::clippy_kernels(scope, arch)));
        let name = format!("rustdoc, kernels for {arch}");
        checks.push(Check::new(name, move || cargo::rustdoc_kernels(scope, arch)));
    }
    checks
}

/// What looks, and says what it finds.
type Look = fn(Scope) -> Verdict;

/// The checks that only read.
fn of_text(scope: Scope<'_>) -> Vec<Check<'_>> {
    let list: &[(&str, Look)] = &[
        ("files are as declared", declared::declared),
        ("chapters descend from each other", lineage::lineage),
        ("chapters keep to their budgets", budget::budgets),
        ("both machines have the same files", parity::parity),
        ("source files have a header", shape::headers),
        ("files and lines are not too long", shape::sizes),
        ("house rules", words::words),
        ("no stray blanks", text::whitespace),
        ("links lead somewhere", links::links),
    ];
    list.iter().map(|(name, look)| Check::new(*name, move || look(scope))).collect()
}
