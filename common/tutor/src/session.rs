//! One run of QEMU: what happens in it, in the order in which it happens.
//!
//! Everything arrives as [`News`] on one channel: console text, verdicts, the monitor's events.
//! QEMU's log is kept in a [`Log`] that anyone may look into. Nothing is left behind: dropping a
//! [`Session`] ends QEMU, and where the system can, so does the death of this tool.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::net::sockopt::{set_socket_send_buffer_size, set_socket_send_buffer_size_force};

use crate::coroner::Log;
use crate::failure::{Failure, Result};
use crate::inherit;
use crate::prompts::{Pieces, Prompts};
use crate::qemu::{Console, Launch, Lines};
use crate::qmp::{Event, Qmp};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// The kernel printed this.
    Console(Vec<u8>),
    /// The kernel's tests reported this line.
    Verdict(String),
    /// QEMU said this unasked.
    Event(Event),
    /// QEMU's log shows the same exception again and again.
    Looping,
}

/// A running QEMU.
pub struct Session {
    arch: String,
    child: Child,
    /// Its monitor.
    pub qmp: Qmp,
    news: Receiver<News>,
    log: Arc<Mutex<Log>>,
    typist: Option<Sender<Pieces>>,
}

impl Session {
    /// Starts QEMU.
    pub fn start(launch: Launch, wants_verdicts: bool) -> Result<Self> {
        let [qmp, console, verdicts] = [pair()?, pair()?, pair()?];
        let hears_console = matches!(launch.console, Console::Heard);
        let lines = Lines {
            console: console.theirs.as_raw_fd(),
            verdicts: wants_verdicts.then(|| verdicts.theirs.as_raw_fd()),
        };
        let mut qemu = launch.command(&lines);
        add_instruments(&mut qemu, &qmp.theirs);
        inherit::pass_on(&mut qemu, &[&qmp.theirs, &console.theirs, &verdicts.theirs]);
        let mut child = qemu.spawn().map_err(|error| {
            Failure::failed(format!("cannot start {}: {error}", launch.machine.qemu))
        })?;
        // Only QEMU holds its ends from here on, so its death closes them.
        drop((qmp.theirs, console.theirs, verdicts.theirs));

        let (tell, news) = channel();
        let log = Arc::new(Mutex::new(Log::new(launch.arch)));
        let stderr = child.stderr.take().expect("standard error is piped");
        gather_log(BufReader::new(stderr), Arc::clone(&log), tell.clone());
        let mut typist = None;
        if hears_console {
            typist = console.ours.try_clone().ok().map(start_typist);
            let prompts = Prompts::new(launch.all_typed(), launch.input.clone());
            gather_console(console.ours, tell.clone(), prompts, typist.clone());
        }
        if wants_verdicts {
            gather_verdicts(BufReader::new(verdicts.ours), tell.clone());
        }
        let mut qmp = Qmp::new(qmp.ours, move |event| drop(tell.send(News::Event(event))))
            .map_err(|error| Failure::failed(format!("no monitor: {error}")))?;
        qmp.begin();
        Ok(Self { arch: launch.arch.into(), child, qmp, news, log, typist })
    }

    /// The next thing that happens within `patience`; the error says whether there was none yet or
    /// will be none.
    pub fn next(&self, patience: Duration) -> std::result::Result<News, RecvTimeoutError> {
        self.news.recv_timeout(patience)
    }

    /// Types `text` at a console that is heard, behind what is being typed already.
    ///
    /// QEMU takes it as fast as the kernel reads it, so this does not wait.
    pub fn type_in(&self, mut text: impl Iterator<Item = u8> + Send + 'static) {
        const PIECE: usize = 4096;
        let pieces = std::iter::from_fn(move || {
            let piece: Vec<u8> = text.by_ref().take(PIECE).collect();
            (!piece.is_empty()).then_some(piece)
        });
        if let Some(typist) = &self.typist {
            // Where the console is closed, nobody reads any more.
            let _ = typist.send(Box::new(pieces));
        }
    }

    /// What QEMU has logged up to now. What it logs from here on is not kept.
    pub fn take_log(&mut self) -> Log {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut log, Log::new(&self.arch))
    }

    /// How long QEMU has kept processors of this computer busy, where the system tells.
    pub fn processor_time(&self) -> Option<Duration> {
        processor_time(&self.child)
    }

    /// QEMU's exit status, if it has ended.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Waits for QEMU to end by itself, but not longer than `patience`.
    pub fn wait(&mut self, patience: Duration) -> Option<ExitStatus> {
        let start = Instant::now();
        loop {
            match self.ended() {
                None if start.elapsed() < patience => thread::sleep(Duration::from_millis(2)),
                ended => return ended,
            }
        }
    }

    /// Ends QEMU, gently at first.
    pub fn end(&mut self) {
        if self.ended().is_some() {
            return;
        }
        self.qmp.quit();
        if self.wait(Duration::from_secs(2)).is_none() {
            // Errors mean that it has ended meanwhile.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.end();
    }
}

