//! Calls about limits: how much of something a process may have.
//!
//! Linux, `man 2 getrlimit`; kernel/sys.c, `do_prlimit`.

use linux_raw_sys::errno::{EINVAL, EPERM, ESRCH};
use linux_raw_sys::general::{
    __NR_getrlimit as GETRLIMIT, __NR_prlimit64 as PRLIMIT64, RLIM_NLIMITS, RLIMIT_AS, RLIMIT_CORE,
    RLIMIT_CPU, RLIMIT_DATA, RLIMIT_FSIZE, RLIMIT_NOFILE, RLIMIT_NPROC, RLIMIT_STACK,
};

use super::{Context, Descriptor, Errno, Kind, words};
use crate::process::layout::USER_END;
use crate::process::load::STACK_BYTES;
use crate::process::{self, Pid, threads};

/// The calls about limits.
pub(super) const CALLS: &[Descriptor] = &[
    Descriptor::new(
        PRLIMIT64,
        "prlimit64",
        &[Kind::Int, Kind::Choice(RESOURCES), Kind::Address, Kind::Address],
        prlimit64,
    ),
    Descriptor::new(GETRLIMIT, "getrlimit", &[Kind::Choice(RESOURCES), Kind::Address], getrlimit),
];

/// What there can be limits of.
const RESOURCES: &[(u32, &str)] = &[
    (RLIMIT_CPU, "RLIMIT_CPU"),
    (RLIMIT_FSIZE, "RLIMIT_FSIZE"),
    (RLIMIT_DATA, "RLIMIT_DATA"),
    (RLIMIT_STACK, "RLIMIT_STACK"),
    (RLIMIT_CORE, "RLIMIT_CORE"),
    (RLIMIT_NPROC, "RLIMIT_NPROC"),
    (RLIMIT_NOFILE, "RLIMIT_NOFILE"),
    (RLIMIT_AS, "RLIMIT_AS"),
];

/// No limit. (Linux, `RLIM64_INFINITY`.)
const UNLIMITED: u64 = u64::MAX;

/// How many files a process can have open: the three that it begins with.
const OPEN_FILES: u64 = 3;

/// Tells a limit, and sets it.
///
/// Linux: two limits of each resource, one that holds and one up to which a process may raise it.
/// EFAULT, ESRCH, EINVAL for a resource that does not exist or a limit above the other, EPERM to
/// raise the second without CAP_SYS_RESOURCE. Here: limits are what the kernel is built for, and
/// cannot be changed: to set what is there already is fine, and anything else is EPERM, also what
/// would be less. Nobody sees the limits of others (EPERM), which are the same.
fn prlimit64(context: &mut Context) -> Result<usize, Errno> {
    let [pid, resource, new, old, ..] = context.arguments;
    let wanted = if new == 0 { None } else { Some(words::read_words::<2>(new)?) };
    check_process(pid as i32)?;
    let there = limit(resource as u32)?;
    if let Some([now, most]) = wanted {
        if now > most {
            return Err(Errno(EINVAL));
        }
        if [now, most] != [there; 2] {
            return Err(Errno(EPERM));
        }
    }
    if old != 0 {
        words::write_words(old, &[there; 2])?;
    }
    Ok(0)
}

/// Tells a limit of one's own, as `prlimit64` does.
///
/// Linux: EINVAL for a resource that does not exist, EFAULT. Here: the same.
fn getrlimit(context: &mut Context) -> Result<usize, Errno> {
    let [resource, place, ..] = context.arguments;
    words::write_words(place, &[limit(resource as u32)?; 2])?;
    Ok(0)
}

/// Refuses processes that are not the one that asks; 0 is that, and so is any thread of it.
fn check_process(number: i32) -> Result<(), Errno> {
    if number == 0 {
        return Ok(());
    }
    match threads::process_of(Pid(number.cast_unsigned())) {
        None => Err(Errno(ESRCH)),
        found if found == process::current() => Ok(()),
        Some(_) => Err(Errno(EPERM)),
    }
}

/// How much of `resource` a process may have.
fn limit(resource: u32) -> Result<u64, Errno> {
    match resource {
        RLIMIT_STACK => Ok(STACK_BYTES),
        RLIMIT_NOFILE => Ok(OPEN_FILES),
        RLIMIT_AS => Ok(USER_END),
        RLIMIT_CORE => Ok(0),
        _ if resource < RLIM_NLIMITS => Ok(UNLIMITED),
        _ => Err(Errno(EINVAL)),
    }
}
