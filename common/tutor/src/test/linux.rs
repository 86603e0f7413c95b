//! This computer's Linux, as far as it runs programs for our machines.
//!
//! Programs for this computer's processor run as they are, others in QEMU's emulation of Linux.

use std::ffi::OsStr;
use std::fs;
use std::io::{Read, Seek, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use build_support::End;

use crate::doctor;
use crate::inherit;

/// A program that runs longer hangs.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a program has done: how it ended, and what it has printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// How it ended.
    pub end: End,
    /// What it has printed, to whomever.
    pub said: Vec<u8>,
}

/// A way to run programs for Linux.
pub struct Linux {
    /// The program that emulates the processor, where it is not this computer's.
    emulator: Option<PathBuf>,
}

impl Linux {
    /// The way for programs of `arch`, if there is one here.
    pub fn find(arch: &str) -> Option<Self> {
        if cfg!(target_os = "linux") && std::env::consts::ARCH == arch {
            return Some(Self { emulator: None });
        }
        let emulator = doctor::find_linux(arch)?;
        Some(Self { emulator: Some(emulator) })
    }

    /// The way for scripts, and for programs of this computer's processor.
    #[cfg(test)]
    pub fn here() -> Self {
        Self { emulator: None }
    }

    /// What to say where there is no way for `arch`.
    pub fn missing(arch: &str) -> String {
        format!("there is no qemu-{arch} to run programs for Linux: `make setup` installs it")
    }

    /// Runs the program and the arguments that `words` name in `room`, with nothing but
    /// `environment` and with `input` to read, and tells what came of it.
    pub fn execute(
        &self,
        words: &[String],
        environment: &[&str],
        input: &[u8],
        room: &Path,
    ) -> Result<Ended, String> {
        let (program, arguments) = words.split_first().ok_or("no program is named")?;
        let failed = |error: std::io::Error| format!("no output: {error}");
        let output = tempfile::tempfile().map_err(failed)?;
        let (input_end, mut ours) = std::io::pipe().map_err(failed)?;
        // A death by a signal would leave a file as large as the memory of the dead. A shell adds
        // to the environment of what it starts. And whoever has started us may have ignored
        // signals, as shells do for what runs in the background.
        let mut command = Command::new("sh");
        command.args(["-c", "ulimit -c 0; exec env -i --default-signal \"$@\"", "sh"]);
        match &self.emulator {
            None => command.args(environment),
            // It passes the environment on from its end to its beginning.
            Some(emulator) => command.args(environment.iter().rev()).arg(emulator),
        };
        command.arg(format!("bin/{program}")).args(arguments);
        command.current_dir(room).stdin(input_end);
        command.stdout(output.try_clone().map_err(failed)?);
        command.stderr(output.try_clone().map_err(failed)?);
        inherit::pass_on(&mut command, &[]);
        let mut child = command.spawn().map_err(|error| format!("cannot start it: {error}"))?;
        // The command holds an end of the pipe, whose other end would never hear of its closing.
        drop(command);
        let input = input.to_vec();
        // A program need not read what there is for it.
        thread::spawn(move || drop(ours.write_all(&input)));
        let status = wait(&mut child)?;
        let end = match (status.code(), status.signal()) {
            (Some(code), _) => End::Status(code),
            (None, signal) => End::Signal(signal.unwrap_or_default()),
        };
        Ok(Ended { end, said: all_of(output).map_err(failed)? })
    }
}

/// Waits for the end of `child`, but not for ever.
fn wait(child: &mut Child) -> Result<ExitStatus, String> {
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
fn all_of(mut file: fs::File) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Puts the files of `archive` into `folder`.
pub fn unpack(archive: &[u8], folder: &Path) -> std::io::Result<()> {
    for (name, entry) in build_support::unpack(archive)? {
        let path = folder.join(name);
        if entry.is_folder() {
            fs::create_dir_all(&path)?;
        } else if entry.is_link() {
            symlink(OsStr::from_bytes(&entry.bytes), &path)?;
        } else {
            fs::write(&path, entry.bytes)?;
            fs::set_permissions(&path, fs::Permissions::from_mode(entry.mode & 0o777))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of the script `text` with `input` to read.
    fn run(text: &str, input: &[u8]) -> Ended {
        let room = tempfile::tempdir().expect("a folder for temporary files");
        let script = build_support::Entry::program(text.into());
        let link = build_support::Entry::link("real/script");
        let entries = [("bin/real/script".into(), script), ("bin/script".into(), link)];
        let archive = build_support::pack_entries(entries.into()).expect("the names are right");
        unpack(&archive, room.path()).expect("it is an archive");
        let words = ["script".to_string(), "a b".into()];
        Linux::here().execute(&words, &["NAME=value"], input, room.path()).expect("it ends")
    }

    #[test]
    fn a_program_gets_its_words_and_its_input_and_nothing_else() {
        let script = "#!/usr/bin/awk -f\nBEGIN { print ARGV[1], ENVIRON[\"NAME\"], \
                      length(ENVIRON[\"HOME\"]); while (getline line < \"-\") print line }\n";
        let ended = run(script, b"one\ntwo\n");
        assert_eq!(String::from_utf8_lossy(&ended.said), "a b value 0\none\ntwo\n");
        assert_eq!(ended.end, End::Status(0));
    }

    #[test]
    fn a_death_by_a_signal_is_told() {
        assert_eq!(run("#!/bin/sh\nkill -TERM $$\n", b"").end, End::Signal(15));
    }

    #[test]
    fn input_that_nobody_reads_stops_nothing() {
        assert_eq!(run("#!/bin/sh\nexit 3\n", &[0; 1 << 20]).end, End::Status(3));
    }
}
