//! Calls about signals: to send them, to say what is to be done with them, to hold them back.
//!
//! What becomes of a signal, and what this kernel leaves out, says `process/signals.rs`. Linux,
//! `man 7 signal`.

use linux_raw_sys::errno::{EINVAL, ENOMEM, ESRCH};
use linux_raw_sys::general::{
    __NR_kill as KILL, __NR_rt_sigaction as RT_SIGACTION, __NR_rt_sigpending as RT_SIGPENDING,
    __NR_rt_sigprocmask as RT_SIGPROCMASK, __NR_sigaltstack as SIGALTSTACK, __NR_tgkill as TGKILL,
    __NR_tkill as TKILL, MINSIGSTKSZ, SIG_BLOCK, SIG_SETMASK, SIG_UNBLOCK, SS_AUTODISARM,
    SS_DISABLE, SS_ONSTACK,
};

use super::{Context, Descriptor, Errno, Kind};
use crate::process::send::{self, To, with_signals};
use crate::process::signals::{Action, Number, Set, Stack};
use crate::process::threads::current_tid;
use crate::process::user::UserSlice;
use crate::process::{self, Pid};

/// The calls about signals.
pub(super) const CALLS: &[Descriptor] = &[
    Descriptor::new(KILL, "kill", &[Kind::Int, Kind::Signal], kill),
    Descriptor::new(TKILL, "tkill", &[Kind::Int, Kind::Signal], tkill),
    Descriptor::new(TGKILL, "tgkill", &[Kind::Int, Kind::Int, Kind::Signal], tgkill),
    Descriptor::new(
        RT_SIGACTION,
        "rt_sigaction",
        &[Kind::Signal, Kind::Address, Kind::Address, Kind::Size],
        rt_sigaction,
    ),
    Descriptor::new(
        RT_SIGPROCMASK,
        "rt_sigprocmask",
        &[Kind::Choice(WAYS), Kind::Address, Kind::Address, Kind::Size],
        rt_sigprocmask,
    ),
    Descriptor::new(RT_SIGPENDING, "rt_sigpending", &[Kind::Address, Kind::Size], rt_sigpending),
    Descriptor::new(SIGALTSTACK, "sigaltstack", &[Kind::Address, Kind::Address], sigaltstack),
];

/// What can be done to the set of signals that are blocked.
const WAYS: &[(u32, &str)] =
    &[(SIG_BLOCK, "SIG_BLOCK"), (SIG_UNBLOCK, "SIG_UNBLOCK"), (SIG_SETMASK, "SIG_SETMASK")];

/// Bytes of a set of signals.
const SET: usize = size_of::<Set>();

/// Bytes of a `stack_t`: an address, flags and nothing, a size.
const STACK: usize = 24;

/// Sends a signal to a process; 0 is none, and only asks whether there is one.
///
/// The number of a thread means its process. 0 means all processes of the group of whoever sends,
/// -1 all but the first process and whoever sends, another negative number a group. There is one
/// group here, that of the first process.
///
/// Linux: ESRCH if nobody is meant, then EINVAL for a number above 64, then EPERM for a process of
/// another user. Here: the same, but all are the same user's, so anybody may send to anybody.
fn kill(context: &mut Context) -> Result<usize, Errno> {
    let [pid, number, ..] = context.arguments;
    let pid = pid as i32;
    let to = match pid {
        1.. => To::One(Pid(pid as u32)),
        0 => To::Group,
        -1 => To::Others,
        _ if pid.unsigned_abs() == send::group().0 => To::Group,
        _ => return Err(Errno(ESRCH)),
    };
    deliver(to, number)
}

/// Sends a signal to a thread, of whichever process.
///
/// Linux: EINVAL for a thread that is not above 0, then as `kill`. Here: the same.
fn tkill(context: &mut Context) -> Result<usize, Errno> {
    let [tid, number, ..] = context.arguments;
    deliver(To::Thread(some(tid)?, None), number)
}

/// Sends a signal to a thread of a process: a thread of another with the same number is not meant.
///
/// Linux: as `tkill`, for both numbers. Here: the same.
fn tgkill(context: &mut Context) -> Result<usize, Errno> {
    let [pid, tid, number, ..] = context.arguments;
    let pid = some(pid)?;
    deliver(To::Thread(some(tid)?, Some(pid)), number)
}

/// The process or thread with a number that means one.
fn some(number: u64) -> Result<Pid, Errno> {
    match number as i32 {
        number @ 1.. => Ok(Pid(number as u32)),
        _ => Err(Errno(EINVAL)),
    }
}

fn deliver(to: To, number: u64) -> Result<usize, Errno> {
    if send::count(to) == 0 {
        return Err(Errno(ESRCH));
    }
    match number as u32 {
        0 => {}
        number => {
            let number = Number::new(number.into()).ok_or(Errno(EINVAL))?;
            send::send(process::current(), to, number);
        }
    }
    Ok(0)
}

