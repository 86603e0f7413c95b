//! Calls about processes: to make them, to become another program, to wait for them, to end.

use alloc::vec::Vec;

use linux_raw_sys::errno::{
    E2BIG, EACCES, EAGAIN, ECHILD, EFAULT, EINTR, EINVAL, ENOENT, ENOEXEC, ENOMEM, ENOTDIR, EPERM,
    ESRCH,
};
use linux_raw_sys::general as linux;

use super::{Context, Descriptor, Errno, Kind, flags};
use crate::arch::{self, CloneArguments};
use crate::process::children::{self, WaitError, Which};
use crate::process::fork::{self, ForkError, Wish};
use crate::process::load::{ARGUMENT_BYTES, LoadError};
use crate::process::texts::{self, TextError};
use crate::process::user::UserSlice;
use crate::process::{self, Exit, Pid, exec};
use crate::scheduler;

/// The calls about processes.
pub(super) const CALLS: &[Descriptor] = &[
    Descriptor::new(linux::__NR_exit, "exit", &[Kind::Int], exit),
    Descriptor::new(linux::__NR_exit_group, "exit_group", &[Kind::Int], exit_group),
    Descriptor::new(linux::__NR_clone, "clone", arch::CLONE_ARGUMENTS, clone),
    Descriptor::new(
        linux::__NR_execve,
        "execve",
        &[Kind::Text, Kind::Texts, Kind::Environment],
        execve,
    ),
    Descriptor::new(
        linux::__NR_wait4,
        "wait4",
        &[Kind::Int, Kind::Got(&Kind::StatusAt), Kind::Flags(flags::WAIT), Kind::Address],
        wait4,
    ),
    Descriptor::new(linux::__NR_getpid, "getpid", &[], getpid),
    Descriptor::new(linux::__NR_getppid, "getppid", &[], getppid),
    Descriptor::new(linux::__NR_sched_yield, "sched_yield", &[], sched_yield),
];

/// `_exit(status)`: ends the thread, and with the last one the process. It cannot fail.
///
/// Linux: eight bits of the status of the last thread are kept. Here: the same, but locks that the
/// thread holds are not freed (`set_robust_list`).
fn exit(context: &mut Context) -> Result<usize, Errno> {
    process::exit(Exit::Exited(context.arguments[0] as u8))
}

/// `exit_group(status)`: ends all threads of the process. Those that are at work in the kernel end
/// when they would return to the program. It cannot fail.
///
/// Linux: eight bits of the status are kept. Here: the same.
fn exit_group(context: &mut Context) -> Result<usize, Errno> {
    process::exit_group(Exit::Exited(context.arguments[0] as u8))
}

/// `clone(flags, …)`: makes a process or a thread. The order of the arguments is the machine's.
///
/// Linux: EINVAL for flags that do not go together, EAGAIN, ENOMEM; on x86_64 EPERM for a thread
/// pointer that is no program's. Here: the same; EAGAIN is for 512 threads, of all processes.
///
/// Done: a signal that tells the parent (none is sent in this chapter, but whether it is SIGCHLD
/// makes a difference to `wait4`), CLONE_VM, FS, FILES, VFORK, PARENT, THREAD with SIGHAND, SETTLS,
/// PARENT_SETTID, CHILD_SETTID, CHILD_CLEARTID; SYSVSEM, DETACHED and IO have nothing to share.
/// Threads of a process share its files and its folder, whether they ask for it or not. Left out
/// are namespaces, tracing and pidfds: EINVAL, as for flags above 32 bits, which Linux ignores.
fn clone(context: &mut Context) -> Result<usize, Errno> {
    let wanted = arch::clone_arguments(context.arguments);
    start(context, wanted)
}

/// Makes what `wanted` says. `fork` and `vfork` of x86_64 come here as well.
pub fn start(context: &mut Context, wanted: CloneArguments) -> Result<usize, Errno> {
    let CloneArguments { flags, stack, parent_tid, child_tid, thread_pointer } = wanted;
    let has = |flag: u32| flags & u64::from(flag) != 0;
    check(flags)?;
    let wish = Wish {
        shares_memory: has(linux::CLONE_VM),
        shares_descriptors: has(linux::CLONE_FILES),
        shares_surroundings: has(linux::CLONE_FS),
        borrows: has(linux::CLONE_VFORK),
        is_sibling: has(linux::CLONE_PARENT),
        is_clone: flags & u64::from(linux::CSIGNAL) != u64::from(linux::SIGCHLD),
        stack: (stack != 0).then_some(stack),
        thread_pointer: has(linux::CLONE_SETTLS).then_some(thread_pointer),
        set_tid: has(linux::CLONE_CHILD_SETTID).then_some(child_tid),
        clear_tid: has(linux::CLONE_CHILD_CLEARTID).then_some(child_tid),
        parent_tid: has(linux::CLONE_PARENT_SETTID).then_some(parent_tid),
    };
    let child = match has(linux::CLONE_THREAD) {
        true => fork::thread(context.frame, &wish)?,
        false => fork::fork(context.frame, &wish)?,
    };
    Ok(child.0 as usize)
}

/// Whether flags of `clone` go together, and are known.
fn check(flags: u64) -> Result<(), Errno> {
    let has = |flag: u32| flags & u64::from(flag) != 0;
    let is_whole = (!has(linux::CLONE_THREAD) || has(linux::CLONE_SIGHAND))
        && (!has(linux::CLONE_SIGHAND) || has(linux::CLONE_VM));
    let known = flags::CLONE
        .iter()
        .fold(u64::from(linux::CSIGNAL), |all, (flag, _)| all | u64::from(*flag));
    if is_whole && flags & !known == 0 { Ok(()) } else { Err(Errno(EINVAL)) }
}

