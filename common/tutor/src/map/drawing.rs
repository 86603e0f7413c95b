//! The drawing, which another program does: `pictures`.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::booktool::{self, no_cargo};
use crate::failure::{Failure, Result};
use crate::workspace::Workspace;

/// The package that draws.
pub const PACKAGE: &str = "pictures";

/// Writes to `file` the picture of the map in `console`, which the run called `run` has printed.
pub fn draw(workspace: &Workspace, run: &str, file: &Path, console: &str) -> Result<()> {
    booktool::build_package(workspace, PACKAGE)?;
    draw_or_check(workspace, run, file, console, &[])
}

/// Whether `file` is a picture of the map in `console`.
pub fn check(workspace: &Workspace, file: &Path, console: &str) -> Result<()> {
    draw_or_check(workspace, "", file, console, &["--check"])
}

fn draw_or_check(
    workspace: &Workspace,
    run: &str,
    file: &Path,
    console: &str,
    more: &[&str],
) -> Result<()> {
    let mut cargo = booktool::command_of(workspace, PACKAGE, &["map", "--run", run, "--file"]);
    cargo.arg(file).args(more);
    cargo.stdout(Stdio::piped());
    feed(cargo, console)
}

/// Runs `program`, which draws what it reads in `console`; on failure says what it said.
pub fn feed(mut program: Command, console: &str) -> Result<()> {
    program.stdin(Stdio::piped()).stderr(Stdio::piped());
    let mut child = program.spawn().map_err(|error| no_cargo(&error))?;
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
