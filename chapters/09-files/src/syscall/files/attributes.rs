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

/// What is open as `descriptor`, with a node.
fn held(descriptor: u64) -> Result<Held, Errno> {
    let description = files::description(descriptor)?;
    Ok(description.held().ok_or(FileError::NotPermitted)?)
}

/// `fchmod(descriptor, mode)`: says who may do what.
///
/// Linux: EBADF, EPERM for who is not the owner. Here: the same. What the kernel makes itself
/// cannot be changed: EPERM.
fn fchmod(context: &mut Context) -> Result<usize, Errno> {
    let [descriptor, mode, ..] = context.arguments;
    change(&held(descriptor)?, |node| node.mode = mode as u32 & 0o7777)
}

/// `fchmodat(folder, path, mode)`: the same, of what is at a path. Links are followed.
fn fchmodat(context: &mut Context) -> Result<usize, Errno> {
    let [folder, path, mode, ..] = context.arguments;
    chmod(folder, path, mode as u32)
}

/// Says who may do what with what is at a path.
pub fn chmod(folder: u64, path: u64, mode: u32) -> Result<usize, Errno> {
    change(&find(folder, path, 0)?, |node| node.mode = mode & 0o7777)
}

/// `fchown(descriptor, owner, group)`: says whose it is; all ones leave it as it is.
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
/// more, as on Linux.
fn own(node: &mut Node, owner: u32, group: u32) {
    const NOBODY: u32 = u32::MAX;
    if owner != NOBODY {
        node.owner = owner;
    }
    if group != NOBODY {
        node.group = group;
    }
    if node.kind() == FileKind::Regular {
        node.mode &= !(linux::S_ISUID | linux::S_ISGID);
    }
}

/// `utimensat(folder, path, times, flags)`: says when a file was read and changed last: now, if
/// `times` is null. A null path means what `folder` is.
///
/// Linux: EINVAL for nanoseconds that are none, EFAULT, all about the path. Here: the same.
fn utimensat(context: &mut Context) -> Result<usize, Errno> {
    let [folder, path, place, flags, ..] = context.arguments;
    let flags = flags as u32;
    check(flags, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)?;
    let times = match place {
        0 => [Some(time_of_day()); 2],
        _ => read_times(place)?,
    };
    let held = match path {
        0 if folder as i32 == AT_FDCWD => return Err(Errno(EFAULT)),
        0 => held(folder)?,
        _ => find(folder, path, flags)?,
    };
    change(&held, |node| {
        let [accessed, modified] = times;
        node.times.accessed = accessed.unwrap_or(node.times.accessed);
        node.times.modified = modified.unwrap_or(node.times.modified);
    })
}

/// Two times: `None` is one that stays as it is.
fn read_times(place: u64) -> Result<[Option<Duration>; 2], Errno> {
    let words: [u64; 4] = words::read_words(place)?;
    let mut times = [None; 2];
    for (time, pair) in times.iter_mut().zip(words.chunks_exact(2)) {
        *time = match (pair[0], pair[1]) {
            (_, nanoseconds) if nanoseconds == u64::from(UTIME_NOW) => Some(time_of_day()),
            (_, nanoseconds) if nanoseconds == u64::from(UTIME_OMIT) => None,
            (_, 1_000_000_000..) => return Err(Errno(EINVAL)),
            (seconds, nanoseconds) => Some(Duration::new(seconds, nanoseconds as u32)),
        };
    }
    Ok(times)
}
