//! The drawing, which another program does: `booktool`.

use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use crate::failure::{Failure, Result};
use crate::workspace::Workspace;

/// Writes to `file` the picture of the map in `console`, which the run called `run` has printed.
pub fn draw(workspace: &Workspace, run: &str, file: &Path, console: &str) -> Result<()> {
    build(workspace)?;
    booktool(workspace, run, file, console, &[])
}

/// Whether `file` is a picture of the map in `console`.
pub fn check(workspace: &Workspace, file: &Path, console: &str) -> Result<()> {
    booktool(workspace, "", file, console, &["--check"])
}

/// Builds the program, in the reader's sight: the first time it takes a while.
fn build(workspace: &Workspace) -> Result<()> {
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--package", "booktool"]).stdin(Stdio::null());
    match cargo.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(Failure::failed("booktool, which draws, does not build: see above")),
        Err(error) => Err(no_cargo(&error)),
    }
}

fn booktool(
    workspace: &Workspace,
    run: &str,
    file: &Path,
    console: &str,
    more: &[&str],
) -> Result<()> {
    let mut cargo = workspace.cargo();
    cargo.args(["run", "--quiet", "--package", "booktool", "--", "map", "--run", run, "--file"]);
    cargo.arg(file).args(more);
    cargo.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = cargo.spawn().map_err(|error| no_cargo(&error))?;
    let input = child.stdin.take().expect("standard input is piped");
    // A program that has ended already says why itself.
    let _ = { input }.write_all(console.as_bytes());
    let output = child.wait_with_output().map_err(|error| no_cargo(&error))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Failure::failed(said.trim().trim_start_matches("error: ")))
}

fn no_cargo(error: &std::io::Error) -> Failure {
    Failure::failed(format!("cannot start cargo: {error}"))
}
