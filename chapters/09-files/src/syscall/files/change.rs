//! Calls that change the tree: names come, go and move.
//!
//! Linux, `man 2 mkdir`, `man 2 unlink`, `man 2 rmdir`, `man 2 rename`, `man 2 link`,
//! `man 2 symlink`, `man 2 readlink`.

use alloc::vec::Vec;

use linux_raw_sys::errno::EINVAL;
use linux_raw_sys::general::{
    self as linux, AT_EMPTY_PATH, AT_REMOVEDIR, AT_SYMLINK_FOLLOW, RENAME_EXCHANGE,
    RENAME_NOREPLACE,
};

use super::path::{Path, read};
use crate::file::FileError;
use crate::file::change::{Occupied, Removed};
use crate::file::node::Content;
use crate::file::status::Kind as FileKind;
use crate::file::tree::{Place, TREE};
use crate::file::walk::LastLink;
use crate::process::files;
use crate::process::user::UserSlice;
use crate::syscall::time::time_of_day;
use crate::syscall::{Context, Descriptor, Errno, Kind, flags};

/// The calls that change the tree.
pub const CALLS: &[Descriptor] = &[
    Descriptor::new(
        linux::__NR_mkdirat,
        "mkdirat",
        &[Kind::Descriptor, Kind::Text, Kind::Mode],
        mkdirat,
    ),
    Descriptor::new(
        linux::__NR_unlinkat,
        "unlinkat",
        &[Kind::Descriptor, Kind::Text, Kind::Flags(flags::AT)],
        unlinkat,
    ),
    Descriptor::new(
        linux::__NR_renameat2,
        "renameat2",
        &[Kind::Descriptor, Kind::Text, Kind::Descriptor, Kind::Text, Kind::Flags(flags::RENAME)],
        renameat2,
    ),
    Descriptor::new(
        linux::__NR_renameat,
        "renameat",
        &[Kind::Descriptor, Kind::Text, Kind::Descriptor, Kind::Text],
        renameat,
    ),
    Descriptor::new(
        linux::__NR_linkat,
        "linkat",
        &[Kind::Descriptor, Kind::Text, Kind::Descriptor, Kind::Text, Kind::Flags(flags::AT)],
        linkat,
    ),
    Descriptor::new(
        linux::__NR_symlinkat,
        "symlinkat",
        &[Kind::Text, Kind::Descriptor, Kind::Text],
        symlinkat,
    ),
    Descriptor::new(
        linux::__NR_readlinkat,
        "readlinkat",
        &[Kind::Descriptor, Kind::Text, Kind::Output, Kind::Size],
        readlinkat,
    ),
];

/// `mkdirat(folder, path, mode)`: makes an empty folder.
///
/// Linux: EEXIST, ENOENT, ENOTDIR and all else about the path. Here: the same.
fn mkdirat(context: &mut Context) -> Result<usize, Errno> {
    let [folder, path, mode, ..] = context.arguments;
    mkdir(folder, path, mode as u32)
}

/// Makes an empty folder at a path.
pub fn mkdir(folder: u64, path: u64, mode: u32) -> Result<usize, Errno> {
    let path = Path::new(folder, path)?;
    let mask = files::surroundings().lock().mask;
    let mut tree = TREE.lock();
    let found = path.find(&tree, LastLink::Name)?;
    tree.create_folder(&found, mode & 0o1777 & !mask, time_of_day())?;
    Ok(0)
}

/// `unlinkat(folder, path, flags)`: takes a name away; with AT_REMOVEDIR that of an empty folder.
/// With its last name a file goes, as soon as nobody has it open.
///
/// Linux: EISDIR for a folder, ENOTDIR for none with AT_REMOVEDIR, ENOTEMPTY, EBUSY for what is
/// covered by another file system, EINVAL for `.`, and all about the path. Here: the same.
fn unlinkat(context: &mut Context) -> Result<usize, Errno> {
    let [folder, path, flags, ..] = context.arguments;
    let what = match flags as u32 {
        0 => Removed::File,
        AT_REMOVEDIR => Removed::Folder,
        _ => return Err(Errno(EINVAL)),
    };
    remove(folder, path, what)
}

/// Takes the name at a path away.
pub fn remove(folder: u64, path: u64, what: Removed) -> Result<usize, Errno> {
    let path = Path::new(folder, path)?;
    let mut tree = TREE.lock();
    let found = path.find(&tree, LastLink::Name)?;
    tree.remove(&found, what, time_of_day())?;
    Ok(0)
}

/// `renameat2(folder, path, new folder, new path, flags)`: gives a file another name. What had that
/// goes, or stays with RENAME_NOREPLACE (EEXIST), or gets the old name with RENAME_EXCHANGE.
///
/// Linux: EINVAL for a folder that would come to be inside of itself, and for other flags; EISDIR
/// and ENOTDIR for a file and a folder; ENOTEMPTY, EBUSY, EXDEV, and all about the paths. Here: the
/// same. Left out: RENAME_WHITEOUT (EINVAL).
fn renameat2(context: &mut Context) -> Result<usize, Errno> {
    let [folder, path, new_folder, new_path, flags, _] = context.arguments;
    rename([folder, path], [new_folder, new_path], flags as u32)
}

