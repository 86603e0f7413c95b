//! `make run program=FILE`: one program of the reader's, and nothing but it.
//!
//! Any static program for Linux will do. It is put into the chapter's initramfs, with a file that
//! tells the kernel to run it as the first process. Then this tool behaves as the program itself
//! would on Linux: what the program prints is all that standard output gets, standard input is the
//! program's, and so is the exit status. So a program can be tried on Linux and here by the same
//! command, and the results compared.
//!
//! What the kernel says before is kept, and shown only if the kernel itself fails. What it says
//! meanwhile, such as the list of system calls that `strace=1` asks for, goes to standard error.

mod account;
mod file;
pub mod files;
mod load;

use std::io::Write;

use build_support::{Config, End, Machine};

use crate::coroner::Ending;
use crate::doctor::{self, Need};
use crate::failure::{Failure, Result};
use crate::kernel::{self, Kernel, Recipe, Voice};
use crate::keyboard;
use crate::observe::{self, SUCCESS};
use crate::prompts::Typed;
use crate::qemu::{Console, Launch};
use crate::selection;
use crate::session::{News, Session};
use crate::settings::Settings;
use crate::tail::Tail;
use crate::ui;
use crate::watch::{self, Limits, Outcome};
use crate::wishes::Wishes;
use crate::workspace::Workspace;

pub use account::{Account, Speaker, WORD};
pub use file::Program;
pub use load::{path_of, with_init, with_program};

/// The exit status when the program did not come to its end, which no program chooses by accident:
/// that of `timeout` and `env`.
const NO_END: u8 = 125;

/// Runs the program in the file `path`.
pub fn run(workspace: &Workspace, settings: &Settings, path: &str) -> Result<()> {
    let index = selection::chapter_or_last(settings, &workspace.config)?;
    if !workspace.config.has_shell(index) {
        return Err(no_programs(&workspace.config, index, path));
    }
    let (arch, machine) = selection::machine(settings, &workspace.config)?;
    let program = Program::read(path, arch)?;
    let arguments = load::words(settings.get("args").unwrap_or_default())?;
    let files = files::read(settings.get("files").unwrap_or_default())?;
    let chapter = &workspace.config.chapters[index];
    let wishes = Wishes::read(settings, chapter.time_limit_seconds)?.for_input(true);
    let wishes = wishes.with_argument(WORD);
    wishes.check_for(arch)?;
    doctor::require(workspace, &[Need::Targets, Need::Qemu(&machine.qemu)])?;
    let package = kernel::package_of(&chapter.folder);
    let recipe = Recipe {
        package: &package,
        arch,
        machine,
        has_tests: false,
        is_release: wishes.is_release,
    };
    let kernel = kernel::build(workspace, recipe, Voice::Aloud)?;
    let folder = tempfile::tempdir()
        .map_err(|error| Failure::io("create a folder in", &std::env::temp_dir(), &error))?;
    let initramfs = kernel.initramfs.as_deref().ok_or_else(|| {
        Failure::failed(format!("{package} has no initramfs, so it cannot run {path}"))
    })?;
    let initramfs = load::load(initramfs, &program, files, &arguments, folder.path())?;
    let mut launch = Launch::new(arch, machine, &kernel, Console::Heard);
    wishes.apply(&mut launch);
    launch.initrd = Some(initramfs);
    let run = Run { workspace, kernel: &kernel, arch, machine, limit: wishes.time_limit };
    run.execute(launch, &path_of(&program))
}

/// What to say of a chapter whose kernel knows only its own programs.
fn no_programs(config: &Config, index: usize, path: &str) -> Failure {
    let chapter = |index: usize| config.chapters[index].folder.as_str();
    let others = (0..config.chapters.len()).filter(|index| config.has_shell(*index));
    let others = match others.map(chapter).collect::<Vec<_>>().as_slice() {
        [] => "no chapter does yet".to_string(),
        names => format!("choose from {}", names.join(", ")),
    };
    let folder = chapter(index);
    Failure::usage(format!("program={path}: {folder} runs only its own programs; {others}"))
}

