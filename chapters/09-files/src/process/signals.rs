//! The signals of a process: what it wants done with each, and which of them are still to be done.
//!
//! A signal is for a process or for one of its threads. What is to be done with it is the process's
//! to say, whether it may come now is the thread's: one that is *blocked* stays *pending*. Who
//! ignores a signal is not told; who blocks it may yet change its mind.
//!
//! ```text
//!                is it ignored,
//!  send ────────and not blocked? ── no ──> pending ── not blocked any more ──> due
//!                      |                                                        |
//!                     yes: nothing        handler: nothing, default: the process ends
//! ```
//!
//! Programs can ask for functions of theirs to be called. This kernel remembers that, and tells it
//! to whoever asks, but calls none: such a signal has no effect, as if the function did nothing.
//! That is what `sh` needs for SIGCHLD and a shell for `^C`; only faults end a program whatever it
//! has asked for. Nothing is stopped, either, and real-time signals end nobody and are not counted.

mod state;

use alloc::collections::TryReserveError;
use alloc::vec::Vec;

use linux_raw_sys::general;

use super::Pid;
use super::signal::Signal;

/// How many signals there are, the real-time ones among them.
pub const COUNT: u32 = general::_NSIG;

/// The number of a signal: from 1 to [`COUNT`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number(u32);

/// Signals, the first in the lowest bit: the kernel's `sigset_t`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Set(pub u64);

/// What is to be done with a signal: the kernel's `struct sigaction`, on both machines.
///
/// ```text
///  0         8       16         24     32
/// | handler | flags | restorer | mask |
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Action {
    /// A function of the program, or one of two numbers: 0 for what is usual, 1 for nothing.
    pub handler: u64,
    /// How it is to be called.
    pub flags: u64,
    /// Where it is to return to.
    pub restorer: u64,
    /// What is blocked meanwhile.
    pub mask: Set,
}

/// Another stack, for handlers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stack {
    /// Where it begins.
    pub start: u64,
    /// Whether it is one at all, and one small thing more.
    pub flags: u32,
    /// How large it is.
    pub bytes: u64,
}

/// Who a signal is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The process: any thread will do.
    Process,
    /// This thread of it.
    Thread(Pid),
}

/// What is usually done with a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Usual {
    End(Signal),
    Nothing,
}

/// The signals of a process.
#[derive(Debug)]
pub struct Signals {
    /// What is to be done with each; the first is that of number 1.
    actions: Vec<Action>,
    /// Those that any thread may take.
    pending: Set,
    threads: Vec<Thread>,
}

/// The signals of a thread.
#[derive(Clone, Copy, Debug)]
struct Thread {
    tid: Pid,
    blocked: Set,
    pending: Set,
    stack: Stack,
}

impl Number {
    /// The signal with this number, if there is one.
    pub fn new(number: u64) -> Option<Self> {
        let number = u32::try_from(number).ok()?;
        (1..=COUNT).contains(&number).then_some(Self(number))
    }

    /// Its name, unless it is a real-time signal.
    pub fn signal(self) -> Option<Signal> {
        Signal::ALL.get(self.index()).copied()
    }

    /// Whether a program has no say in what is done with it.
    pub fn is_absolute(self) -> bool {
        Set::ABSOLUTE.has(self)
    }

    fn index(self) -> usize {
        self.0 as usize - 1
    }

    /// What is done with it if the program does not say.
    fn usual(self) -> Usual {
        use Signal::{
            Child, Continue, Stop, TerminalInput, TerminalOutput, TerminalStop, Urgent, Window,
        };
        match self.signal() {
            None | Some(Child | Continue | Urgent | Window) => Usual::Nothing,
            Some(Stop | TerminalStop | TerminalInput | TerminalOutput) => Usual::Nothing,
            Some(signal) => Usual::End(signal),
        }
    }
}

impl From<Signal> for Number {
    fn from(signal: Signal) -> Self {
        Self(signal as u32)
    }
}

impl Set {
    /// None of them.
    pub const NONE: Self = Self(0);

    /// Those that can be neither blocked nor ignored nor handled.
    pub const ABSOLUTE: Self =
        Self(1 << (Signal::Kill as u32 - 1) | 1 << (Signal::Stop as u32 - 1));

    /// Whether `number` is among them.
    pub fn has(self, number: Number) -> bool {
        self.0 & 1 << number.index() != 0
    }

