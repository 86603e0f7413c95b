//! The other tools, `booktool`, which knows mdBook, and `pictures`, which draws: built when they
//! are first needed, since nobody's first boot should wait for their libraries.

use std::io;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use crate::failure::{Failure, Result};
use crate::inherit;
use crate::watch;
use crate::workspace::Workspace;

/// How often a tool that works is looked at.
const GLANCE: Duration = Duration::from_millis(50);

/// The package of the tool.
const PACKAGE: &str = "booktool";

/// Builds it, in the reader's sight: the first time it takes a while.
pub fn build(workspace: &Workspace) -> Result<()> {
    build_package(workspace, PACKAGE)
}

/// Builds another tool, in the reader's sight.
pub fn build_package(workspace: &Workspace, package: &str) -> Result<()> {
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--package", package]).stdin(Stdio::null());
    match cargo.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(Failure::failed(format!("{package} does not build: see above"))),
        Err(error) => Err(no_cargo(&error)),
    }
}

/// The tool with these `words`, to be run after it has been built.
pub fn command(workspace: &Workspace, words: &[&str]) -> Command {
    command_of(workspace, PACKAGE, words)
}

/// Another tool with these `words`.
pub fn command_of(workspace: &Workspace, package: &str, words: &[&str]) -> Command {
    let mut cargo = workspace.cargo();
    cargo.args(["run", "--quiet", "--package", package, "--"]).args(words);
    cargo
}

/// Builds the tool and has it do what `words` say, in the reader's sight.
///
/// It has said itself what went wrong; what it prints for programs is not shown. It ends when the
/// reader wants this tool to end.
pub fn run(workspace: &Workspace, words: &[&str]) -> Result<()> {
    build(workspace)?;
    let mut command = command(workspace, words);
    inherit::pass_on(&mut command, &[]);
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let mut child = command.spawn().map_err(|error| no_cargo(&error))?;
    match wait(&mut child).map_err(|error| no_cargo(&error))? {
        Some(status) if status.success() => Ok(()),
        Some(_) if !watch::is_interrupted() => Err(Failure::silent(1)),
        _ => Err(Failure::silent(130)),
    }
}

/// Waits for `child`; ends it if the reader wants to stop, and then has no status.
fn wait(child: &mut Child) -> io::Result<Option<ExitStatus>> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if watch::is_interrupted() {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(GLANCE);
    }
}

/// What is said when Cargo, which runs the tool, cannot be started.
pub fn no_cargo(error: &io::Error) -> Failure {
    Failure::failed(format!("cannot start cargo: {error}"))
}