/// `execve(path, argv, envp)`: another program in this process, which does not return.
///
/// ENOENT, EACCES (no permission to execute, or no file), ENOEXEC (no program for this machine),
/// E2BIG, ENAMETOOLONG, EFAULT and ENOMEM leave the program as it was. `argv` may be null, as on
/// Linux, where it then counts as one empty text. A script (`#!`) names the program that is started
/// in its place. Left out: ETXTBSY for a file that somebody has open to write to.
fn execve(context: &mut Context) -> Result<usize, Errno> {
    let [path, arguments, environment, ..] = context.arguments;
    let path = super::files::path::read(path)?;
    exec::executable(&path)?;
    let mut arguments = texts::read_all(arguments, ARGUMENT_BYTES)?;
    let environment = texts::read_all(environment, ARGUMENT_BYTES)?;
    if arguments.is_empty() {
        arguments.try_reserve(1).map_err(|_| Errno(ENOMEM))?;
        arguments.push(Vec::new());
    }
    exec::exec(context.frame, &path, &slices(&arguments)?, &slices(&environment)?)?;
    Ok(0)
}

/// References to all of `texts`.
fn slices(texts: &[Vec<u8>]) -> Result<Vec<&[u8]>, Errno> {
    let mut slices = Vec::new();
    slices.try_reserve_exact(texts.len()).map_err(|_| Errno(ENOMEM))?;
    slices.extend(texts.iter().map(Vec::as_slice));
    Ok(slices)
}

/// `wait4(pid, status, options, usage)`: waits for the end of a child.
///
/// Linux: EINVAL for unknown options, ESRCH for the lowest of all numbers, ECHILD, EINTR; EFAULT
/// when the child is gone already. Here: the same, but only the end of the process interrupts.
///
/// WNOHANG asks only. WUNTRACED and WCONTINUED are accepted: nobody stops. A child whose end
/// another signal than SIGCHLD is to tell of is a clone, and only meant with __WCLONE, which means
/// no other, or __WALL. __WNOTHREAD is accepted: a child is its parent's, whichever thread has made
/// it. All processes are in group 1: so 0 is any child, as -1 is, and below there is none. What was
/// used is told as nothing.
fn wait4(context: &mut Context) -> Result<usize, Errno> {
    let [pid, status, options, usage, ..] = context.arguments;
    let options = options as u32;
    let known = flags::WAIT.iter().fold(0, |all, (flag, _)| all | flag);
    if options & !known != 0 {
        return Err(Errno(EINVAL));
    }
    let pid = match pid as i32 {
        i32::MIN => return Err(Errno(ESRCH)),
        -1 | 0 => None,
        pid => Some(Pid(u32::try_from(pid).map_err(|_| Errno(ECHILD))?)),
    };
    let kind = match options {
        _ if options & linux::__WALL != 0 => children::Kind::All,
        _ if options & linux::__WCLONE != 0 => children::Kind::Clones,
        _ => children::Kind::Usual,
    };
    let which = Which { pid, kind };
    let child = match options & linux::WNOHANG {
        0 => Some(children::wait_for_child(which)?),
        _ => children::take_child(which)?,
    };
    let Some((pid, exit)) = child else { return Ok(0) };
    if status != 0 {
        UserSlice::new(status, 4)?.write(0, &word(exit).to_le_bytes())?;
    }
    if usage != 0 {
        UserSlice::new(usage, USAGE_BYTES)?.write(0, &[0; USAGE_BYTES])?;
    }
    Ok(pid.0 as usize)
}

/// Bytes of a `struct rusage`.
const USAGE_BYTES: usize = size_of::<linux::rusage>();

/// How a process ended, as `wait4` says it. (Linux, `man 2 wait`.)
fn word(exit: Exit) -> u32 {
    match exit {
        Exit::Exited(status) => u32::from(status) << 8,
        Exit::Killed(signal) => signal as u32,
    }
}

/// `getpid()`: the number of the process. It cannot fail, as on Linux.
fn getpid(_: &mut Context) -> Result<usize, Errno> {
    Ok(process::current().map_or(0, |pid| pid.0 as usize))
}

/// `getppid()`: the number of the parent; 0 if that is the kernel. It cannot fail, as on Linux.
fn getppid(_: &mut Context) -> Result<usize, Errno> {
    Ok(children::parent().0 as usize)
}

/// `sched_yield()`: lets others of the same urgency run first. It cannot fail, as on Linux.
fn sched_yield(_: &mut Context) -> Result<usize, Errno> {
    scheduler::yield_now();
    Ok(0)
}

impl From<ForkError> for Errno {
    fn from(error: ForkError) -> Self {
        Self(match error {
            ForkError::NoMemory => ENOMEM,
            ForkError::TooMany => EAGAIN,
            ForkError::BadThreadPointer => EPERM,
        })
    }
}

impl From<WaitError> for Errno {
    fn from(error: WaitError) -> Self {
        Self(match error {
            WaitError::NoChild => ECHILD,
            WaitError::Interrupted => EINTR,
        })
    }
}

impl From<TextError> for Errno {
    fn from(error: TextError) -> Self {
        Self(match error {
            TextError::BadAddress => EFAULT,
            TextError::TooLong => E2BIG,
            TextError::NoMemory => ENOMEM,
        })
    }
}

impl From<LoadError> for Errno {
    fn from(error: LoadError) -> Self {
        Self(match error {
            LoadError::NotFound => ENOENT,
            LoadError::NotAFolder => ENOTDIR,
            LoadError::NotExecutable => EACCES,
            LoadError::Elf(_) => ENOEXEC,
            LoadError::Arguments(_) => E2BIG,
            LoadError::Memory(_) => ENOMEM,
            LoadError::Interrupted => EINTR,
            LoadError::File(error) => return error.into(),
        })
    }
}
