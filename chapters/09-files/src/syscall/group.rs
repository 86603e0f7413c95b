//! Calls about groups of processes and sessions, as far as there are any.
//!
//! Groups are for a shell that stops and resumes what it has started, and sessions for a system
//! with more than one terminal. Here nothing is stopped and there is one terminal: so all processes
//! are in one group and one session, those of the first process. Whoever asks is told so, and
//! whoever wants another is told EPERM: a program can go on without, and knows it. To answer 0
//! would let a shell believe that `kill` and `wait4` tell its jobs apart.
//!
//! Linux, `man 2 getpgid`, `man 2 setsid`.

use linux_raw_sys::errno::{EINVAL, EPERM, ESRCH};
use linux_raw_sys::general::{
    __NR_getpgid as GETPGID, __NR_getsid as GETSID, __NR_setpgid as SETPGID, __NR_setsid as SETSID,
};

use super::{Context, Descriptor, Errno, Kind};
use crate::process::about::{self, About};
use crate::process::{self, Pid, send, threads};

/// The calls about groups.
pub(super) const CALLS: &[Descriptor] = &[
    Descriptor::new(GETPGID, "getpgid", &[Kind::Int], group_of),
    Descriptor::new(GETSID, "getsid", &[Kind::Int], group_of),
    Descriptor::new(SETPGID, "setpgid", &[Kind::Int, Kind::Int], setpgid),
    Descriptor::new(SETSID, "setsid", &[], setsid),
];

/// `getpgid(pid)`, `getsid(pid)`: tells the group or the session of a process; 0 is who asks. The
/// number of a thread means its process.
///
/// Linux: ESRCH if there is no such process. Here: the same, and it is always the first process's.
fn group_of(context: &mut Context) -> Result<usize, Errno> {
    named(context.arguments[0])?;
    Ok(send::group().0 as usize)
}

/// `setpgid(pid, group)`: puts a process, or with 0 who asks, into a group; 0 makes one of its own.
///
/// Linux: EINVAL for a negative group, and for the number of any but a first thread; ESRCH if the
/// process is neither who asks nor a child; EPERM for the group of another session, or if the
/// process leads a session. Here: the same, and EPERM for every group but the one that there is.
fn setpgid(context: &mut Context) -> Result<usize, Errno> {
    let [pid, group, ..] = context.arguments.map(|number| number as i32);
    if group < 0 || (group == 0 && pid < 0) {
        return Err(Errno(EINVAL));
    }
    let process = named(context.arguments[0])?;
    if pid != 0 && process.pid.0 != pid as u32 {
        return Err(Errno(EINVAL));
    }
    if ![process.pid, process.parent].iter().any(|pid| process::current() == Some(*pid)) {
        return Err(Errno(ESRCH));
    }
    let leader = send::group();
    if group as u32 == leader.0 && process.pid != leader { Ok(0) } else { Err(Errno(EPERM)) }
}

/// `setsid()`: begins a session, of which who asks is the first.
///
/// Linux: EPERM for the first of a group. Here: EPERM for all.
fn setsid(_: &mut Context) -> Result<usize, Errno> {
    Err(Errno(EPERM))
}

/// The process that `number` means, which must be there: its own, or a thread's; 0 is who asks.
fn named(number: u64) -> Result<About, Errno> {
    let pid = match number as i32 {
        0 => process::current(),
        number => u32::try_from(number).ok().map(Pid).and_then(threads::process_of),
    };
    pid.and_then(about::about).ok_or(Errno(ESRCH))
}