    /// These and `number`.
    pub fn with(self, number: Number) -> Self {
        Self(self.0 | 1 << number.index())
    }

    /// These, but not `others`.
    pub fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    /// These and `others`.
    pub fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    fn numbers(self) -> impl Iterator<Item = Number> {
        (1..=COUNT).map(Number).filter(move |number| self.has(*number))
    }
}

impl Action {
    /// Bytes of a `struct sigaction`.
    pub const BYTES: usize = 32;

    /// What is usual.
    pub const USUAL: Self = Self { handler: 0, flags: 0, restorer: 0, mask: Set::NONE };

    /// The handler that stands for nothing at all.
    const IGNORE: u64 = 1;

    /// The flags that Linux knows. It forgets all others, so that a program can find out.
    const FLAGS: u64 = (general::SA_NOCLDSTOP
        | general::SA_NOCLDWAIT
        | general::SA_SIGINFO
        | general::SA_EXPOSE_TAGBITS
        | general::SA_RESTORER
        | general::SA_ONSTACK
        | general::SA_RESTART
        | general::SA_NODEFER
        | general::SA_RESETHAND) as u64;

    /// Reads a `struct sigaction`.
    pub fn from_bytes(bytes: &[u8; Self::BYTES]) -> Self {
        let [handler, flags, restorer, mask] = [0, 8, 16, 24]
            .map(|offset| u64::from_le_bytes(core::array::from_fn(|index| bytes[offset + index])));
        Self { handler, flags, restorer, mask: Set(mask) }
    }

    /// Writes a `struct sigaction`.
    pub fn to_bytes(self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        let words = [self.handler, self.flags, self.restorer, self.mask.0];
        for (place, word) in bytes.chunks_exact_mut(8).zip(words) {
            place.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }
}

impl Stack {
    /// None.
    pub const NONE: Self = Self { start: 0, flags: general::SS_DISABLE, bytes: 0 };
}

impl Signals {
    /// Those of a new process, whose only thread is `tid`.
    pub fn new(tid: Pid) -> Result<Self, TryReserveError> {
        let mut signals = Self { actions: Vec::new(), pending: Set::NONE, threads: Vec::new() };
        signals.actions.try_reserve_exact(COUNT as usize)?;
        signals.actions.resize(COUNT as usize, Action::USUAL);
        signals.threads.try_reserve(1)?;
        let (blocked, pending, stack) = (Set::NONE, Set::NONE, Stack::NONE);
        signals.threads.push(Thread { tid, blocked, pending, stack });
        Ok(signals)
    }

    /// Those of a child with the thread `tid`, which the thread `parent` makes: what is pending is
    /// not the child's.
    pub fn fork(&self, parent: Pid, tid: Pid) -> Result<Self, TryReserveError> {
        let mut child = Self::new(tid)?;
        child.actions.copy_from_slice(&self.actions);
        child.threads[0] = Thread { tid, pending: Set::NONE, ..*self.thread(parent) };
        Ok(child)
    }

    /// Forgets what the program of the thread `old` has asked for, since it becomes another one,
    /// and the only thread, `new`. What it ignores stays ignored, what is blocked blocked and what
    /// is pending pending.
    pub fn execve(&mut self, old: Pid, new: Pid) {
        for action in self.actions.iter_mut().filter(|action| action.handler != Action::IGNORE) {
            *action = Action::USUAL;
        }
        let thread = Thread { tid: new, stack: Stack::NONE, ..*self.thread(old) };
        self.threads.clear();
        self.threads.push(thread);
    }

    /// Notes that the thread `parent` has made the thread `tid`, which blocks what that one does.
    pub fn add_thread(&mut self, parent: Pid, tid: Pid) -> Result<(), TryReserveError> {
        self.threads.try_reserve(1)?;
        let blocked = self.thread(parent).blocked;
        let (pending, stack) = (Set::NONE, Stack::NONE);
        self.threads.push(Thread { tid, blocked, pending, stack });
        Ok(())
    }

    /// Forgets the thread `tid`, which ends.
    pub fn remove_thread(&mut self, tid: Pid) {
        self.threads.retain(|thread| thread.tid != tid);
    }

    /// Whether `tid` is one of the threads.
    pub fn has_thread(&self, tid: Pid) -> bool {
        self.threads.iter().any(|thread| thread.tid == tid)
    }
}
