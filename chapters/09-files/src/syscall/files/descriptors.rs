//! Calls about descriptors: which number means what.
//!
//! Linux, `man 2 dup`, `man 2 fcntl`.

use linux_raw_sys::errno::{EBADF, EINVAL};
use linux_raw_sys::general::{
    __NR_dup as DUP, __NR_dup3 as DUP3, __NR_fcntl as FCNTL, F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD,
    F_GETFL, F_SETFD, F_SETFL, F_SETLK, F_SETLKW, FD_CLOEXEC, O_CLOEXEC,
};

use crate::file::descriptors::{Descriptor as Meaning, closes_on_exec};
use crate::process::files;
use crate::syscall::{Context, Descriptor, Errno, Kind, flags};

/// The calls about descriptors.
pub const CALLS: &[Descriptor] = &[
    Descriptor::new(DUP, "dup", &[Kind::Descriptor], dup),
    Descriptor::new(
        DUP3,
        "dup3",
        &[Kind::Descriptor, Kind::Descriptor, Kind::Flags(flags::OPEN)],
        dup3,
    ),
    Descriptor::new(
        FCNTL,
        "fcntl",
        &[Kind::Descriptor, Kind::Choice(flags::FCNTL), Kind::Depends(argument)],
        fcntl,
    ),
];

/// What `fcntl` takes for its command.
fn argument([_, command, ..]: [u64; 6]) -> Option<Kind> {
    match command as u32 {
        F_GETFD | F_GETFL => None,
        F_DUPFD | F_DUPFD_CLOEXEC => Some(Kind::Int),
        F_SETFD => Some(Kind::Flags(flags::DESCRIPTOR)),
        F_SETFL => Some(Kind::OpenFlags(flags::OPEN)),
        F_SETLK | F_SETLKW => Some(Kind::Address),
        _ => Some(Kind::Hex),
    }
}

/// What `descriptor` means, for a new number.
fn copy(descriptor: u64, closes_on_exec: bool) -> Result<Meaning, Errno> {
    Ok(Meaning { description: files::description(descriptor)?, closes_on_exec })
}

/// Gives `meaning` the lowest number from `lowest` on that is free.
fn add(meaning: Meaning, lowest: u64) -> Result<usize, Errno> {
    let table = files::descriptors();
    let added = table.lock().add(meaning.clone(), lowest);
    // If there was no number, what it means goes where nothing is locked.
    drop(meaning);
    Ok(added?)
}

/// `dup(descriptor)`: the lowest number that is free means the same from now on.
///
/// Linux: EBADF, EMFILE. Here: the same.
fn dup(context: &mut Context) -> Result<usize, Errno> {
    add(copy(context.arguments[0], false)?, 0)
}

/// `dup3(descriptor, number, flags)`: `number` means the same from now on, whatever it meant.
///
/// Linux: EBADF also for a number above the limit, EINVAL for the number of `descriptor` itself,
/// and for other flags than O_CLOEXEC. Here: the same.
fn dup3(context: &mut Context) -> Result<usize, Errno> {
    let [descriptor, number, flags, ..] = context.arguments;
    if flags as u32 & !O_CLOEXEC != 0 || descriptor as u32 == number as u32 {
        return Err(Errno(EINVAL));
    }
    replace(descriptor, number, closes_on_exec(flags as u32))
}

/// Makes `number` mean what `descriptor` means.
pub fn replace(descriptor: u64, number: u64, closes_on_exec: bool) -> Result<usize, Errno> {
    let meaning = copy(descriptor, closes_on_exec)?;
    let table = files::descriptors();
    let before = table.lock().put(number, meaning.clone());
    drop(meaning);
    drop(before?);
    Ok(number as u32 as usize)
}

/// `fcntl(descriptor, command, argument)`: one of several small things.
///
/// - F_DUPFD and F_DUPFD_CLOEXEC: as `dup`, with a number from `argument` on. EINVAL if that is
///   above the limit, EMFILE if none is free.
/// - F_GETFD and F_SETFD: whether `execve` closes it.
/// - F_GETFL and F_SETFL: the flags that it was opened with. O_APPEND and O_NONBLOCK can be
///   changed.
/// - F_SETLK and F_SETLKW: there are no locks of files, and whoever asks for one gets it.
///
/// Linux: EBADF, also for what is open with O_PATH, of which only the first five are asked; EINVAL
/// for other commands. Here: the same. Left out: real locks of files, signals
/// when something can be read, leases, the size of pipes.
fn fcntl(context: &mut Context) -> Result<usize, Errno> {
    let [descriptor, command, argument, ..] = context.arguments;
    match command as u32 {
        F_DUPFD => duplicate(descriptor, argument, false),
        F_DUPFD_CLOEXEC => duplicate(descriptor, argument, true),
        F_GETFD => {
            let table = files::descriptors();
            let closes = table.lock().find(descriptor)?.closes_on_exec;
            Ok(if closes { FD_CLOEXEC as usize } else { 0 })
        }
        F_SETFD => {
            let table = files::descriptors();
            table.lock().find_mut(descriptor)?.closes_on_exec = argument as u32 & FD_CLOEXEC != 0;
            Ok(0)
        }
        F_GETFL => Ok(files::description(descriptor)?.flags() as usize),
        F_SETFL => {
            files::usable(descriptor)?.change_flags(|_| argument as u32);
            Ok(0)
        }
        command if LOCKS.contains(&command) => files::usable(descriptor).map(|_| Ok(0))?,
        _ if files::usable(descriptor).is_err() => Err(Errno(EBADF)),
        _ => Err(Errno(EINVAL)),
    }
}

/// The commands about locks of files.
const LOCKS: [u32; 2] = [F_SETLK, F_SETLKW];

fn duplicate(descriptor: u64, lowest: u64, closes_on_exec: bool) -> Result<usize, Errno> {
    let meaning = copy(descriptor, closes_on_exec)?;
    let limit = files::descriptors().lock().limits[0];
    match u64::from(lowest as u32) {
        lowest if lowest >= limit => Err(Errno(EINVAL)),
        lowest => add(meaning, lowest),
    }
}
