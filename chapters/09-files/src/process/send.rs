//! Signals on their way: who gets them, and what that does.
//!
//! All processes are in one group, that of the first process, and share one terminal; groups are
//! for a shell that stops and resumes what it has started, and nothing is stopped here. The first
//! process gets from others only what it has a handler for, as all the rest depend on it: so on
//! Linux. It may end itself, which Linux does not let it, so that any program can be the first one.

use super::children::is_init;
use super::run::{find, with_current};
use super::signal::Signal;
use super::signals::{Number, Signals, Target};
use super::{Exit, Pid, Process, current, end};

/// Who is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// The process that this number means, its own or that of one of its threads.
    One(Pid),
    /// This thread; of this process, if one is said.
    Thread(Pid, Option<Pid>),
    /// The group of whoever sends: all there are.
    Group,
    /// All but the first process and whoever sends.
    Others,
}

/// The group that all processes are in.
pub fn group() -> Pid {
    Pid(1)
}

/// How many processes are meant by `to`, those among them that have ended but were not asked for.
pub fn count(to: To) -> usize {
    let mut count = 0;
    find(|process| {
        count += usize::from(is_meant(process, to));
        None::<()>
    });
    count
}

/// Sends `number` to all who are meant, and ends those whose end it is. Who sends is a process, or
/// the kernel.
pub fn send(sender: Option<Pid>, to: To, number: Number) {
    find(|process| {
        let is_kept =
            is_init(process.pid) && sender != Some(process.pid) && process.signals.is_usual(number);
        if is_meant(process, to) && !process.has_ended() && !is_kept {
            let target = match to {
                To::Thread(tid, _) => Target::Thread(tid),
                _ => Target::Process,
            };
            process.signals.send(target, number);
        }
        None::<()>
    });
    end_those_due();
}

/// Sends `signal` to all processes, as a terminal does.
pub fn send_to_all(signal: Signal) {
    // Whoever was interrupted by the key has nothing to do with it.
    send(None, To::Group, signal.into());
}

/// Lets `act` change what the process that runs wants of signals, and ends it if that lets one
/// through which is its end.
pub fn with_signals<T>(act: impl FnOnce(&mut Signals) -> T) -> T {
    let result = with_current(|process| act(&mut process.signals));
    end_those_due();
    result
}

/// Ends each process for which a signal has come through that is its end.
fn end_those_due() {
    let due = |process: &mut Process| {
        let is_alive = !process.has_ended();
        is_alive.then(|| process.signals.due()).flatten().map(|signal| (process.pid, signal))
    };
    while let Some((pid, signal)) = find(due) {
        end(pid, Exit::Killed(signal));
    }
}

fn is_meant(process: &Process, to: To) -> bool {
    match to {
        To::One(number) => process.has_number(number),
        To::Thread(tid, pid) => {
            process.signals.has_thread(tid) && pid.is_none_or(|pid| process.pid == pid)
        }
        To::Group => true,
        To::Others => !is_init(process.pid) && current() != Some(process.pid),
    }
}
