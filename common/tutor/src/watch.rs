//! Watches a run until it ends, by itself or because it never would.
//!
//! Three things can go on for ever: a loop of exceptions, which QEMU's log shows at once; sleep
//! with interrupts masked, which a look at the registers shows; and a loop in the kernel, which
//! only a limit ends. A test must not fail because the computer was slow or busy, so in tests the
//! limits are what the kernel itself used up: instructions (with `-icount` one is a nanosecond of
//! the machine's own time, and its clock can be read from outside), then processor time. One that
//! prints without end uses little of either, and keeps us busy meanwhile: there is a limit to that,
//! too. A limit on the clock on the wall is for what uses none, and for a reader who waits;
//! of a kernel that idles for ever [`wait`] finds out sooner.

mod wait;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use build_support::Machine;

use crate::coroner::{self, Ending, Monitor};
use crate::failure::{Failure, Result};
use crate::session::{News, Session};
use wait::Wait;

/// How often a run that says nothing is looked at.
const GLANCE: Duration = Duration::from_millis(250);

/// How long what was said before the end may take to arrive.
const DRAIN: Duration = Duration::from_millis(100);

/// 2024-01-01 00:00:00 UTC in seconds since 1970: when the clock of a counted run starts.
const START_OF_2024: u64 = 1_704_067_200;

/// How long a machine that sleeps with interrupts masked is given the benefit of the doubt.
const GLANCES_ASLEEP: u32 = 3;

/// How long a run may take.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// On the clock on the wall, since the last verdict, as below.
    pub time: Option<Duration>,
    /// In processor time of this computer, since the last verdict: each test has all of it.
    pub processor: Option<Duration>,
    /// In instructions, for a run under `-icount`; in whole thousand millions.
    pub instructions: Option<u64>,
    /// In bytes that it prints, and says of its tests.
    pub output: Option<u64>,
    /// Whether a wait that does not end is a limit, too: for a run under `-icount`.
    pub waits: bool,
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
    machine: &Machine,
    arch: &str,
    limits: Limits,
    mut hear: impl FnMut(&mut Session, &News),
) -> Outcome {
    let (clock, start) = (machine.clock, Instant::now());
    let mut watch = Watch {
        arch,
        clock,
        limits,
        start,
        used: Duration::ZERO,
        asleep: 0,
        wait: Wait::default(),
    };
    let mut last_glance = Instant::now();
    let mut printed = 0;
    loop {
        let mut outcome = match session.next(GLANCE) {
            Ok(news) => {
                hear(session, &news);
                watch.mind(session, &news);
                printed += bytes_of(&news);
                let flood = limits.output.filter(|limit| printed > *limit);
                outcome_by(&news).or(flood.map(|it| Outcome::Ended(Ending::OutputLimit(it))))
            }
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Outcome::Ended(ending_of_qemu(session))),
        };
        if outcome.is_none() && !is_interrupted() && last_glance.elapsed() >= GLANCE {
            outcome = watch.glance(session).map(Outcome::Ended);
            last_glance = Instant::now();
        }
        // Looked at last, since a glance at a QEMU that does not answer takes a while.
        if is_interrupted() {
            return Outcome::Interrupted;
        }
        if let Some(outcome) = outcome {
            drain(session, hear);
            return outcome;
        }
    }
}

/// Stops the machine, and hears what was said before and is still on its way.
fn drain(session: &mut Session, mut hear: impl FnMut(&mut Session, &News)) {
    session.qmp.ask("stop");
    while let Ok(news) = session.next(DRAIN) {
        hear(session, &news);
    }
}

/// How many bytes that the kernel has said `news` tells of.
fn bytes_of(news: &News) -> u64 {
    match news {
        News::Console(bytes) => bytes.len() as u64,
        News::Verdict(line) => line.len() as u64,
        _ => 0,
    }
}

