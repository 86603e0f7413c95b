//! Processes: making one, becoming another program, waiting for one's end.
//!
//! ```text
//!  parent ── fork ──┬──────────────────── wait4 ──> how it ended
//!                   │                       ^
//!                   └─> child ── execve ──> another program ── exit
//! ```
//!
//! Both machines have `clone`, and only x86_64 also a `fork`; so a fork is a clone that shares
//! nothing. (fork(2), clone(2), execve(2), wait(2).)

use alloc::vec::Vec;
use core::ffi::{CStr, c_char};
use core::fmt;
use core::ptr;

use linux_raw_sys::general;

use crate::signal::Signal;
use crate::syscall::{Errno, call};

/// The number of a process or of a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pid(pub i32);

impl Pid {
    /// To [`wait`]: whichever child ends first.
    pub const ANY: Self = Self(-1);
    /// The first process, which becomes the parent of all orphans.
    pub const INIT: Self = Self(1);
}

impl fmt::Display for Pid {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// By itself, with this status.
    Exited(u8),
    /// By this signal.
    Killed(Signal),
}

impl End {
    /// From the word that `wait4` writes: a status in bits 8 to 15 when bits 0 to 6, the signal,
    /// are 0. Bit 7 says whether the dead left an image of its memory, which is not asked here.
    pub fn from_word(word: u32) -> Self {
        match word & 0x7f {
            0 => Self::Exited((word >> 8) as u8),
            signal => Self::Killed(Signal(signal)),
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Exited(status) => write!(f, "exited with {status}"),
            Self::Killed(signal) => write!(f, "killed by {signal}"),
        }
    }
}

/// Makes a copy of this process. To the copy it answers `None`, to the original the copy's number.
///
/// Only the thread that asks is copied: what others held locked stays locked in the copy.
pub fn fork() -> Result<Option<Pid>, Errno> {
    let arguments = [general::SIGCHLD as usize, 0, 0, 0, 0, 0];
    // SAFETY: the copy has memory of its own, and goes on with our stack as it is.
    match unsafe { call(general::__NR_clone, arguments) }? {
        0 => Ok(None),
        pid => Ok(Some(Pid(pid as i32))),
    }
}

/// Makes this process run the program at `path`. It comes back only with an error.
pub fn execve(path: &CStr, arguments: &[&CStr], environment: &[&CStr]) -> Errno {
    let (arguments, environment) = (pointers(arguments), pointers(environment));
    let (arguments, environment) = (arguments.as_ptr() as usize, environment.as_ptr() as usize);
    // SAFETY: the kernel only reads the texts, until nothing of this program is left.
    match unsafe {
        call(general::__NR_execve, [path.as_ptr() as usize, arguments, environment, 0, 0, 0])
    } {
        Err(error) => error,
        Ok(_) => unreachable!("this program is no more"),
    }
}

/// The addresses of `texts`, and the zero behind them.
fn pointers(texts: &[&CStr]) -> Vec<*const c_char> {
    texts.iter().map(|text| text.as_ptr()).chain([ptr::null()]).collect()
}

/// Waits until the child `who` ends, and says which one it was and how it ended.
pub fn wait(who: Pid) -> Result<(Pid, End), Errno> {
    loop {
        match wait4(who, 0) {
            Ok(Some(ended)) => return Ok(ended),
            Ok(None) | Err(Errno::EINTR) => {}
            Err(error) => return Err(error),
        }
    }
}

/// Looks whether the child `who` has ended: `None` while it has not.
pub fn try_wait(who: Pid) -> Result<Option<(Pid, End)>, Errno> {
    wait4(who, general::WNOHANG)
}

fn wait4(who: Pid, options: u32) -> Result<Option<(Pid, End)>, Errno> {
    let mut word = 0_u32;
    let arguments = [who.0 as usize, &raw mut word as usize, options as usize, 0, 0, 0];
    // SAFETY: the kernel writes how the child ended to where there is room for it.
    match unsafe { call(general::__NR_wait4, arguments) }? {
        0 => Ok(None),
        pid => Ok(Some((Pid(pid as i32), End::from_word(word)))),
    }
}

/// The number of this process.
pub fn getpid() -> Pid {
    number(general::__NR_getpid)
}

/// The number of this process's parent.
pub fn getppid() -> Pid {
    number(general::__NR_getppid)
}

/// The number of this thread; that of the first one is the process's.
pub fn gettid() -> Pid {
    number(general::__NR_gettid)
}

/// Asks a question that has a number as its answer.
fn number(call_number: u32) -> Pid {
    // SAFETY: these calls take no arguments, and change nothing.
    let answer = unsafe { call(call_number, [0; 6]) };
    Pid(answer.expect("a process has a number, and such a question no way to fail") as i32)
}