/// How long `child` has kept processors of this computer busy, where the system tells.
pub fn processor_time(child: &Child) -> Option<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).ok()?;
    // Behind the name, which ends with the last parenthesis, the 12th and 13th fields are the
    // hundredths of a second spent in user mode and in the system. (proc(5).)
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    let mut hundredths = || fields.next()?.parse::<u64>().ok();
    Some(Duration::from_millis((hundredths()? + hundredths()?) * 10))
}

/// Two ends of a line.
struct Pair {
    ours: UnixStream,
    theirs: UnixStream,
}

/// How much may be under way from QEMU to us. Each byte of a console may cost a thousand there, and
/// when there is no room, QEMU lets the kernel wait: then its instructions are no longer counted
/// alike.
const UNDER_WAY: usize = 64 << 20;

fn pair() -> Result<Pair> {
    let (ours, theirs) =
        UnixStream::pair().map_err(|error| Failure::failed(format!("no socket: {error}")))?;
    // Only who is root may ask for as much; others get what the system allows everybody.
    let _ = set_socket_send_buffer_size_force(&theirs, UNDER_WAY)
        .or_else(|_| set_socket_send_buffer_size(&theirs, UNDER_WAY));
    Ok(Pair { ours, theirs })
}

/// What lets us look into the machine: the monitor, the log, and a machine that stands still when
/// it would go away. It stands still at first as well: what happens before the monitor is spoken to
/// it would not tell, and some kernels last no millisecond.
fn add_instruments(qemu: &mut Command, qmp: &UnixStream) {
    qemu.args(["-chardev", &format!("socket,id=qmp,fd={}", qmp.as_raw_fd())]);
    qemu.args(["-mon", "chardev=qmp,mode=control"]);
    qemu.args(["-S", "-action", "shutdown=pause", "-d", "int,cpu_reset,guest_errors"]);
    qemu.stderr(Stdio::piped());
}

fn gather_log(mut lines: impl BufRead + Send + 'static, log: Arc<Mutex<Log>>, tell: Sender<News>) {
    thread::spawn(move || {
        let mut line = Vec::new();
        let mut was_looping = false;
        while lines.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
            let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
            log.push_bytes(&line);
            if log.is_looping() && !was_looping {
                was_looping = true;
                // Nobody may be listening any more.
                let _ = tell.send(News::Looping);
            }
            line.clear();
        }
    });
}

fn gather_console(
    mut console: impl Read + Send + 'static,
    tell: Sender<News>,
    mut prompts: Prompts,
    typist: Option<Sender<Pieces>>,
) {
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(length @ 1..) = console.read(&mut buffer) {
            // Where the console is closed, nobody reads any more.
            let answer = |pieces| drop(typist.as_ref().map(|typist| typist.send(pieces)));
            prompts.hear(&buffer[..length], answer);
            if tell.send(News::Console(buffer[..length].to_vec())).is_err() {
                return;
            }
        }
    });
}

/// Starts what types at `console`, until QEMU or the session is gone.
fn start_typist(mut console: impl Write + Send + 'static) -> Sender<Pieces> {
    let (typist, texts) = channel::<Pieces>();
    thread::spawn(move || {
        for piece in texts.into_iter().flatten() {
            if console.write_all(&piece).is_err() {
                return;
            }
        }
    });
    typist
}

fn gather_verdicts(mut verdicts: impl BufRead + Send + 'static, tell: Sender<News>) {
    thread::spawn(move || {
        let mut line = Vec::new();
        // A kernel gone wild may send what is no text, and a correct verdict after it.
        while verdicts.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
            let text = String::from_utf8_lossy(&line).trim_end().to_string();
            if tell.send(News::Verdict(text)).is_err() {
                return;
            }
            line.clear();
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_after_bytes_that_are_no_text_are_heard() {
        let (tell, news) = channel();
        gather_verdicts(&b"one\n\xff\ntwo\n"[..], tell);
        let heard: Vec<News> = news.iter().collect();
        assert_eq!(heard.len(), 3);
        assert_eq!(heard[2], News::Verdict("two".into()));
    }
}