/// A run of a program.
struct Run<'a> {
    workspace: &'a Workspace,
    kernel: &'a Kernel,
    arch: &'a str,
    machine: &'a Machine,
    limit: Option<std::time::Duration>,
}

impl Run<'_> {
    /// Boots, lets the program at `path` speak and listen, and ends as it ends.
    fn execute(&self, mut launch: Launch, path: &str) -> Result<()> {
        launch.typed = vec![Typed::INPUT];
        let is_person = keyboard::is_person();
        let _direct = is_person.then(keyboard::Direct::begin);
        let mut session = Session::start(launch, false)?;
        let limits = Limits { time: self.limit, ..Limits::default() };
        let mut account = Account::new(path);
        let mut said = Said::default();
        let mut tell = |speaker, bytes: &[u8]| said.pass_on(speaker, bytes);
        let outcome = watch::watch(&mut session, self.machine, self.arch, limits, |_, news| {
            if let News::Console(bytes) = news {
                account.hear(bytes, &mut tell);
            }
        });
        let end = account.finish(&mut tell);
        match outcome {
            Outcome::Interrupted => Err(Failure::silent(130)),
            Outcome::Ended(SUCCESS) => status_of(end),
            Outcome::Ended(ending) => {
                self.report(&mut session, ending, &said);
                Err(Failure::silent(NO_END))
            }
        }
    }

    /// Says how the kernel failed; and what it said before, where no program has begun.
    fn report(&self, session: &mut Session, ending: Ending, said: &Said) {
        let (root, all) = (&self.workspace.root, said.all.text());
        let report = observe::report(session, self.kernel, self.arch, root, ending, &all);
        let before = if said.has_begun { String::new() } else { all };
        anstream::eprint!("{before}\n{report}\n");
    }
}

/// The end of what was said in a run.
#[derive(Default)]
struct Said {
    all: Tail,
    has_begun: bool,
}

impl Said {
    /// Writes what the program prints to standard output, and what the kernel says meanwhile to
    /// standard error.
    fn pass_on(&mut self, speaker: Speaker, bytes: &[u8]) {
        self.all.add(bytes);
        self.has_begun |= speaker != Speaker::Boot;
        // Whoever reads it may have enough: the run goes on all the same.
        let _ = match speaker {
            Speaker::Boot => Ok(()),
            Speaker::Kernel => std::io::stderr().write_all(bytes),
            Speaker::Program => {
                let mut output = std::io::stdout();
                output.write_all(bytes).and_then(|()| output.flush())
            }
        };
    }
}

/// What this tool ends with when the program ends with `end`.
fn status_of(end: Option<End>) -> Result<()> {
    match end {
        Some(End::Status(0)) => Ok(()),
        Some(End::Status(status)) => Err(Failure::silent(status as u8)),
        Some(End::Signal(number)) => Err(Failure::silent(128_u8.wrapping_add(number as u8))),
        None => {
            ui::note("the machine was switched off before the program ended");
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_status_is_the_programs() {
        let status = |end| status_of(end).map_err(|failure| failure.status);
        assert_eq!(status(Some(End::Status(0))), Ok(()));
        assert_eq!(status(Some(End::Status(7))), Err(7));
        assert_eq!(status(Some(End::Signal(11))), Err(139));
        assert_eq!(status(None), Ok(()));
    }

    #[test]
    fn chapters_before_the_shell_are_told_those_behind_it() {
        let config = Config::read(Path::new("../..")).expect("the repository's own is right");
        let failure = no_programs(&config, 6, "x");
        assert_eq!(failure.status, 2);
        let expected =
            "program=x: 07-scheduler runs only its own programs; choose from 08-syscalls";
        assert!(failure.message.starts_with(expected), "{}", failure.message);
    }
}
