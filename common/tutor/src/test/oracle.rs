//! The same program on Linux and on the kernel: what it prints, and how it ends, must be the same.
//!
//! What is expected is never written down: Linux is asked, in the same minute, with the same bytes.
//! So a program may try whatever it likes, print what came of it, and need not know what is right.
//!
//! A program is one to be tried if its name begins with `try_`. Each gets a boot of its own: that
//! is under a second, and one that takes the kernel down with it takes no other along.

use build_support::Machine;

use super::linux::{Ended, Linux, unpack};
use super::outcome::Tested;
use super::twin::{self, Twin};
use crate::failure::{Failure, Result};
use crate::kernel::{self, Kernel, Recipe, Voice};
use crate::keyboard;
use crate::observe::{SUCCESS, observe};
use crate::program::{self, Account, Speaker};
use crate::prompts::Typed;
use crate::qemu::{Console, Launch};
use crate::workspace::Workspace;

/// How the names of programs begin that are to be tried.
const PREFIX: &str = "try_";

/// The environment of the first program, on the kernel and so on Linux.
pub const ENVIRONMENT: [&str; 3] = ["HOME=/", "PATH=/bin", "TERM=linux"];

/// A program that ends with the status that it is told to.
const STATUS: &str = "status";

/// Of what differs, so many lines are shown.
const SHOWN: usize = 5;

/// A program to be tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// Its name, and its arguments.
    pub words: Vec<String>,
    /// What it has to read.
    pub input: Vec<u8>,
}

impl Trial {
    /// The program `name`, with `arguments`.
    pub fn new(name: &str, arguments: &[&str]) -> Self {
        let words = std::iter::once(&name).chain(arguments).map(|word| word.to_string());
        Self { words: words.collect(), input: Vec::new() }
    }

    /// The same with `input` to read.
    pub fn reading(self, input: &[u8]) -> Self {
        Self { input: input.to_vec(), ..self }
    }

    /// What it is called in the list of tests.
    pub fn name(&self) -> String {
        self.words.join(" ")
    }
}

/// Tries the programs of chapter `index` that have `only` in their names.
pub fn run(
    workspace: &Workspace,
    index: usize,
    arch: &str,
    machine: &Machine,
    only: &str,
) -> Result<Vec<Tested>> {
    let package = kernel::package_of(&workspace.config.chapters[index].folder);
    let recipe = Recipe { package: &package, arch, machine, has_tests: false, is_release: false };
    let kernel = kernel::build(workspace, recipe, Voice::Quiet)?;
    let archive = kernel.initramfs.as_deref().map(kernel::read).transpose()?.unwrap_or_default();
    let trials = trials(&archive, only)?;
    let Some(linux) = Linux::find(arch) else {
        let why = Linux::missing(arch);
        let skipped = trials.iter().map(|trial| Tested::skipped(&trial.name(), &why));
        return Ok(skipped.collect());
    };
    let mut oracle = Oracle::new(workspace, &kernel, arch, machine, linux, archive)?;
    oracle.twin = Twin::find(workspace, &package, arch)?;
    let mut tested = Vec::new();
    if SELF_TEST.contains(only) {
        tested.push(Tested::from_result(SELF_TEST, oracle.can_fail()?));
    }
    for trial in &trials {
        tested.push(Tested::from_result(&trial.name(), oracle.try_out(trial)?));
    }
    Ok(tested)
}

/// The programs in `archive` that are to be tried and have `only` in their names.
fn trials(archive: &[u8], only: &str) -> Result<Vec<Trial>> {
    let files = build_support::unpack(archive)
        .map_err(|error| Failure::failed(format!("the initramfs: {error}")))?;
    let names = files.keys().filter_map(|path| path.strip_prefix("bin/"));
    let tried = names.filter(|name| name.starts_with(PREFIX) && name.contains(only));
    Ok(tried.map(|name| Trial::new(name, &[])).collect())
}

/// The test of the test.
const SELF_TEST: &str = "a difference is found";

/// Whoever asks both.
pub struct Oracle<'a> {
    workspace: &'a Workspace,
    kernel: &'a Kernel,
    arch: &'a str,
    machine: &'a Machine,
    linux: Linux,
    archive: Vec<u8>,
    /// Where the files of the archive are on Linux.
    room: tempfile::TempDir,
    /// The same programs for this computer's own processor, if these are for another.
    twin: Option<Twin>,
    /// Whether the kernel's clock is that on the wall. Usually it counts instructions, and what
    /// ends a program that never waits after some seconds does so after some thousand millions.
    pub has_wall_clock: bool,
}

/// A folder with the files of `archive`.
pub fn filled(archive: &[u8]) -> Result<tempfile::TempDir> {
    let room = tempfile::tempdir()
        .map_err(|error| Failure::io("create a folder in", &std::env::temp_dir(), &error))?;
    unpack(archive, room.path()).map_err(|error| Failure::io("fill", room.path(), &error))?;
    Ok(room)
}

impl<'a> Oracle<'a> {
    /// One for `kernel`, with the programs in `archive`.
    pub fn new(
        workspace: &'a Workspace,
        kernel: &'a Kernel,
        arch: &'a str,
        machine: &'a Machine,
        linux: Linux,
        archive: Vec<u8>,
    ) -> Result<Self> {
        let room = filled(&archive)?;
        let (twin, has_wall_clock) = (None, false);
        Ok(Self { workspace, kernel, arch, machine, linux, archive, room, twin, has_wall_clock })
    }

