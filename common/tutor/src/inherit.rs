//! What a child process gets from us: open lines, and the wish not to outlive us.

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::Command;

use rustix::io::{FdFlags, fcntl_setfd};

/// Lets the process that `command` starts keep `streams` open, and die when this process dies.
pub fn pass_on(command: &mut Command, streams: &[&UnixStream]) {
    let numbers: Vec<i32> = streams.iter().map(|stream| stream.as_raw_fd()).collect();
    let prepare = move || prepare(&numbers);
    // SAFETY: between fork and exec the closure makes system calls and nothing else: it neither
    // allocates nor locks.
    unsafe { command.pre_exec(prepare) };
}

/// Lets the process that `command` starts lead a session of its own. Its terminal is the one that
/// `command` gives it as standard input: there a Ctrl-C is a signal, and goes to this process.
pub fn lead_session(command: &mut Command) {
    // SAFETY: as above.
    unsafe { command.pre_exec(take_terminal) };
}

fn take_terminal() -> io::Result<()> {
    rustix::process::setsid()?;
    rustix::process::ioctl_tiocsctty(io::stdin())?;
    Ok(())
}

fn prepare(numbers: &[i32]) -> io::Result<()> {
    for number in numbers {
        // SAFETY: the parent holds these descriptors open until the child runs.
        let stream = unsafe { BorrowedFd::borrow_raw(*number) };
        fcntl_setfd(stream, FdFlags::empty())?;
    }
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    Ok(())
}
