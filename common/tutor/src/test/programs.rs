//! Runs a chapter's programs on Linux, to see that they end there as they should.
//!
//! They speak Linux's language, and Linux speaks it without our mistakes. So whatever a program
//! does wrong here is its own fault, and whatever it does differently on our kernel is the
//! kernel's. Programs for this computer's processor run as they are, others in QEMU's emulation of
//! Linux. They come out of the kernel's file, so these are the very bytes that the kernel gets.

use std::fs;
use std::io::{Cursor, Read};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use build_support::{End, Machine, Run};
use cpio::newc;

use crate::doctor;
use crate::failure::{Failure, Result};
use crate::inherit;
use crate::kernel::{self, Recipe, Voice};
use crate::workspace::Workspace;

use super::outcome::Tested;

/// A program that runs longer hangs.
const PATIENCE: Duration = Duration::from_secs(30);

/// The environment of a program.
const ENVIRONMENT: (&str, &str) = ("NAME", "value");

/// The part of a file's mode that says what it is, and what a folder is. (inode(7).)
const FILE_TYPE: u32 = 0o170_000;
const DIRECTORY: u32 = 0o040_000;

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
        let why = format!("there is no qemu-{arch} to run Linux programs (Debian: qemu-user)");
        return Ok(runs.iter().map(|run| Tested::skipped(&name_of(run), &why)).collect());
    };
    let package = kernel::package_of(folder);
    let recipe = Recipe { package: &package, arch, machine, has_tests: false, is_release: false };
    let kernel = kernel::build(workspace, recipe, Voice::Quiet)?;
    let room = tempfile::tempdir()
        .map_err(|error| Failure::io("create a folder in", &std::env::temp_dir(), &error))?;
    let archive = kernel.initramfs.as_deref().map(kernel::read).transpose()?.unwrap_or_default();
    unpack(&archive, room.path()).map_err(|error| Failure::io("fill", room.path(), &error))?;
    let test = |run: &Run| Tested::from_result(&name_of(run), linux.try_out(run, room.path()));
    Ok(runs.iter().map(test).collect())
}

/// What a run is called in the list of tests.
fn name_of(run: &Run) -> String {
    format!("{} ends with {}", run.words.join(" "), run.end)
}

/// Puts the files of `archive` into `folder`.
fn unpack(archive: &[u8], folder: &Path) -> std::io::Result<()> {
    let mut rest = Cursor::new(archive);
    loop {
        let mut reader = newc::Reader::new(rest)?;
        let entry = reader.entry();
        if entry.is_trailer() {
            return Ok(());
        }
        let (path, mode) = (folder.join(entry.name()), entry.mode());
        if mode & FILE_TYPE == DIRECTORY {
            fs::create_dir_all(&path)?;
        } else {
            let mut bytes = Vec::new();
            reader.read_to_end(&mut bytes)?;
            fs::write(&path, bytes)?;
            fs::set_permissions(&path, fs::Permissions::from_mode(mode & 0o777))?;
        }
        rest = reader.finish()?;
    }
}

/// A way to run programs for Linux.
struct Linux {
    /// The program that emulates the processor, where it is not this computer's.
    emulator: Option<PathBuf>,
}

impl Linux {
    /// The way for programs of `arch`, if there is one here.
    fn find(arch: &str) -> Option<Self> {
        if cfg!(target_os = "linux") && std::env::consts::ARCH == arch {
            return Some(Self { emulator: None });
        }
        let emulator = doctor::find_linux(arch)?;
        Some(Self { emulator: Some(emulator) })
    }

    /// Runs the program in `room`; the error says how else it ended, and what it printed.
    fn try_out(&self, run: &Run, room: &Path) -> std::result::Result<(), String> {
        let (status, said) = self.execute(&run.words, room)?;
        let found = match (status.code(), status.signal()) {
            (Some(code), _) => End::Status(code),
            (None, signal) => End::Signal(signal.unwrap_or_default()),
        };
        if found == run.end {
            return Ok(());
        }
        Err(format!("it ended with {found}\n{said}"))
    }

