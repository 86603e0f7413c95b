//! Calls about descriptors, which lead to your `cloexec.rs`: the kernel takes this file for its
//! own.
//!
//! Given, not to be written. Which arguments make no sense is said here, and what is not about
//! `execve` is done here.
//!
//! Linux, `man 2 dup`, `man 2 fcntl`.

use linux_raw_sys::errno::EINVAL;
use linux_raw_sys::general::{
    __NR_dup as DUP, __NR_dup3 as DUP3, __NR_fcntl as FCNTL, F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD,
    F_GETFL, F_SETFD, F_SETFL, F_SETLK, F_SETLKW, O_CLOEXEC,
};

use crate::file::descriptors::cloexec;
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
        &[Kind::Descriptor, Kind::Choice(flags::FCNTL), Kind::Address],
        fcntl,
    ),
];

/// The commands of `fcntl` about locks of files, of which there are none: whoever asks gets one.
const LOCKS: [u32; 2] = [F_SETLK, F_SETLKW];

/// `dup(descriptor)`: the lowest number that is free means the same from now on.
fn dup(context: &mut Context) -> Result<usize, Errno> {
    let table = files::descriptors();
    let number = cloexec::dup(&mut table.lock(), context.arguments[0]);
    Ok(number?)
}

/// `dup3(descriptor, number, flags)`: `number` means the same from now on, whatever it meant.
fn dup3(context: &mut Context) -> Result<usize, Errno> {
    let [descriptor, number, flags, ..] = context.arguments;
    if flags as u32 & !O_CLOEXEC != 0 || descriptor as u32 == number as u32 {
        return Err(Errno(EINVAL));
    }
    put(descriptor, number, flags as u32)
}

/// Makes `number` mean what `descriptor` means.
#[allow(dead_code, reason = "aarch64 has no dup2")]
pub fn replace(descriptor: u64, number: u64, closes_on_exec: bool) -> Result<usize, Errno> {
    put(descriptor, number, if closes_on_exec { O_CLOEXEC } else { 0 })
}

fn put(descriptor: u64, number: u64, flags: u32) -> Result<usize, Errno> {
    let table = files::descriptors();
    // What it meant may lock much as it goes: so the table is unlocked before.
    let before = cloexec::dup3(&mut table.lock(), descriptor, number, flags);
    drop(before?);
    Ok(number as u32 as usize)
}

/// `fcntl(descriptor, command, argument)`: one of several small things.
fn fcntl(context: &mut Context) -> Result<usize, Errno> {
    let [descriptor, command, argument, ..] = context.arguments;
    files::description(descriptor)?;
    let table = files::descriptors();
    match command as u32 {
        command @ (F_DUPFD | F_DUPFD_CLOEXEC | F_GETFD | F_SETFD) => {
            let argument = u64::from(argument as u32);
            let is_copy = matches!(command, F_DUPFD | F_DUPFD_CLOEXEC);
            if is_copy && argument >= table.lock().limits[0] {
                return Err(Errno(EINVAL));
            }
            let answer = cloexec::fcntl(&mut table.lock(), descriptor, command, argument);
            Ok(answer?)
        }
        F_GETFL => Ok(files::description(descriptor)?.flags() as usize),
        F_SETFL => {
            files::usable(descriptor)?.change_flags(|_| argument as u32);
            Ok(0)
        }
        command if LOCKS.contains(&command) => files::usable(descriptor).map(|_| Ok(0))?,
        _ => files::usable(descriptor).map(|_| Err(Errno(EINVAL)))?,
    }
}
