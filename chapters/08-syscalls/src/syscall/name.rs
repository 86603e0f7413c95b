//! Calls about names: of the kernel, of the machine, of a thread; and what else `prctl` has.
//!
//! Linux, `man 2 uname`, `man 2 sethostname`, `man 2 prctl`.

use linux_raw_sys::errno::EINVAL;
use linux_raw_sys::general::__NR_uname as UNAME;
use linux_raw_sys::general::{__NR_prctl as PRCTL, __NR_sethostname as SETHOSTNAME};
use linux_raw_sys::prctl::{
    PR_CAPBSET_DROP, PR_CAPBSET_READ, PR_GET_DUMPABLE, PR_GET_KEEPCAPS, PR_GET_NAME,
    PR_GET_NO_NEW_PRIVS, PR_SET_NAME,
};

use super::capability::{self, Capability};
use super::{Context, Descriptor, Errno, Kind, words};
use crate::arch;
use crate::process::Name;
use crate::process::user::UserSlice;
use crate::scheduler;
use crate::sync::Lock;

/// The calls about names.
pub(super) const CALLS: &[Descriptor] = &[
    Descriptor::new(UNAME, "uname", &[Kind::Address], uname),
    Descriptor::new(SETHOSTNAME, "sethostname", &[Kind::Input(1), Kind::Size], sethostname)
        .needs(Capability::Admin),
    Descriptor::new(PRCTL, "prctl", &[Kind::Choice(OPTIONS), NAME], prctl),
];

/// What `prctl` takes for that, or tells.
const NAME: Kind = Kind::Depends(|[option, ..]| match option as u32 {
    PR_SET_NAME => Some(Kind::Text),
    PR_GET_NAME => Some(Kind::Got(&Kind::Text)),
    _ => Some(Kind::Address),
});

/// What `prctl` can be asked for.
const OPTIONS: &[(u32, &str)] = &[
    (PR_GET_DUMPABLE, "PR_GET_DUMPABLE"),
    (PR_GET_KEEPCAPS, "PR_GET_KEEPCAPS"),
    (PR_SET_NAME, "PR_SET_NAME"),
    (PR_GET_NAME, "PR_GET_NAME"),
    (PR_CAPBSET_READ, "PR_CAPBSET_READ"),
    (PR_CAPBSET_DROP, "PR_CAPBSET_DROP"),
    (PR_GET_NO_NEW_PRIVS, "PR_GET_NO_NEW_PRIVS"),
];

/// The kernel as programs know it. C libraries take the release for a promise of what they can rely
/// on, and do not start with one that is too old; so it is that of the Linux whose calls these are.
const SYSTEM: &str = "Linux";
const RELEASE: &str = "6.1.0-strata";
const VERSION: &str = "#8";
const DOMAIN: &str = "(none)";

/// Bytes of a name in `struct new_utsname`, of which the last is a zero.
const NAME_BYTES: usize = 65;

/// Bytes of the name of a thread, of which the last is a zero.
const THREAD_NAME_BYTES: usize = 16;

/// Protects the name of the machine. Nothing else may be locked while it is held.
static HOST: Lock<[u8; NAME_BYTES]> = Lock::new(padded("strata"));

/// `text`, and zeroes.
const fn padded(text: &str) -> [u8; NAME_BYTES] {
    let mut bytes = [0; NAME_BYTES];
    let (start, _) = bytes.split_at_mut(text.len());
    start.copy_from_slice(text.as_bytes());
    bytes
}

/// Tells what system this is: six names of 65 bytes.
///
/// Linux: EFAULT, or all six. Here: the same. The first three say Linux, whose calls these are; the
/// release ends in a name of ours.
fn uname(context: &mut Context) -> Result<usize, Errno> {
    let host = *HOST.lock();
    let [system, release, version, machine, domain] =
        [SYSTEM, RELEASE, VERSION, arch::NAME, DOMAIN].map(padded);
    let names = [system, host, release, version, machine, domain];
    words::write(context.arguments[0], names.as_flattened())?;
    Ok(0)
}

/// Gives the machine a name.
///
/// Linux: EPERM without CAP_SYS_ADMIN, EINVAL for more than 64 bytes, EFAULT; any bytes will do.
/// Here: the same. Left out: a name of its own for each group of processes (namespaces).
fn sethostname(context: &mut Context) -> Result<usize, Errno> {
    let [start, bytes, ..] = context.arguments;
    let bytes = usize::try_from(bytes as i32).unwrap_or(usize::MAX);
    let mut name = [0; NAME_BYTES];
    if bytes >= name.len() {
        return Err(Errno(EINVAL));
    }
    UserSlice::new(start, bytes)?.read(0, &mut name)?;
    *HOST.lock() = name;
    Ok(0)
}

/// Does one of many small things, which the first argument names.
///
/// Linux has some sixty of them, and EINVAL for others. Here are the name of the thread (at most 15
/// bytes, the rest is cut off; EFAULT), the bounding set (EINVAL for a number that is no
/// capability's, EPERM), and three that are always the same: a process may be looked into, does not
/// keep its rights when it becomes somebody else, and may get more of them by `execve`. All others
/// are EINVAL.
fn prctl(context: &mut Context) -> Result<usize, Errno> {
    let [option, argument, ..] = context.arguments;
    match option as u32 {
        PR_SET_NAME => set_name(argument),
        PR_GET_NAME => get_name(argument),
        PR_CAPBSET_READ => capability::has_bounding(argument),
        PR_CAPBSET_DROP => capability::drop_bounding(argument),
        PR_GET_DUMPABLE => Ok(1),
        PR_GET_KEEPCAPS | PR_GET_NO_NEW_PRIVS => Ok(0),
        _ => Err(Errno(EINVAL)),
    }
}

/// Calls the thread what the text at `place` says, or as much as there is room for.
fn set_name(place: u64) -> Result<usize, Errno> {
    let mut name = [0; THREAD_NAME_BYTES - 1];
    for (index, byte) in name.iter_mut().enumerate() {
        [*byte] = words::read(place.saturating_add(index as u64))?;
        if *byte == 0 {
            break;
        }
    }
    scheduler::set_name(Name::from_bytes(name));
    Ok(0)
}

fn get_name(place: u64) -> Result<usize, Errno> {
    let mut name = [0; THREAD_NAME_BYTES];
    if let Some((found, _)) = scheduler::current() {
        name[..THREAD_NAME_BYTES - 1].copy_from_slice(&found.bytes());
    }
    words::write(place, &name)?;
    Ok(0)
}