/// Says what is to be done with a signal from now on, and tells what was before; either may be left
/// out. SIGKILL and SIGSTOP can be asked about only.
///
/// Linux: EINVAL for what is no signal, and for sets of another size than 8 bytes; EFAULT. If the
/// old action cannot be told, the new one holds nevertheless; flags that are unknown are forgotten.
/// Here: the same, but a handler is remembered, with its flags, and not called.
fn rt_sigaction(context: &mut Context) -> Result<usize, Errno> {
    let [number, new, old, size, ..] = context.arguments;
    if size != SET as u64 {
        return Err(Errno(EINVAL));
    }
    let new = if new == 0 { None } else { Some(read_action(new)?) };
    let number = Number::new((number as u32).into()).ok_or(Errno(EINVAL))?;
    if new.is_some() && number.is_absolute() {
        return Err(Errno(EINVAL));
    }
    let before = with_signals(|signals| {
        let before = signals.action(number);
        if let Some(new) = new {
            signals.set_action(number, new);
        }
        before
    });
    if old != 0 {
        UserSlice::new(old, Action::BYTES)?.write(0, &before.to_bytes())?;
    }
    Ok(0)
}

fn read_action(place: u64) -> Result<Action, Errno> {
    let mut bytes = [0; Action::BYTES];
    UserSlice::new(place, bytes.len())?.read(0, &mut bytes)?;
    Ok(Action::from_bytes(&bytes))
}

/// Changes which signals the thread has blocked, and tells which it had; either may be left out.
/// SIGKILL and SIGSTOP are never blocked, and that is no error.
///
/// Linux: EINVAL for sets of another size than 8 bytes, and for an unknown way to change one;
/// EFAULT, though the change holds if only the old set cannot be told. Here: the same.
fn rt_sigprocmask(context: &mut Context) -> Result<usize, Errno> {
    let [way, new, old, size, ..] = context.arguments;
    if size != SET as u64 {
        return Err(Errno(EINVAL));
    }
    let tid = current_tid();
    let before = with_signals(|signals| signals.blocked(tid));
    if new != 0 {
        let new = read_set(new)?;
        let blocked = match way as u32 {
            SIG_BLOCK => before.and(new),
            SIG_UNBLOCK => before.without(new),
            SIG_SETMASK => new,
            _ => return Err(Errno(EINVAL)),
        };
        with_signals(|signals| signals.set_blocked(tid, blocked));
    }
    if old != 0 {
        UserSlice::new(old, SET)?.write(0, &before.0.to_le_bytes())?;
    }
    Ok(0)
}

/// Reads the set of signals at `place`.
pub(super) fn read_set(place: u64) -> Result<Set, Errno> {
    let mut bytes = [0; SET];
    UserSlice::new(place, SET)?.read(0, &mut bytes)?;
    Ok(Set(u64::from_le_bytes(bytes)))
}

/// Tells which signals have come and wait to be let through. Fewer bytes of the set than there are
/// may be asked for.
///
/// Linux: EINVAL for more than 8, EFAULT. Here: the same.
fn rt_sigpending(context: &mut Context) -> Result<usize, Errno> {
    let [place, size, ..] = context.arguments;
    if size > SET as u64 {
        return Err(Errno(EINVAL));
    }
    let tid = current_tid();
    let pending = with_signals(|signals| signals.pending(tid));
    UserSlice::new(place, size as usize)?.write(0, &pending.0.to_le_bytes())?;
    Ok(0)
}

/// Says on which stack handlers are to run, and tells which it was; either may be left out.
///
/// Linux: EINVAL for unknown flags, ENOMEM for fewer than MINSIGSTKSZ bytes, EFAULT, and EPERM for
/// who is on that stack. Here: the same, but it is remembered and never used, since handlers are
/// not called: so nobody ever is on it.
fn sigaltstack(context: &mut Context) -> Result<usize, Errno> {
    let [new, old, ..] = context.arguments;
    let new = if new == 0 { None } else { Some(read_stack(new)?) };
    let tid = current_tid();
    let before = with_signals(|signals| signals.stack(tid));
    if let Some(new) = new {
        let new = checked(new)?;
        with_signals(|signals| signals.set_stack(tid, new));
    }
    if old != 0 {
        UserSlice::new(old, STACK)?.write(0, &stack_bytes(before))?;
    }
    Ok(0)
}

/// The stack that is remembered when a program says `stack`.
fn checked(stack: Stack) -> Result<Stack, Errno> {
    match stack.flags & !SS_AUTODISARM {
        SS_DISABLE => Ok(Stack::NONE),
        0 | SS_ONSTACK if stack.bytes < MINSIGSTKSZ.into() => Err(Errno(ENOMEM)),
        0 | SS_ONSTACK => Ok(Stack { flags: stack.flags & SS_AUTODISARM, ..stack }),
        _ => Err(Errno(EINVAL)),
    }
}

fn read_stack(place: u64) -> Result<Stack, Errno> {
    let mut bytes = [0; STACK];
    UserSlice::new(place, STACK)?.read(0, &mut bytes)?;
    let [start, flags, bytes] = [0, 8, 16]
        .map(|offset| u64::from_le_bytes(core::array::from_fn(|index| bytes[offset + index])));
    Ok(Stack { start, flags: flags as u32, bytes })
}

fn stack_bytes(stack: Stack) -> [u8; STACK] {
    let mut bytes = [0; STACK];
    let words = [stack.start, stack.flags.into(), stack.bytes];
    for (place, word) in bytes.chunks_exact_mut(8).zip(words) {
        place.copy_from_slice(&word.to_le_bytes());
    }
    bytes
}
