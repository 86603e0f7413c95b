//! Calls that change what is told of a file, and not what is in it.
//!
//! Linux, `man 2 chmod`, `man 2 chown`, `man 2 utimensat`.

use core::time::Duration;

use linux_raw_sys::errno::{EFAULT, EINVAL};
use linux_raw_sys::general::{
    self as linux, AT_EMPTY_PATH, AT_FDCWD, AT_SYMLINK_NOFOLLOW, UTIME_NOW, UTIME_OMIT,
};

use super::status::{check, find};
use crate::file::node::Node;
use crate::file::status::Kind as FileKind;
use crate::file::tree::{Place, TREE};
use crate::file::{FileError, Held};
use crate::process::files;
use crate::syscall::time::time_of_day;
use crate::syscall::{Context, Descriptor, Errno, Kind, flags, words};

/// The calls that change what is told of files.
pub const CALLS: &[Descriptor] = &[
    Descriptor::new(linux::__NR_fchmod, "fchmod", &[Kind::Descriptor, Kind::Mode], fchmod),
    Descriptor::new(
        linux::__NR_fchmodat,
        "fchmodat",
        &[Kind::Descriptor, Kind::Text, Kind::Mode],
        fchmodat,
    ),
    Descriptor::new(
        linux::__NR_fchown,
        "fchown",
        &[Kind::Descriptor, Kind::Int, Kind::Int],
        fchown,
    ),
    Descriptor::new(
        linux::__NR_fchownat,
        "fchownat",
        &[Kind::Descriptor, Kind::Text, Kind::Int, Kind::Int, Kind::Flags(flags::AT)],
        fchownat,
    ),
    Descriptor::new(
        linux::__NR_utimensat,
        "utimensat",
        &[Kind::Descriptor, Kind::Text, Kind::Address, Kind::Flags(flags::AT)],
        utimensat,
    ),
];

/// Lets `act` change what is told of the file at `held`, now.
fn change(held: &Held, act: impl FnOnce(&mut Node)) -> Result<usize, Errno> {
    let Place::Tree(id) = held.place() else { return Err(FileError::NotPermitted.into()) };
    let mut tree = TREE.lock();
    let node = tree.node_mut(id);
    act(node);
    node.times.changed = time_of_day();
    Ok(0)
}

/// What is open as `descriptor`, with a node, and not with O_PATH.
fn held(descriptor: u64) -> Result<Held, Errno> {
    let description = files::usable(descriptor)?;
    Ok(description.held().ok_or(FileError::NotPermitted)?)
}

/// `fchmod(descriptor, mode)`: says who may do what.
///
/// Linux: EBADF, also for what is open with O_PATH; EPERM for who is not the owner. Here: the same.
/// What the kernel makes itself cannot be changed: EPERM, also for pipes.
fn fchmod(context: &mut Context) -> Result<usize, Errno> {
    let [descriptor, mode, ..] = context.arguments;
    change(&held(descriptor)?, |node| node.mode = mode as u32 & 0o7777)
}

/// `fchmodat(folder, path, mode)`: the same, of what is at a path. Links are followed.
///
/// Linux: all about the path, and EPERM as `fchmod`. Here: the same.
fn fchmodat(context: &mut Context) -> Result<usize, Errno> {
    let [folder, path, mode, ..] = context.arguments;
    chmod(folder, path, mode as u32)
}

/// Says who may do what with what is at a path.
pub fn chmod(folder: u64, path: u64, mode: u32) -> Result<usize, Errno> {
    change(&find(folder, path, 0)?, |node| node.mode = mode & 0o7777)
}

/// `fchown(descriptor, owner, group)`: says whose it is; all ones leave it as it is.
///
/// Linux: EBADF, EPERM as `fchmod`. Here: the same.
fn fchown(context: &mut Context) -> Result<usize, Errno> {
    let [descriptor, owner, group, ..] = context.arguments;
    change(&held(descriptor)?, |node| own(node, owner as u32, group as u32))
}

/// `fchownat(folder, path, owner, group, flags)`: the same, of what is at a path.
///
/// Linux: EINVAL for other flags than AT_SYMLINK_NOFOLLOW and AT_EMPTY_PATH. Here: the same.
fn fchownat(context: &mut Context) -> Result<usize, Errno> {
    let [folder, path, owner, group, flags, _] = context.arguments;
    chown(folder, path, [owner as u32, group as u32], flags as u32)
}

/// Says whose it is what is at a path.
pub fn chown(folder: u64, path: u64, [owner, group]: [u32; 2], flags: u32) -> Result<usize, Errno> {
    check(flags, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)?;
    change(&find(folder, path, flags)?, |node| own(node, owner, group))
}

/// Gives `node` to `owner` and `group`. A program that runs with its owner's rights does so no
/// more, nor with its group's if the group may run it, as on Linux.
fn own(node: &mut Node, owner: u32, group: u32) {
    const NOBODY: u32 = u32::MAX;
    if owner != NOBODY {
        node.owner = owner;
    }
    if group != NOBODY {
        node.group = group;
    }
    if node.kind() == FileKind::Folder {
        return;
    }
    node.mode &= !linux::S_ISUID;
    if node.mode & linux::S_IXGRP != 0 {
        node.mode &= !linux::S_ISGID;
    }
}

/// `utimensat(folder, path, times, flags)`: says when a file was read and changed last: now, if
/// `times` is null. A null path means what `folder` is.
///
/// Linux: EFAULT for times that cannot be read, and then nothing more is looked at if both stay as
/// they are. EINVAL for unknown flags, and for flags without a path; EBADF, all about the path; at
/// last EINVAL for nanoseconds that are none. Here: the same, and EPERM as `fchmod`.
fn utimensat(context: &mut Context) -> Result<usize, Errno> {
    let [folder, path, place, flags, ..] = context.arguments;
    let flags = flags as u32;
    let times = if place == 0 { NOW } else { words::read_words(place)? };
    if [times[1], times[3]] == [u64::from(UTIME_OMIT); 2] {
        return Ok(0);
    }
    check(flags, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)?;
    let held = match path {
        0 if folder as i32 == AT_FDCWD => return Err(Errno(EFAULT)),
        0 if flags != 0 => return Err(Errno(EINVAL)),
        0 => held(folder)?,
        _ => find(folder, path, flags)?,
    };
    let [accessed, modified] = parse(times)?;
    change(&held, |node| {
        node.times.accessed = accessed.unwrap_or(node.times.accessed);
        node.times.modified = modified.unwrap_or(node.times.modified);
    })
}

/// Two times, as programs pass them: seconds and nanoseconds of each.
type Words = [u64; 4];

/// What a null pointer stands for: now, twice.
const NOW: Words = [0, UTIME_NOW as u64, 0, UTIME_NOW as u64];

/// The times that `words` are: `None` is one that stays as it is.
fn parse(words: Words) -> Result<[Option<Duration>; 2], Errno> {
    let now = time_of_day();
    let mut times = [None; 2];
    for (time, pair) in times.iter_mut().zip(words.chunks_exact(2)) {
        *time = match (pair[0], pair[1]) {
            (_, nanoseconds) if nanoseconds == u64::from(UTIME_NOW) => Some(now),
            (_, nanoseconds) if nanoseconds == u64::from(UTIME_OMIT) => None,
            (_, 1_000_000_000..) => return Err(Errno(EINVAL)),
            (seconds, nanoseconds) => Some(Duration::new(seconds, nanoseconds as u32)),
        };
    }
    Ok(times)
}
