//! Watches a run until it ends, by itself or because it never would.
//!
//! Three things can go on for ever: a loop of exceptions, which QEMU's log shows at once; sleep
//! with interrupts masked, which a look at the registers shows; and a loop in the kernel, which
//! only a limit ends. A test must not fail because the computer was slow or busy, so in tests the
//! limits are what the kernel itself used up: instructions (with `-icount` one is a nanosecond of
//! the machine's own time, and its clock can be read from outside), then processor time. A limit on
//! the clock on the wall is for what uses neither, and for a reader who waits.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use crate::coroner::{self, Ending, Monitor};
use crate::failure::{Failure, Result};
use crate::session::{News, Session};

/// How often a run that says nothing is looked at.
const GLANCE: Duration = Duration::from_millis(250);

/// How long what was said before the end may take to arrive.
const DRAIN: Duration = Duration::from_millis(50);

/// 2024-01-01 00:00:00 UTC in seconds since 1970: when the clock of a counted run starts.
const START_OF_2024: u64 = 1_704_067_200;

/// How long a machine that sleeps with interrupts masked is given the benefit of the doubt.
const GLANCES_ASLEEP: u32 = 3;

/// How long a run may take.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// On the clock on the wall.
    pub time: Option<Duration>,
    /// In processor time of this computer.
    pub processor: Option<Duration>,
    /// In instructions, for a run under `-icount`; in whole thousand millions.
    pub instructions: Option<u64>,
}

/// How the watch ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The machine's run is over.
    Ended(Ending),
    /// The reader wanted it to be over.
    Interrupted,
}

/// Set when the reader or the system asks this tool to stop.
static IS_INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Catches the signals that ask this tool to stop (Ctrl-C, a closed terminal, `kill`), so that it
/// can end QEMU first.
pub fn catch_signals() -> Result<()> {
    ctrlc::set_handler(|| IS_INTERRUPTED.store(true, Ordering::Relaxed))
        .map_err(|error| Failure::failed(format!("cannot catch signals: {error}")))
}

/// Whether this tool was asked to stop.
pub fn is_interrupted() -> bool {
    IS_INTERRUPTED.load(Ordering::Relaxed)
}

/// Follows `session` to its end; `hear` is told all that happens.
pub fn watch(
    session: &mut Session,
    arch: &str,
    limits: Limits,
    mut hear: impl FnMut(&News),
) -> Outcome {
    let mut watch = Watch { arch, limits, start: Instant::now(), asleep: 0 };
    let mut last_glance = Instant::now();
    loop {
        let mut outcome = match session.next(GLANCE) {
            Ok(news) => {
                hear(&news);
                outcome_by(&news)
            }
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Outcome::Ended(ending_of_qemu(session))),
        };
        if is_interrupted() {
            return Outcome::Interrupted;
        }
        if outcome.is_none() && last_glance.elapsed() >= GLANCE {
            outcome = watch.glance(session).map(Outcome::Ended);
            last_glance = Instant::now();
        }
        if let Some(outcome) = outcome {
            drain(session, hear);
            return outcome;
        }
    }
}

/// Hears what was said before the end and is still on its way.
fn drain(session: &mut Session, mut hear: impl FnMut(&News)) {
    let start = Instant::now();
    // A kernel that was stopped by a limit may go on printing: this must end all the same.
    while start.elapsed() < DRAIN * 10
        && let Ok(news) = session.next(DRAIN)
    {
        hear(&news);
    }
}

/// The outcome that `news` tells of, if it does.
fn outcome_by(news: &News) -> Option<Outcome> {
    match news {
        News::Looping => Some(Outcome::Ended(Ending::Looping)),
        News::Event(event) if event.name == "SHUTDOWN" => Some(match event.reason.as_str() {
            "guest-shutdown" => Outcome::Ended(Ending::PoweredOff),
            "guest-reset" => Outcome::Ended(Ending::Reset),
            // Ctrl-A X, Ctrl-C or another signal: somebody has told QEMU to end.
            _ => Outcome::Interrupted,
        }),
        _ => None,
    }
}