/// The outcome that `news` tells of, if it does.
fn outcome_by(news: &News) -> Option<Outcome> {
    match news {
        News::Looping => Some(Outcome::Ended(Ending::Looping)),
        News::Event(event) if event.name == "SHUTDOWN" => match event.reason.as_str() {
            "guest-shutdown" => Some(Outcome::Ended(Ending::PoweredOff)),
            "guest-reset" => Some(Outcome::Ended(Ending::Reset)),
            // Ctrl-A X, or a signal: somebody has told QEMU to end.
            "host-qmp-quit" | "host-signal" | "host-ui" => Some(Outcome::Interrupted),
            // QEMU ends, and its status tells more.
            _ => None,
        },
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
    /// Where the machine's clock is, if it has an address.
    clock: Option<u64>,
    limits: Limits,
    start: Instant,
    /// The processor time used up until the last verdict.
    used: Duration,
    /// How often in a row the machine was found asleep.
    asleep: u32,
    /// The wait that it was found in last.
    wait: Wait,
}

impl Watch<'_> {
    /// After a verdict the next test has as much time as the one before had.
    fn mind(&mut self, session: &Session, news: &News) {
        if matches!(news, News::Verdict(_)) {
            self.start = Instant::now();
            self.used = session.processor_time().unwrap_or_default();
        }
    }

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
        let Limits { time, processor, instructions, .. } = self.limits;
        if instructions.is_some_and(|limit| executed(monitor, self.clock) > Some(limit)) {
            return instructions.map(Ending::InstructionLimit);
        }
        if processor.is_some_and(|limit| session.processor_time() > Some(self.used + limit)) {
            return processor.map(Ending::TimeLimit);
        }
        let monitor = &mut session.qmp;
        if self.limits.waits {
            let registers = coroner::waits(monitor, self.arch);
            self.wait.look(registers, executed(monitor, self.clock));
        }
        if self.wait.is_endless() {
            return Some(Ending::TimeLimit(GLANCE * wait::GLANCES));
        }
        time.filter(|limit| self.start.elapsed() > *limit).map(Ending::TimeLimit)
    }
}

/// How many instructions the machine has executed, to the thousand millions: under `-icount` that
/// is its clock in seconds.
fn executed(monitor: &mut dyn Monitor, clock: Option<u64>) -> Option<u64> {
    let seconds = match clock {
        Some(register) => {
            let answer = monitor.ask(&format!("xp /1wx {register:#x}"))?;
            let now = u64::from_str_radix(answer.trim().rsplit("0x").next()?, 16).ok()?;
            now.checked_sub(START_OF_2024)?
        }
        None => seconds_of_day(&monitor.ask("qom-get /machine rtc-time")?)?,
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
        assert_eq!(executed(&mut Answer(pl031), Some(0x901_0000)), Some(3_000_000_000));
        let cmos = r#"{"tm_year": 124, "tm_sec": 2, "tm_hour": 1, "tm_min": 1, "tm_mon": 0}"#;
        assert_eq!(executed(&mut Answer(cmos), None), Some(3_662_000_000_000));
        assert_eq!(executed(&mut Answer("Error: no such thing"), None), None);
        assert_eq!(executed(&mut Answer(""), Some(0x901_0000)), None);
    }

    #[test]
    fn an_end_is_told_by_whom_it_came_from() {
        let news =
            |reason: &str| News::Event(Event { name: "SHUTDOWN".into(), reason: reason.into() });
        let ended = |ending| Some(Outcome::Ended(ending));
        assert_eq!(outcome_by(&news("guest-reset")), ended(Ending::Reset));
        assert_eq!(outcome_by(&news("guest-shutdown")), ended(Ending::PoweredOff));
        assert_eq!(outcome_by(&news("host-qmp-quit")), Some(Outcome::Interrupted));
        assert_eq!(outcome_by(&news("host-error")), None);
        assert_eq!(outcome_by(&News::Looping), ended(Ending::Looping));
        assert_eq!(outcome_by(&News::Console(b"SHUTDOWN".to_vec())), None);
    }
}
