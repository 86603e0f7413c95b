//! What Ctrl-C does to a run at a terminal.
//!
//! In a shell it is a key like any other: the kernel's own terminal makes a signal of it, for the
//! program in the foreground, and the shell goes on. Where there is no shell, it ends the run.

use std::process::Command;
use std::thread;
use std::time::Duration;

use build_support::Machine;

use super::commands::{Finding, clean};
use super::outcome::Tested;
use super::person::Person;
use crate::failure::Result;
use crate::kernel::{self, Recipe, Voice};
use crate::workspace::Workspace;

/// The key.
const CTRL_C: &str = "\x03";

/// How long a shell may take to start a program.
const START: Duration = Duration::from_secs(1);

/// Types at the shell of chapter `index`.
pub fn run(
    workspace: &Workspace,
    index: usize,
    arch: &str,
    machine: &Machine,
    only: &str,
) -> Result<Vec<Tested>> {
    const NAME: &str = "Ctrl-C ends what runs in the shell, and not the shell";
    if !NAME.contains(only) {
        return Ok(Vec::new());
    }
    let folder = &workspace.config.chapters[index].folder;
    let package = kernel::package_of(folder);
    let recipe = Recipe { package: &package, arch, machine, has_tests: false, is_release: false };
    kernel::build(workspace, recipe, Voice::Quiet)?;
    let chapter = format!("chapter={folder}");
    let words = ["run", &chapter, &format!("arch={arch}")];
    Ok(vec![Tested::from_result(NAME, in_shell(workspace, &words))])
}

fn in_shell(workspace: &Workspace, words: &[&str]) -> Finding {
    let mut person = start(workspace, words)?;
    person.wait_for("Ctrl-A X ends QEMU")?;
    person.wait_for("init: bin/init")?;
    person.wait_for("$ ")?;
    person.types("reads\r")?;
    // Nothing shows that it reads.
    thread::sleep(START);
    person.types(CTRL_C)?;
    person.wait_for("$ ")?;
    person.types("echo it ended with $?.\r")?;
    person.wait_for("it ended with 130.")?;
    person.types("exit 0\r")?;
    let status = person.end()?;
    if status.success() { Ok(()) } else { Err(format!("the run ends with {status}")) }
}

/// Types Ctrl-C in a run that has no shell, which `words` start and which does not end by itself.
pub fn without_shell(workspace: &Workspace, words: &[&str], sign: &str) -> Finding {
    let mut person = start(workspace, words)?;
    person.wait_for("so does Ctrl-C")?;
    person.wait_for(sign)?;
    person.types(CTRL_C)?;
    match person.end()?.code() {
        Some(130) => Ok(()),
        status => Err(format!("the run ends with {status:?}, and not with 130")),
    }
}

/// Runs this tool with `words`.
fn start(workspace: &Workspace, words: &[&str]) -> std::result::Result<Person, String> {
    let tool = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut command = clean(Command::new(tool), workspace);
    command.args(words);
    Person::start(command)
}
