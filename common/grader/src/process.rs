//! Other programs, run to their end and not one moment longer.

use std::io::Read;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use tutor::watch;

/// The most that is kept of what a program says.
const MOST_OUTPUT: u64 = 4 << 20;

/// Runs `command` in a group of its own to its end; whether it succeeded, and what it said. Nobody
/// of the group is left.
pub fn finish(
    command: &mut Command,
    patience: Duration,
) -> std::result::Result<(bool, String, String), String> {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    let output = gather(child.stdout.take().expect("it is piped"));
    let complaint = gather(child.stderr.take().expect("it is piped"));
    let status = wait(&mut child, patience);
    // It may have gone already, and left nobody.
    let _ = kill_process_group(Pid::from_child(&child), Signal::KILL);
    let _ = child.wait();
    let (said, complaint) =
        (output.join().unwrap_or_default(), complaint.join().unwrap_or_default());
    match status {
        Some(is_success) => Ok((is_success, said, complaint)),
        None => Err(format!("stopped after {} s", patience.as_secs())),
    }
}

/// Waits for `child`; whether it succeeded, or nothing if it is still there.
fn wait(child: &mut Child, patience: Duration) -> Option<bool> {
    let start = Instant::now();
    while start.elapsed() < patience && !watch::is_interrupted() {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status.success());
        }
        thread::sleep(Duration::from_millis(20));
    }
    None
}

/// Reads what comes from `source`; what is too much is read and forgotten.
fn gather(mut source: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut text = Vec::new();
        let _ = source.by_ref().take(MOST_OUTPUT).read_to_end(&mut text);
        let _ = std::io::copy(&mut source, &mut std::io::sink());
        String::from_utf8_lossy(&text).into_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_never_ends_is_stopped_and_what_floods_is_cut() {
        let mut sleeper = Command::new("sleep");
        let stopped = finish(sleeper.arg("60"), Duration::from_millis(100));
        assert!(stopped.expect_err("it sleeps").contains("stopped"));
        let mut flood = Command::new("head");
        flood.args(["-c", "20000000", "/dev/zero"]);
        let (is_success, said, _) = finish(&mut flood, Duration::from_secs(20)).expect("it ends");
        assert!(is_success);
        assert_eq!(said.len() as u64, MOST_OUTPUT);
    }
}