/// `renameat(folder, path, new folder, new path)`: as `renameat2` without flags, also on Linux.
fn renameat(context: &mut Context) -> Result<usize, Errno> {
    let [folder, path, new_folder, new_path, ..] = context.arguments;
    rename([folder, path], [new_folder, new_path], 0)
}

/// Gives what is at a path another one: each is a folder and a path.
pub fn rename(old: [u64; 2], new: [u64; 2], flags: u32) -> Result<usize, Errno> {
    let occupied = match flags {
        0 => Occupied::Replace,
        RENAME_NOREPLACE => Occupied::Fail,
        RENAME_EXCHANGE => Occupied::Exchange,
        _ => return Err(Errno(EINVAL)),
    };
    let [old, new] = [Path::new(old[0], old[1])?, Path::new(new[0], new[1])?];
    let mut tree = TREE.lock();
    let from = old.find(&tree, LastLink::Name)?;
    let to = new.find(&tree, LastLink::Name)?;
    tree.rename(&from, &to, occupied, time_of_day())?;
    Ok(0)
}

/// `linkat(folder, path, new folder, new path, flags)`: gives a file one name more. A link is
/// itself meant, unless AT_SYMLINK_FOLLOW says otherwise.
///
/// Linux: EEXIST, EPERM for a folder, EXDEV, ENOENT also for a file that is open and has no name
/// any more, and all about the paths. Here: the same.
fn linkat(context: &mut Context) -> Result<usize, Errno> {
    let [folder, path, new_folder, new_path, flags, _] = context.arguments;
    link([folder, path], [new_folder, new_path], flags as u32)
}

/// Gives what is at a path one name more: each is a folder and a path.
pub fn link(old: [u64; 2], new: [u64; 2], flags: u32) -> Result<usize, Errno> {
    if flags & !(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH) != 0 {
        return Err(Errno(EINVAL));
    }
    let last = match flags & AT_SYMLINK_FOLLOW {
        0 => LastLink::Keep,
        _ => LastLink::Follow,
    };
    let old = match flags & AT_EMPTY_PATH {
        0 => Path::new(old[0], old[1])?,
        _ => Path::or_descriptor(old[0], old[1])?,
    };
    let held = old.existing(last)?;
    let new = Path::new(new[0], new[1])?;
    let mut tree = TREE.lock();
    let found = new.find(&tree, LastLink::Name)?;
    tree.link(held.place(), &found, time_of_day())?;
    Ok(0)
}

/// `symlinkat(target, folder, path)`: makes a link: a path that leads to another. That one need not
/// be there.
///
/// Linux: EEXIST, ENOENT for an empty target, and all about the path. Here: the same.
fn symlinkat(context: &mut Context) -> Result<usize, Errno> {
    let [target, folder, path, ..] = context.arguments;
    symlink(target, folder, path)
}

/// Makes a link to `target` at a path.
pub fn symlink(target: u64, folder: u64, path: u64) -> Result<usize, Errno> {
    let target = read(target)?;
    let path = Path::new(folder, path)?;
    let mut tree = TREE.lock();
    let found = path.find(&tree, LastLink::Name)?;
    tree.create(&found, Content::Link(target), 0o777, time_of_day())?;
    Ok(0)
}

/// `readlinkat(folder, path, buffer, bytes)`: tells the path that a link has, without a zero, and
/// no more than there is room for. The result is how many bytes that were.
///
/// Linux: EINVAL for what is no link, or no room at all; EFAULT, and all about the path. Here: the
/// same.
fn readlinkat(context: &mut Context) -> Result<usize, Errno> {
    let [folder, path, start, bytes, ..] = context.arguments;
    readlink(folder, path, [start, bytes])
}

/// Tells the path that the link at a path has.
pub fn readlink(folder: u64, path: u64, [start, bytes]: [u64; 2]) -> Result<usize, Errno> {
    let bytes = bytes as i32;
    if bytes <= 0 {
        return Err(Errno(EINVAL));
    }
    let path = Path::or_descriptor(folder, path)?;
    let target = target(path.existing(LastLink::Keep)?.place()).map_err(|error| match error {
        // An empty path is for who has opened a link itself.
        FileError::Invalid if path.text.is_empty() => FileError::NotFound,
        error => error,
    })?;
    let count = target.len().min(bytes as usize);
    UserSlice::new(start, count)?.write(0, &target[..count])?;
    Ok(count)
}

/// The path of the link at `place`.
fn target(place: Place) -> Result<Vec<u8>, FileError> {
    let tree = TREE.lock();
    match place {
        Place::Proc(entry) if entry.kind() == FileKind::Link => entry.target_path(&tree),
        Place::Proc(_) => Err(FileError::Invalid),
        Place::Tree(id) => match &tree.node(id).content {
            Content::Link(path) => crate::file::change::copy(path),
            _ => Err(FileError::Invalid),
        },
    }
}
