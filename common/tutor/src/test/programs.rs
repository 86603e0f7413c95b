//! Runs a chapter's programs on Linux, to see that they end there as they should.
//!
//! They speak Linux's language, and Linux speaks it without our mistakes. So whatever a program
//! does wrong here is its own fault, and whatever it does differently on our kernel is the
//! kernel's. Programs for this computer's processor run as they are, others in QEMU's emulation of
//! Linux. They come out of the kernel's file, so these are the very bytes that the kernel gets.

use std::path::Path;

use build_support::{Machine, Run};

use crate::failure::{Failure, Result};
use crate::kernel::{self, Recipe, Voice};
use crate::workspace::Workspace;

use super::linux::{Ended, Linux, unpack};
use super::outcome::Tested;

/// The environment of a program.
const ENVIRONMENT: &str = "NAME=value";

/// Whether chapter `index` has programs.
pub fn has_programs(workspace: &Workspace, index: usize) -> bool {
    let chapter = &workspace.config.chapters[index];
    build_support::has_programs(&workspace.chapter_folder(&chapter.folder))
}

/// Runs the programs of chapter `index` for `arch`, those with `only` in their words.
pub fn run(
    workspace: &Workspace,
    index: usize,
    arch: &str,
    machine: &Machine,
    only: &str,
) -> Result<Vec<Tested>> {
    let folder = &workspace.config.chapters[index].folder;
    let runs = build_support::runs(&workspace.chapter_folder(folder), arch);
    let mut runs = runs.map_err(Failure::failed)?;
    runs.retain(|run| name_of(run).contains(only));
    let Some(linux) = Linux::find(arch) else {
        let why = Linux::missing(arch);
        return Ok(runs.iter().map(|run| Tested::skipped(&name_of(run), &why)).collect());
    };
    let package = kernel::package_of(folder);
    let recipe = Recipe { package: &package, arch, machine, has_tests: false, is_release: false };
    let kernel = kernel::build(workspace, recipe, Voice::Quiet)?;
    let room = tempfile::tempdir()
        .map_err(|error| Failure::io("create a folder in", &std::env::temp_dir(), &error))?;
    let archive = kernel.initramfs.as_deref().map(kernel::read).transpose()?.unwrap_or_default();
    unpack(&archive, room.path()).map_err(|error| Failure::io("fill", room.path(), &error))?;
    let test = |run: &Run| Tested::from_result(&name_of(run), try_out(&linux, run, room.path()));
    Ok(runs.iter().map(test).collect())
}

/// What a run is called in the list of tests.
fn name_of(run: &Run) -> String {
    format!("{} ends with {}", run.words.join(" "), run.end)
}

/// Runs the program in `room`; the error says how else it ended, and what it printed.
fn try_out(linux: &Linux, run: &Run, room: &Path) -> std::result::Result<(), String> {
    let Ended { end, said } = linux.execute(&run.words, &[ENVIRONMENT], b"", room)?;
    if end == run.end {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&said).replace('\0', "");
    Err(format!("it ended with {end}\n{said}"))
}

#[cfg(test)]
mod tests {
    use build_support::End;

    use super::*;

    fn run(words: &[&str], end: End) -> Run {
        Run { words: words.iter().map(|word| word.to_string()).collect(), end }
    }

    /// A folder with the program `bin/ends`, which does what its argument says.
    fn room() -> tempfile::TempDir {
        let room = tempfile::tempdir().expect("a folder for temporary files");
        let script = b"#!/bin/sh\necho hello $NAME\neval \"$1\"".to_vec();
        let entries = [("bin/ends".into(), build_support::Entry::program(script))];
        let archive = build_support::pack_entries(entries.into()).expect("the names are right");
        unpack(&archive, room.path()).expect("it is an archive");
        room
    }

    #[test]
    fn ends_are_compared() {
        let (linux, room) = (Linux::here(), room());
        let try_out = |what: &str, end| try_out(&linux, &run(&["ends", what], end), room.path());
        assert_eq!(try_out("exit 3", End::Status(3)), Ok(()));
        assert_eq!(try_out("kill -SEGV $$", End::Signal(11)), Ok(()));
        let refusal = try_out("exit 3", End::Status(4)).expect_err("it is another status");
        assert_eq!(refusal, "it ended with status 3\nhello value\n");
        let refusal = try_out("exit 11", End::Signal(11)).expect_err("it is a status");
        assert!(refusal.contains("it ended with status 11"), "{refusal}");
        let refusal = try_out("kill -FPE $$", End::Signal(11)).expect_err("it is another signal");
        assert!(refusal.contains("it ended with SIGFPE"), "{refusal}");
    }
}