    /// Runs `trial` on both; the inner error is the difference.
    pub fn try_out(&self, trial: &Trial) -> Result<std::result::Result<(), String>> {
        let linux = match self.on_linux_or_twin(trial) {
            Ok(ended) => ended,
            Err(why) => return Ok(Err(format!("on Linux: {why}"))),
        };
        let kernel = match self.on_kernel(trial)? {
            Ok(ended) => ended,
            Err(why) => return Ok(Err(why)),
        };
        let difference = compare(&linux, &kernel);
        let is_for_twin = difference.is_err() && twin::is_exception(trial);
        let twin = self.twin.as_ref().filter(|_| is_for_twin);
        Ok(match twin.and_then(|twin| twin.ask(trial)) {
            Some(linux) => compare(&linux, &kernel),
            None => difference,
        })
    }

    /// Whether programs that end differently are told apart.
    fn can_fail(&self) -> Result<std::result::Result<(), String>> {
        let linux = self.on_linux(&Trial::new(STATUS, &["3"])).map_err(Failure::failed)?;
        let kernel = self.on_kernel(&Trial::new(STATUS, &["4"]))?;
        Ok(match kernel.and_then(|kernel| compare(&linux, &kernel)) {
            Err(why) if why.contains("status 3") && why.contains("status 4") => Ok(()),
            Err(why) => Err(format!("statuses 3 and 4 are told apart in other words: {why}")),
            Ok(()) => Err("statuses 3 and 4 are taken for the same".into()),
        })
    }

    /// What `trial` does on Linux, without an emulation if that is not up to it.
    fn on_linux_or_twin(&self, trial: &Trial) -> std::result::Result<Ended, String> {
        let twin = self.twin.as_ref().filter(|_| twin::is_beyond_emulation(trial));
        match twin {
            Some(twin) => twin.ask(trial).ok_or_else(|| "this computer does not run it".into()),
            None => self.on_linux(trial),
        }
    }

    /// What `trial` does on Linux.
    pub fn on_linux(&self, trial: &Trial) -> std::result::Result<Ended, String> {
        self.linux.execute(&trial.words, &ENVIRONMENT, &trial.input, self.room.path())
    }

    /// What `trial` does on the kernel; the inner error is what became of it instead.
    fn on_kernel(&self, trial: &Trial) -> Result<std::result::Result<Ended, String>> {
        self.heard_on_kernel(trial, "", |_, _| ())
    }

    /// Boots the kernel with nothing but `trial` to do, and `word` among the boot arguments; `hear`
    /// is told who says what. The inner error is what became of it instead.
    pub fn heard_on_kernel(
        &self,
        trial: &Trial,
        word: &str,
        mut hear: impl FnMut(Speaker, &[u8]),
    ) -> Result<std::result::Result<Ended, String>> {
        let (name, arguments) = trial.words.split_first().expect("a trial has a name");
        let path = format!("bin/{name}");
        let archive =
            program::with_init(&self.archive, &path, arguments).map_err(Failure::failed)?;
        let initramfs = self.room.path().join("initramfs");
        kernel::write(&initramfs, &archive)?;
        let mut launch = Launch::new(self.arch, self.machine, self.kernel, Console::Heard);
        launch.initrd = Some(initramfs);
        launch.arguments = format!("{} {} {word}", keyboard::PIPED, program::WORD).into();
        launch.input = trial.input.clone();
        if self.has_wall_clock {
            launch.typed = vec![Typed::INPUT];
        }
        let observed = observe(launch, self.kernel, self.workspace)?;
        let mut account = Account::new(&path);
        let mut said = Vec::new();
        let mut tell = |speaker, bytes: &[u8]| {
            hear(speaker, bytes);
            if speaker == Speaker::Program {
                said.extend_from_slice(bytes);
            }
        };
        account.hear(&observed.bytes, &mut tell);
        let end = account.finish(&mut tell);
        Ok(match end.filter(|_| observed.ending == SUCCESS) {
            Some(end) => Ok(Ended { end, said }),
            None => Err(format!("the kernel did not say how it ended\n{}", observed.account())),
        })
    }
}

/// Whether a program did on the kernel what it does on Linux; the error tells the difference.
fn compare(linux: &Ended, kernel: &Ended) -> std::result::Result<(), String> {
    if linux == kernel {
        return Ok(());
    }
    let mut told = Vec::new();
    if linux.end != kernel.end {
        told.push(format!("it ends with {} on Linux, and here with {}", linux.end, kernel.end));
    }
    told.extend(first_difference(&linux.said, &kernel.said));
    Err(told.join("\n"))
}

/// The first lines that differ, those of Linux first.
fn first_difference(linux: &[u8], kernel: &[u8]) -> Option<String> {
    let lines = |text: &[u8]| -> Vec<String> {
        text.split_inclusive(|byte| *byte == b'\n')
            .map(|line| line.escape_ascii().to_string())
            .collect()
    };
    let (linux, kernel) = (lines(linux), lines(kernel));
    let same = linux.iter().zip(&kernel).take_while(|(one, other)| one == other).count();
    if same == linux.len() && same == kernel.len() {
        return None;
    }
    let mut told = vec![format!("from line {} on the output differs:", same + 1)];
    for (whose, lines) in [("Linux", &linux), ("here", &kernel)] {
        let rest = &lines[same..];
        told.extend(rest.iter().take(SHOWN).map(|line| format!("  {whose:5} {line}")));
        if rest.is_empty() {
            told.push(format!("  {whose:5} (no more)"));
        }
    }
    Some(told.join("\n"))
}

#[cfg(test)]
mod tests;
