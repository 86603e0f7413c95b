//! What Ctrl-C does to a run at a terminal, and what a shell there outlives.
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
    let folder = &workspace.config.chapters[index].folder;
    let is_greedy = workspace.chapter_folder(folder).join(GREEDY_PROGRAM).exists();
    let mut sessions: Vec<(&str, Session)> =
        vec![("Ctrl-C ends what runs in the shell, and not the shell", in_shell)];
    if is_greedy {
        sessions.push(("the shell outlives those who take all there is", outlives));
    }
    sessions.retain(|(name, _)| name.contains(only));
    if sessions.is_empty() {
        return Ok(Vec::new());
    }
    let package = kernel::package_of(folder);
    let recipe = Recipe { package: &package, arch, machine, has_tests: false, is_release: false };
    kernel::build(workspace, recipe, Voice::Quiet)?;
    let chapter = format!("chapter={folder}");
    let words = ["run", &chapter, &format!("arch={arch}")];
    let run =
        |(name, session): &(&str, Session)| Tested::from_result(name, session(workspace, &words));
    Ok(sessions.iter().map(run).collect())
}

/// What somebody does at the terminal of a run that the words start.
type Session = fn(&Workspace, &[&str]) -> Finding;

/// A program that takes what there is of files. A chapter without it has no files.
const GREEDY_PROGRAM: &str = "user/src/bin/misuse.rs";

/// Commands that take all processes, all memory, all descriptors or none, all space for files.
const GREEDY: [&str; 5] =
    ["family bombard 2000", "abuse hog", "misuse all", "misuse none", "misuse full"];

fn outlives(workspace: &Workspace, words: &[&str]) -> Finding {
    let mut person = start(workspace, words)?;
    person.wait_for("init: bin/init")?;
    for command in GREEDY {
        person.wait_for("$ ")?;
        person.types(&format!("{command}; echo it gave $? back\r"))?;
        person.wait_for("it gave 0 back").map_err(|why| format!("{command}: {why}"))?;
    }
    person.wait_for("$ ")?;
    person.types("echo it works | cat -n\r")?;
    person.wait_for("1\tit works")?;
    person.types("ps | grep '2 R .* ps$'; echo it found $?.\r")?;
    person.wait_for("it found 0.").map_err(|why| format!("the shell's child in ps: {why}"))?;
    person.types("exit 0\r")?;
    let status = person.end()?;
    if status.success() { Ok(()) } else { Err(format!("the run ends with {status}")) }
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
