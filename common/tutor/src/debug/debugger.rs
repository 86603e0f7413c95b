//! gdb, and what it is told.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::failure::{Failure, Result};
use crate::watch;

/// How long a session without a person may take.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// The start of a session.
pub struct Script {
    /// The file that gdb reads first.
    file: PathBuf,
    commands: Vec<String>,
}

impl Script {
    /// A session that starts with the commands in `file`.
    pub fn new(file: &Path) -> Self {
        Self { file: file.into(), commands: Vec::new() }
    }

    /// Lets the session go on with `commands`.
    pub fn add<'a>(&mut self, commands: impl IntoIterator<Item = &'a str>) {
        self.commands.extend(commands.into_iter().map(String::from));
    }

    /// Has the session with a person, who ends it.
    pub fn run(&self, gdb: &str) -> Result<()> {
        let status =
            self.command(gdb, &["-q"]).status().map_err(|error| cannot_start(gdb, &error))?;
        // gdb's status is that of its last command, which a person has seen.
        let is_killed = status.code().is_none();
        if is_killed { Err(Failure::failed(format!("{gdb} died: {status}"))) } else { Ok(()) }
    }

    /// Has the session without a person; returns what gdb says, and what it complains of.
    pub fn run_alone(&self, gdb: &str) -> Result<(String, String)> {
        let (mut said, mut complained) = (scratch()?, scratch()?);
        let mut command = self.command(gdb, &["-q", "-nx", "-batch"]);
        command.stdin(Stdio::null()).stdout(again(&said)?).stderr(again(&complained)?);
        let mut child = command.spawn().map_err(|error| cannot_start(gdb, &error))?;
        let start = Instant::now();
        while child.try_wait().is_ok_and(|status| status.is_none()) {
            if watch::is_interrupted() || start.elapsed() > TIME_LIMIT {
                // Errors mean that it has ended meanwhile.
                let _ = child.kill();
                let _ = child.wait();
                let said = read(&mut said)?;
                return Err(Failure::failed(format!("{gdb} came to no end; it said:\n{said}")));
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok((read(&mut said)?, read(&mut complained)?))
    }

    /// What a person would type to have the session.
    pub fn command_line(&self, gdb: &str) -> String {
        let command = self.command(gdb, &["-q"]);
        let words = command.get_args().map(|word| quote(&word.to_string_lossy()));
        format!("{gdb} {}", words.collect::<Vec<_>>().join(" "))
    }

    fn command(&self, gdb: &str, options: &[&str]) -> Command {
        let mut command = Command::new(gdb);
        // Nothing here is in a package, so no server needs to be asked for its sources.
        command.env_remove("DEBUGINFOD_URLS");
        command.args(options).arg("-x").arg(&self.file);
        command.args(self.commands.iter().flat_map(|line| ["-ex", line]));
        command
    }
}

/// A file without a name. (A pipe would fill up, and gdb wait for its reader, who waits for gdb.)
fn scratch() -> Result<File> {
    tempfile::tempfile().map_err(no_file)
}

fn again(file: &File) -> Result<File> {
    file.try_clone().map_err(no_file)
}

/// All that is in `file`.
fn read(file: &mut File) -> Result<String> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0)).map_err(no_file)?;
    file.read_to_end(&mut bytes).map_err(no_file)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn no_file(error: io::Error) -> Failure {
    Failure::io("use a file in", &std::env::temp_dir(), &error)
}

/// `word` as a shell takes it.
pub fn quote(word: &str) -> String {
    let is_plain = |character: char| character.is_alphanumeric() || "/-_.:=".contains(character);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.into();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

fn cannot_start(gdb: &str, error: &io::Error) -> Failure {
    Failure::failed(format!("cannot start {gdb}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_line_can_be_typed() {
        let mut script = Script::new(Path::new("/a b/x.gdb"));
        script.add(["target remote localhost:1", "echo it's"]);
        let expected = r"gdb -q -x '/a b/x.gdb' -ex 'target remote localhost:1' -ex 'echo it'\''s'";
        assert_eq!(script.command_line("gdb"), expected);
    }

    #[test]
    fn what_a_program_says_is_returned() {
        // `echo` stands for gdb: it says what it is told.
        let script = Script::new(Path::new("x.gdb"));
        let (said, complained) = script.run_alone("echo").expect("it is there");
        assert!(said.contains("-batch -x x.gdb"), "{said}");
        assert_eq!(complained, "");
        assert!(script.run_alone("no-such-gdb").is_err());
    }
}
