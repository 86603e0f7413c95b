//! Exercises, hints and points: the work of another program, the grader.
//!
//! It is built when it is first needed, as the one that draws is: nobody's first boot waits for it.

use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use crate::doctor::{self, Need};
use crate::failure::{Failure, Result};
use crate::settings::Settings;
use crate::test::outcome::Tested;
use crate::ui;
use crate::workspace::Workspace;

/// Variables with which `make` would tell the grader our settings a second time.
const OF_MAKE: &[&str] = &["MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES"];

/// Becomes the grader, which does `command` as `settings` say.
pub fn become_grader(workspace: &Workspace, command: &str, settings: &Settings) -> Result<()> {
    build(workspace)?;
    let mut grader = grader(workspace);
    let error = grader.arg(command).args(settings.words()).exec();
    Err(Failure::failed(format!("cannot start the grader: {error}")))
}

/// Lets the grader grade itself on what has `only` in its name: on everything, if that is empty. It
/// does so for one `chapter`, counted from 1, or for all of them and for forks.
pub fn prove(workspace: &Workspace, chapter: Option<usize>, only: &str) -> Result<Vec<Tested>> {
    build(workspace)?;
    let mut grader = grader(workspace);
    grader.arg("prove").stdin(Stdio::null());
    if let Some(chapter) = chapter {
        grader.arg(format!("chapter={chapter}"));
    }
    if !only.is_empty() {
        grader.arg(format!("only={only}"));
    }
    let output = grader.stderr(Stdio::inherit()).output();
    let output =
        output.map_err(|error| Failure::failed(format!("cannot start the grader: {error}")))?;
    let said = String::from_utf8_lossy(&output.stdout);
    let tests = crate::test::host::tests_in(&said);
    match output.status.code() {
        Some(0 | 1) => Ok(tests),
        Some(130) => Err(Failure::silent(130)),
        _ => Err(Failure::failed("the grader did not finish its proof: see above")),
    }
}

fn grader(workspace: &Workspace) -> Command {
    let mut grader = Command::new(workspace.target_folder().join("debug/grader"));
    grader.current_dir(&workspace.root).env("STRATA_ROOT", &workspace.root);
    for variable in OF_MAKE {
        grader.env_remove(variable);
    }
    grader
}

/// Builds it, in the reader's sight: the first time it takes a while.
fn build(workspace: &Workspace) -> Result<()> {
    doctor::require(workspace, &[Need::Linker])?;
    if !workspace.target_folder().join("debug/grader").exists() {
        ui::note("building the grader: once, about half a minute");
    }
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--quiet", "--package", "grader"]).stdin(Stdio::null());
    match cargo.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(Failure::failed("the grader does not build: see above")),
        Err(error) => Err(Failure::failed(format!("cannot start cargo: {error}"))),
    }
}

/// The settings of `make exercises`.
pub const EXERCISES: &[&str] = &["chapter"];

/// The settings of `make hint`.
pub const HINT: &[&str] = &["exercise", "chapter", "bug"];

/// The settings of `make watch`.
pub const WATCH: &[&str] = &["exercise", "chapter", "arch", "seed", "base"];

/// The settings of `make grade`.
pub const GRADE: &[&str] = &["chapter", "arch", "seed", "base", "file"];

/// The settings of `make course`.
pub const COURSE: &[&str] = &["file"];

/// The settings of `make grade-all`.
pub const GRADE_ALL: &[&str] = &["file", "chapter", "arch", "seed", "jobs"];
