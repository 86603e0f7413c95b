//! Signals by number and by name.
//!
//! A program of ours sends signals, and dies of them or ignores them; none catches one.
//! (signal(7).)

use core::fmt;

use linux_raw_sys::general;

use crate::process::Pid;
use crate::syscall::{Errno, call};

/// A signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signal(pub u32);

impl Signal {
    /// No signal: only looks whether one could be sent.
    pub const NONE: Self = Self(0);
    /// What a terminal sends for `^C`.
    pub const INT: Self = Self(general::SIGINT);
    /// What it sends for `^\\`.
    pub const QUIT: Self = Self(general::SIGQUIT);
    /// Ends a process, which cannot do anything about it.
    pub const KILL: Self = Self(general::SIGKILL);
    /// What was written goes to nobody.
    pub const PIPE: Self = Self(general::SIGPIPE);
    /// Asks a process to end.
    pub const TERM: Self = Self(general::SIGTERM);

    /// The signal with this name, with or without `SIG`, or this number.
    pub fn parse(text: &str) -> Option<Self> {
        let name = text.strip_prefix("SIG").unwrap_or(text);
        let named = NAMES.iter().find(|(_, known)| *known == name).map(|(number, _)| *number);
        let number = named.or_else(|| text.parse().ok().filter(|number| *number <= LAST))?;
        Some(Self(number))
    }

    /// All signals that have names.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|(number, _)| Self(*number))
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match NAMES.iter().find(|(number, _)| *number == self.0) {
            Some((_, name)) => write!(f, "SIG{name}"),
            None => write!(f, "signal {}", self.0),
        }
    }
}

/// Sends `signal` to the process `pid`.
pub fn kill(pid: Pid, signal: Signal) -> Result<(), Errno> {
    let arguments = [pid.0 as usize, signal.0 as usize, 0, 0, 0, 0];
    // SAFETY: whom it ends does not go on; nobody else's memory changes.
    unsafe { call(general::__NR_kill, arguments) }?;
    Ok(())
}

/// What a process does with a signal; programs that it becomes do so as well. (sigaction(2).)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// What is usual with it.
    Usual = 0,
    /// Nothing.
    Ignore = 1,
}

/// Says what is to be done with `signal` from now on.
pub fn set_action(signal: Signal, action: Action) -> Result<(), Errno> {
    // A `struct sigaction` of the kernel: of four words only the first, the handler, matters here.
    let action = [action as usize, 0, 0, 0];
    let arguments = [signal.0 as usize, action.as_ptr() as usize, 0, size_of::<u64>(), 0, 0];
    // SAFETY: the kernel reads the action, by which no code of ours is ever called.
    unsafe { call(general::__NR_rt_sigaction, arguments) }?;
    Ok(())
}

/// The largest number of a signal.
const LAST: u32 = 64;

/// The same numbers on both machines.
static NAMES: [(u32, &str); 31] = [
    (general::SIGHUP, "HUP"),
    (general::SIGINT, "INT"),
    (general::SIGQUIT, "QUIT"),
    (general::SIGILL, "ILL"),
    (general::SIGTRAP, "TRAP"),
    (general::SIGABRT, "ABRT"),
    (general::SIGBUS, "BUS"),
    (general::SIGFPE, "FPE"),
    (general::SIGKILL, "KILL"),
    (general::SIGUSR1, "USR1"),
    (general::SIGSEGV, "SEGV"),
    (general::SIGUSR2, "USR2"),
    (general::SIGPIPE, "PIPE"),
    (general::SIGALRM, "ALRM"),
    (general::SIGTERM, "TERM"),
    (general::SIGSTKFLT, "STKFLT"),
    (general::SIGCHLD, "CHLD"),
    (general::SIGCONT, "CONT"),
    (general::SIGSTOP, "STOP"),
    (general::SIGTSTP, "TSTP"),
    (general::SIGTTIN, "TTIN"),
    (general::SIGTTOU, "TTOU"),
    (general::SIGURG, "URG"),
    (general::SIGXCPU, "XCPU"),
    (general::SIGXFSZ, "XFSZ"),
    (general::SIGVTALRM, "VTALRM"),
    (general::SIGPROF, "PROF"),
    (general::SIGWINCH, "WINCH"),
    (general::SIGIO, "IO"),
    (general::SIGPWR, "PWR"),
    (general::SIGSYS, "SYS"),
];