/// The end of a QEMU that is gone or about to be.
fn ending_of_qemu(session: &mut Session) -> Ending {
    let status = session.wait(Duration::from_secs(5)).and_then(|status| status.code());
    match status {
        Some(status @ 2..) => Ending::Status(status),
        status => Ending::QemuDied { status },
    }
}

/// A watch that is being kept.
struct Watch<'a> {
    arch: &'a str,
    limits: Limits,
    start: Instant,
    /// How often in a row the machine was found asleep.
    asleep: u32,
}

impl Watch<'_> {
    /// Looks at a run that goes on, and says why it should not.
    fn glance(&mut self, session: &mut Session) -> Option<Ending> {
        let monitor = &mut session.qmp;
        self.asleep = if coroner::is_asleep(monitor, self.arch) { self.asleep + 1 } else { 0 };
        if self.asleep >= GLANCES_ASLEEP {
            return Some(Ending::Asleep);
        }
        if self.asleep > 0 {
            // Its clock may leap ahead now: no instruction holds it back.
            return None;
        }
        let Limits { time, processor, instructions } = self.limits;
        if instructions.is_some_and(|limit| executed(monitor, self.arch) > Some(limit)) {
            return instructions.map(Ending::InstructionLimit);
        }
        if processor.is_some_and(|limit| session.processor_time() > Some(limit)) {
            return processor.map(Ending::TimeLimit);
        }
        time.filter(|limit| self.start.elapsed() > *limit).map(Ending::TimeLimit)
    }
}

/// How many instructions the machine has executed, to the thousand millions: under `-icount` that
/// is its clock in seconds.
fn executed(monitor: &mut dyn Monitor, arch: &str) -> Option<u64> {
    let seconds = match arch {
        // The data register of the PL031 at 0x0901_0000 holds the seconds since 1970.
        "aarch64" => {
            let answer = monitor.ask("xp /1wx 0x9010000")?;
            let now = u64::from_str_radix(answer.trim().rsplit("0x").next()?, 16).ok()?;
            now.checked_sub(START_OF_2024)?
        }
        _ => seconds_of_day(&monitor.ask("qom-get /machine rtc-time")?)?,
    };
    Some(seconds * 1_000_000_000)
}

/// The seconds since midnight in QEMU's account of a PC's clock.
fn seconds_of_day(answer: &str) -> Option<u64> {
    let time: serde_json::Value = serde_json::from_str(answer).ok()?;
    let field = |name: &str| time[name].as_u64();
    Some(field("tm_hour")? * 3600 + field("tm_min")? * 60 + field("tm_sec")?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::qmp::Event;

    struct Answer(&'static str);

    impl Monitor for Answer {
        fn ask(&mut self, _: &str) -> Option<String> {
            Some(self.0.into())
        }
    }

    #[test]
    fn instructions_are_read_from_the_clock() {
        let pl031 = "0000000009010000: 0x65920083\r\n";
        assert_eq!(executed(&mut Answer(pl031), "aarch64"), Some(3_000_000_000));
        let cmos = r#"{"tm_year": 124, "tm_sec": 2, "tm_hour": 1, "tm_min": 1, "tm_mon": 0}"#;
        assert_eq!(executed(&mut Answer(cmos), "x86_64"), Some(3_662_000_000_000));
        assert_eq!(executed(&mut Answer("Error: no such thing"), "x86_64"), None);
        assert_eq!(executed(&mut Answer(""), "aarch64"), None);
    }

    #[test]
    fn an_end_is_told_by_whom_it_came_from() {
        let news =
            |reason: &str| News::Event(Event { name: "SHUTDOWN".into(), reason: reason.into() });
        let ended = |ending| Some(Outcome::Ended(ending));
        assert_eq!(outcome_by(&news("guest-reset")), ended(Ending::Reset));
        assert_eq!(outcome_by(&news("guest-shutdown")), ended(Ending::PoweredOff));
        assert_eq!(outcome_by(&news("host-qmp-quit")), Some(Outcome::Interrupted));
        assert_eq!(outcome_by(&News::Looping), ended(Ending::Looping));
        assert_eq!(outcome_by(&News::Console(b"SHUTDOWN".to_vec())), None);
    }
}
