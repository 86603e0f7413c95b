//! What children are sent to do: each comes to its end by itself, and says by it what it has found.

use core::ffi::CStr;
use core::time::Duration;

use linux_raw_sys::general;
use user::process::{End, Pid, getpid, getppid, try_wait};
use user::signal::{Signal, kill};
use user::{report, time};

/// What a child does whose parent is the one given, and what that is called.
pub type Errand = (fn(Pid) -> i32, &'static str);

/// What they may do.
pub const ERRANDS: [Errand; 16] = [
    (|_| 0, "exit with 0"),
    (|_| 255, "exit with 255"),
    (|_| 300, "exit with 300"),
    (|_| raise(general::SIGHUP), "raise SIGHUP"),
    (|_| raise(general::SIGINT), "raise SIGINT"),
    (|_| raise(general::SIGKILL), "raise SIGKILL"),
    (|_| raise(general::SIGUSR1), "raise SIGUSR1"),
    (|_| raise(general::SIGTERM), "raise SIGTERM"),
    (|_| raise(general::SIGCHLD), "raise SIGCHLD"),
    (|_| raise(general::SIGURG), "raise SIGURG"),
    (|_| raise(general::SIGWINCH), "raise SIGWINCH"),
    (|parent| i32::from(getppid() == parent), "ask for its parent"),
    (|_| without_children(), "wait for nobody"),
    (|_| with_child(), "have a child"),
    (|_| with_killed_child(), "kill a child"),
    (|_| become_program(c"bin/nothing"), "become nothing"),
];

/// Sleeps until it is killed.
pub fn sleep() -> i32 {
    while time::sleep(Duration::from_secs(100)).is_ok() {}
    1
}

/// Sends itself a signal.
fn raise(signal: u32) -> i32 {
    // What the parent sees of it is looked at.
    let _ = kill(getpid(), Signal(signal));
    7
}

/// The children of its parent are not its own.
fn without_children() -> i32 {
    try_wait(Pid::ANY).map_or_else(|error| error.0 as i32, |_| 0)
}

/// One that ends, and one that may outlive it.
fn with_child() -> i32 {
    let pid = report::start_child(|| 5);
    report::start_child(|| 6);
    status(report::reap(pid))
}

fn with_killed_child() -> i32 {
    let pid = report::start_child(sleep);
    let _ = kill(pid, Signal::TERM);
    status(report::reap(pid))
}

/// A status that tells of an end.
fn status(end: Option<End>) -> i32 {
    match end {
        Some(End::Exited(status)) => 100 + i32::from(status),
        Some(End::Killed(signal)) => 128 + signal.0 as i32,
        None => 99,
    }
}

/// Becomes another program, without arguments, or tells why not.
pub fn become_program(path: &CStr) -> i32 {
    let (path, list) = (path.as_ptr() as usize, [path.as_ptr() as usize, 0]);
    let arguments = [path, list.as_ptr() as usize, 0];
    // SAFETY: the kernel reads the texts, and nothing of this program is left then.
    let refused = unsafe { report::ask_silently(general::__NR_execve, &arguments) };
    refused.map_or_else(|error| error.0 as i32, |_| 0)
}
