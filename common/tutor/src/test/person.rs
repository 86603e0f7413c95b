//! Somebody at a terminal: runs this tool as a person does, types, and looks at the screen.
//!
//! Whether a key is a signal or a byte, and for whom, is settled by the terminal: a pipe would show
//! nothing of it. So there is a real one, which leads a session as that of a login does.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::OFlags;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use super::commands::Finding;
use crate::inherit;

/// How long a person waits for words, and for an end.
const PATIENCE: Duration = Duration::from_secs(60);

/// A person, and what they have started.
pub struct Person {
    child: Child,
    keys: File,
    screen: Receiver<Vec<u8>>,
    /// What was seen behind the words that were waited for last.
    seen: Vec<u8>,
}

impl Person {
    /// Starts `command` at a terminal of its own.
    pub fn start(mut command: Command) -> Result<Self, String> {
        let (keys, terminal) = terminal().map_err(|error| format!("no terminal: {error}"))?;
        let copy = || terminal.try_clone().map(Stdio::from).map_err(|error| error.to_string());
        command.stdin(copy()?).stdout(copy()?).stderr(copy()?);
        inherit::lead_session(&mut command);
        let child = command.spawn().map_err(|error| format!("{command:?}: {error}"))?;
        let screen = keys.try_clone().map_err(|error| error.to_string())?;
        Ok(Self { child, keys, screen: follow(screen), seen: Vec::new() })
    }

    /// Waits until `words` are seen, behind those that were waited for before.
    pub fn wait_for(&mut self, words: &str) -> Finding {
        let start = Instant::now();
        loop {
            let mut places = self.seen.windows(words.len());
            if let Some(place) = places.position(|place| place == words.as_bytes()) {
                self.seen.drain(..place + words.len());
                return Ok(());
            }
            let rest = PATIENCE.saturating_sub(start.elapsed());
            match self.screen.recv_timeout(rest) {
                Ok(piece) => self.seen.extend(piece),
                Err(_) => {
                    return Err(format!("`{words}` does not come; instead:\n{}", self.seen()));
                }
            }
        }
    }

    /// Types `keys`.
    pub fn types(&mut self, keys: &str) -> Finding {
        self.keys.write_all(keys.as_bytes()).map_err(|error| format!("nobody reads: {error}"))
    }

    /// How what was started ends.
    pub fn end(&mut self) -> Result<ExitStatus, String> {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            match self.child.try_wait() {
                Ok(Some(status)) => return Ok(status),
                Ok(None) => thread::sleep(Duration::from_millis(10)),
                Err(error) => return Err(error.to_string()),
            }
        }
        Err(format!("it does not end:\n{}", self.seen()))
    }

    /// What was seen since the last words.
    fn seen(&mut self) -> String {
        self.seen.extend(self.screen.try_iter().flatten());
        String::from_utf8_lossy(&self.seen).replace('\r', "")
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        // Errors mean that it has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A terminal: the person's end of it, and the programs' end.
fn terminal() -> std::io::Result<(File, File)> {
    let keys = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
    grantpt(&keys)?;
    unlockpt(&keys)?;
    let name = ptsname(&keys, Vec::new())?;
    let mut options = OpenOptions::new();
    options.read(true).write(true).custom_flags(OFlags::NOCTTY.bits() as i32);
    let terminal = options.open(name.to_string_lossy().as_ref())?;
    Ok((keys.into(), terminal))
}

/// What appears on `screen`, until all who could write there have ended.
fn follow(mut screen: File) -> Receiver<Vec<u8>> {
    let (tell, seen) = channel();
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(length @ 1..) = screen.read(&mut buffer) {
            if tell.send(buffer[..length].to_vec()).is_err() {
                return;
            }
        }
    });
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Person {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Person::start(command).expect("there are terminals")
    }

    #[test]
    fn words_come_in_order_and_what_is_typed_arrives() {
        let mut person = shell("echo one two; read word; echo got $word; exit 3");
        person.wait_for("two").expect("it is printed");
        person.types("three\n").expect("it reads");
        person.wait_for("got three").expect("it answers");
        assert_eq!(person.end().expect("it ends").code(), Some(3));
        let why = person.wait_for("one").expect_err("that was before");
        assert!(why.starts_with("`one` does not come"), "{why}");
    }

    #[test]
    fn a_key_is_a_signal_where_the_terminal_says_so() {
        let mut person = shell("trap 'echo told; exit 4' INT; echo ready; while :; do :; done");
        person.wait_for("ready").expect("it is printed");
        person.types("\x03").expect("it is open");
        person.wait_for("told").expect("it is a signal");
        assert_eq!(person.end().expect("it ends").code(), Some(4));
    }
}