    /// Runs `words`, and gives how it ended and what it printed.
    fn execute(
        &self,
        words: &[String],
        room: &Path,
    ) -> std::result::Result<(ExitStatus, String), String> {
        let (program, arguments) = words.split_first().ok_or("no program is named")?;
        let path = room.join("bin").join(program);
        let output = tempfile::tempfile().map_err(|error| format!("no output: {error}"))?;
        let clone = || output.try_clone().map_err(|error| format!("no output: {error}"));
        // A death by a signal would leave a file as large as the memory of the dead.
        let mut command = Command::new("sh");
        command.args(["-c", "ulimit -c 0; exec \"$@\"", "sh"]);
        command.args(&self.emulator).arg(&path).args(arguments).current_dir(room);
        command.env_clear().env(ENVIRONMENT.0, ENVIRONMENT.1);
        command.stdin(Stdio::null()).stdout(clone()?).stderr(clone()?);
        inherit::pass_on(&mut command, &[]);
        let mut child = command.spawn().map_err(|error| format!("cannot start it: {error}"))?;
        let status = wait(&mut child)?;
        Ok((status, text_of(output)))
    }
}

/// Waits for the end of `child`, but not for ever.
fn wait(child: &mut Child) -> std::result::Result<ExitStatus, String> {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) => thread::sleep(Duration::from_millis(2)),
            Err(error) => return Err(format!("cannot wait for it: {error}")),
        }
    }
    // Errors mean that it has ended meanwhile.
    let _ = child.kill();
    let _ = child.wait();
    Err(format!("it has not ended within {} s", PATIENCE.as_secs()))
}

/// What was written to `file`.
fn text_of(mut file: fs::File) -> String {
    use std::io::Seek;
    let mut bytes = Vec::new();
    // What cannot be read is not shown: the verdict stands without it.
    let _ = file.rewind().and_then(|()| file.read_to_end(&mut bytes));
    String::from_utf8_lossy(&bytes).replace('\0', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(words: &[&str], end: End) -> Run {
        Run { words: words.iter().map(|word| word.to_string()).collect(), end }
    }

    /// A folder with the program `bin/ends`, which does what its argument says.
    fn room() -> tempfile::TempDir {
        let room = tempfile::tempdir().expect("a folder for temporary files");
        let mut archive = Vec::new();
        for (name, mode, text) in [
            ("bin", 0o40755, ""),
            ("bin/ends", 0o100755, "#!/bin/sh\necho hello $NAME\neval \"$1\""),
        ] {
            let header = newc::Builder::new(name).mode(mode);
            let mut writer = header.write(&mut archive, text.len() as u32);
            std::io::Write::write_all(&mut writer, text.as_bytes()).expect("a vector has room");
            writer.finish().expect("a vector has room");
        }
        newc::trailer(&mut archive).expect("a vector has room");
        unpack(&archive, room.path()).expect("it is an archive");
        room
    }

    #[test]
    fn ends_are_compared() {
        let (linux, room) = (Linux { emulator: None }, room());
        let try_out = |what: &str, end| linux.try_out(&run(&["ends", what], end), room.path());
        assert_eq!(try_out("exit 3", End::Status(3)), Ok(()));
        assert_eq!(try_out("kill -SEGV $$", End::Signal(11)), Ok(()));
        let refusal = try_out("exit 3", End::Status(4)).expect_err("it is another status");
        assert_eq!(refusal, "it ended with status 3\nhello value\n");
        let refusal = try_out("exit 11", End::Signal(11)).expect_err("it is a status");
        assert!(refusal.contains("it ended with status 11"), "{refusal}");
        let refusal = try_out("kill -FPE $$", End::Signal(11)).expect_err("it is another signal");
        assert!(refusal.contains("it ended with SIGFPE"), "{refusal}");
    }

    #[test]
    fn what_is_no_archive_is_an_error() {
        let room = tempfile::tempdir().expect("a folder for temporary files");
        assert!(unpack(b"", room.path()).is_err());
        assert!(unpack(&[7; 200], room.path()).is_err());
    }
}
