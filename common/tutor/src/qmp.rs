//! QEMU's monitor, spoken to in JSON lines (QMP).
//!
//! A thread reads what QEMU says: events go where all news of a run goes, answers come back here.
//! QEMU may die between any two words, so an answer may fail to come; then there is none. (QEMU,
//! docs/interop/qmp-spec.)

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::coroner::Monitor;

/// How long an answer may take. QEMU answers between two blocks of guest code; a loaded host needs
/// a moment for that.
const PATIENCE: Duration = Duration::from_secs(10);

/// The monitor of a running QEMU.
pub struct Qmp {
    stream: UnixStream,
    answers: Receiver<Value>,
    /// How many commands were given; each has its number, and its answer has the same.
    count: u64,
    /// Whether an answer did not come in time: then nobody is asked any more.
    is_silent: bool,
}

/// A thing that QEMU says unasked: its name, and what goes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its name, such as `SHUTDOWN`.
    pub name: String,
    /// Why, where the event says so.
    pub reason: String,
}

impl Qmp {
    /// Starts the conversation on `stream`; `tell` is called with each event.
    pub fn new(stream: UnixStream, tell: impl Fn(Event) + Send + 'static) -> std::io::Result<Self> {
        let (answer, answers) = channel();
        let reader = BufReader::new(stream.try_clone()?);
        thread::spawn(move || listen(reader, &answer, tell));
        let mut qmp = Self { stream, answers, count: 0, is_silent: false };
        // Without this QEMU takes no other command. If QEMU is dead already, its exit says so.
        let _ = qmp.execute("qmp_capabilities", Value::Null);
        Ok(qmp)
    }

    /// Has QEMU carry out `command`; `None` if it does not answer or refuses.
    pub fn execute(&mut self, command: &str, arguments: Value) -> Option<Value> {
        if self.is_silent {
            return None;
        }
        self.count += 1;
        let mut message = json!({ "execute": command, "id": self.count });
        if !arguments.is_null() {
            message["arguments"] = arguments;
        }
        let answer = writeln!(self.stream, "{message}").ok().and_then(|()| self.answer());
        self.is_silent = answer.is_none();
        answer?.get("return").cloned()
    }

    /// The answer to the last command.
    fn answer(&self) -> Option<Value> {
        let end = Instant::now() + PATIENCE;
        loop {
            let patience = end.saturating_duration_since(Instant::now());
            let answer = self.answers.recv_timeout(patience).ok()?;
            if answer["id"] == self.count {
                return Some(answer);
            }
        }
    }

    /// Lets a machine run that was started standing still. If QEMU is dead, its exit says so.
    pub fn begin(&mut self) {
        self.execute("cont", Value::Null);
    }

    /// Ends QEMU.
    pub fn quit(&mut self) {
        self.execute("quit", Value::Null);
    }
}

impl Monitor for Qmp {
    fn ask(&mut self, command: &str) -> Option<String> {
        let answer = self.execute("human-monitor-command", json!({ "command-line": command }))?;
        answer.as_str().map(str::to_string)
    }
}

fn listen(reader: impl BufRead, answer: &Sender<Value>, tell: impl Fn(Event)) {
    for line in reader.lines().map_while(Result::ok) {
        let Ok(message) = serde_json::from_str::<Value>(&line) else {
            continue;
        };
        if let Some(name) = message["event"].as_str() {
            let reason = message["data"]["reason"].as_str().unwrap_or_default();
            tell(Event { name: name.into(), reason: reason.into() });
        } else if message.get("QMP").is_none() && answer.send(message).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A monitor that gives the `answers`, one after each command, and the other end of the line.
    fn monitor(answers: &'static [&'static str]) -> Qmp {
        let (ours, theirs) = UnixStream::pair().expect("a socket");
        thread::spawn(move || {
            let mut stream = theirs.try_clone().expect("a descriptor");
            let commands = BufReader::new(theirs).lines();
            for (_, answer) in commands.zip(answers) {
                writeln!(stream, "{answer}").expect("somebody listens");
            }
        });
        Qmp::new(ours, |_| {}).expect("a thread")
    }

    #[test]
    fn an_answer_to_another_command_is_passed_over() {
        let mut qmp = monitor(&[
            r#"{"return": {}, "id": 1}"#,
            "{\"return\": \"late\", \"id\": 1}\n{\"return\": \"right\", \"id\": 2}",
        ]);
        assert_eq!(qmp.ask("x"), Some("right".into()));
    }

    #[test]
    fn a_monitor_that_is_gone_is_asked_no_more() {
        let mut qmp = monitor(&["{\"return\": {}, \"id\": 1}"]);
        assert_eq!(qmp.ask("x"), None);
        assert!(qmp.is_silent);
    }

    #[test]
    fn a_refusal_is_no_silence() {
        let mut qmp = monitor(&["{\"return\": {}, \"id\": 1}", "{\"error\": {}, \"id\": 2}"]);
        assert_eq!(qmp.ask("x"), None);
        assert!(!qmp.is_silent);
    }
}
