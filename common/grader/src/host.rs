//! Tries the properties of an exercise on the host, each in a process of its own.

use std::hash::{BuildHasher, RandomState};
use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use tutor::failure::{Failure, Result};
use tutor::processor_time;
use tutor::watch;

use crate::confine;
use crate::evidence::of_panic;
use crate::verdict::{Broken, Kind};

/// How long a property may keep a processor busy, where the system tells: a slow computer is no
/// fault of it.
const PROCESSOR: Duration = Duration::from_secs(20);

/// How long it may take on the clock on the wall, whatever it does meanwhile.
const PATIENCE: Duration = Duration::from_secs(120);

/// The most that is read of what a property prints.
const MOST_OUTPUT: u64 = 1 << 20;

/// Tries the property `name` of `exercise` with `program`; says how it is broken, if it is.
pub fn run(program: &Path, exercise: &str, name: &str, seed: u64) -> Result<Option<Broken>> {
    let nonce = format!("{:016x}", RandomState::new().hash_one(name));
    let mut words = confine::words().into_iter();
    let mut command = Command::new(words.next().expect("this program at least"));
    command.args(words).arg(program).args([exercise, name]).process_group(0);
    command.env("PROPTEST_RNG_SEED", seed.to_string()).env_remove("RUST_BACKTRACE");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child =
        command.spawn().map_err(|error| Failure::failed(format!("cannot start it: {error}")))?;
    // One that has ended already is judged by what it said.
    let _ = child.stdin.take().map(|mut input| writeln!(input, "{nonce}"));
    let output = child.stdout.take().expect("it is piped");
    let reader = thread::spawn(move || {
        let mut text = Vec::new();
        let _ = output.take(MOST_OUTPUT).read_to_end(&mut text);
        String::from_utf8_lossy(&text).into_owned()
    });
    let limit = wait(&mut child)?;
    let said = reader.join().unwrap_or_default();
    if let Some(limit) = limit {
        let what = format!("no end after {} s", limit.as_secs());
        return Ok(Some(Broken::new("host", Kind::Hung, what)));
    }
    Ok(judge(&said, &nonce))
}

/// Waits for `child`, and says which limit it reached, if it did not end by itself. Nobody of its
/// group is left.
fn wait(child: &mut Child) -> Result<Option<Duration>> {
    let start = Instant::now();
    let mut limit = None;
    while limit.is_none() && child.try_wait().ok().flatten().is_none() {
        thread::sleep(Duration::from_millis(5));
        limit = reached(child, start).or(watch::is_interrupted().then_some(PATIENCE));
    }
    // It may have gone already, and left nobody.
    let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
    let _ = child.wait();
    if watch::is_interrupted() { Err(Failure::silent(130)) } else { Ok(limit) }
}

/// The limit that `child`, which began at `start`, has reached.
fn reached(child: &Child, start: Instant) -> Option<Duration> {
    let busy = processor_time(child).filter(|time| *time >= PROCESSOR).map(|_| PROCESSOR);
    busy.or((start.elapsed() >= PATIENCE).then_some(PATIENCE))
}

/// What `said` says under `nonce`.
fn judge(said: &str, nonce: &str) -> Option<Broken> {
    let lines: Vec<&str> =
        said.lines().filter_map(|line| line.strip_prefix(nonce)?.strip_prefix(' ')).collect();
    let message: Vec<&str> = lines.iter().filter_map(|line| line.strip_prefix("| ")).collect();
    let place = lines.iter().find_map(|line| line.strip_prefix("at ")).unwrap_or_default();
    match lines.first() {
        Some(&"ok") => None,
        Some(&"failed") => Some(of_panic("host", &message.join("\n"), short(place))),
        _ => Some(Broken::new("host", Kind::Died, "it ended the program without a verdict")),
    }
}

/// `place` from the root of the repository on.
fn short(place: &str) -> &str {
    place.find("chapters/").map_or(place, |at| &place[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_sleeps_is_waited_for_and_not_for_ever() {
        let mut child = Command::new("sleep").arg("60").spawn().expect("everybody can sleep");
        let now = Instant::now();
        let limits = [reached(&child, now), reached(&child, now - PATIENCE)];
        child.kill().and_then(|()| child.wait()).expect("it is ours");
        assert_eq!(limits, [None, Some(PATIENCE)]);
    }

    #[test]
    fn only_what_follows_the_nonce_is_a_verdict() {
        assert_eq!(judge("noise\nabc ok\n", "abc"), None);
        for forged in ["", "ok\n", "xyz ok\n", "abcok\n"] {
            assert_eq!(judge(forged, "abc").map(|it| it.kind), Some(Kind::Died), "{forged}");
        }
    }

    #[test]
    fn a_failure_has_its_words_and_its_place() {
        let said = "abc failed\nabc | wrong answer\nabc |   input: 3\nabc at /r/chapters/x.rs:7\n";
        let broken = judge(said, "abc").expect("it failed");
        assert_eq!(broken.input.as_deref(), Some("3"));
        assert_eq!(broken.report, "at chapters/x.rs:7");
    }
}
