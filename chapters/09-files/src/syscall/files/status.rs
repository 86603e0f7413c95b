//! Calls that tell of files.
//!
//! Linux, `man 2 stat`, `man 2 statfs`, `man 2 access`.

use linux_raw_sys::errno::EINVAL;
use linux_raw_sys::general::{
    self as linux, AT_EACCESS, AT_EMPTY_PATH, AT_FDCWD, AT_SYMLINK_NOFOLLOW, PROC_SUPER_MAGIC,
    TMPFS_MAGIC,
};

use super::path::Path;
use crate::file::contents;
use crate::file::status::{Kind as FileKind, Status};
use crate::file::tree::{Place, TREE};
use crate::file::walk::LastLink;
use crate::file::{FileError, Held, name};
use crate::memory::address::FRAME_SIZE;
use crate::process::files;
use crate::syscall::{Context, Descriptor, Errno, Kind, flags, words};

/// The calls that tell of files.
pub const CALLS: &[Descriptor] = &[
    Descriptor::new(linux::__NR_fstat, "fstat", &[Kind::Descriptor, Kind::Got(&Kind::Stat)], fstat),
    Descriptor::new(
        linux::__NR_newfstatat,
        "newfstatat",
        &[Kind::Descriptor, Kind::Text, Kind::Got(&Kind::Stat), Kind::Flags(flags::AT)],
        newfstatat,
    ),
    Descriptor::new(linux::__NR_statfs, "statfs", &[Kind::Text, Kind::Address], statfs),
    Descriptor::new(linux::__NR_fstatfs, "fstatfs", &[Kind::Descriptor, Kind::Address], fstatfs),
    Descriptor::new(
        linux::__NR_faccessat,
        "faccessat",
        &[Kind::Descriptor, Kind::Text, Kind::Flags(flags::ACCESS)],
        faccessat,
    ),
    Descriptor::new(
        linux::__NR_faccessat2,
        "faccessat2",
        &[Kind::Descriptor, Kind::Text, Kind::Flags(flags::ACCESS), Kind::Flags(flags::AT_ACCESS)],
        faccessat2,
    ),
];

/// `fstat(descriptor, status)`: tells of what is open.
///
/// Linux: EBADF, EFAULT. Here: the same.
fn fstat(context: &mut Context) -> Result<usize, Errno> {
    let [descriptor, place, ..] = context.arguments;
    let status = files::description(descriptor)?.status();
    write(place, &status)
}

/// `newfstatat(folder, path, status, flags)`: tells of what is at a path. With AT_SYMLINK_NOFOLLOW
/// a link itself is meant, with AT_EMPTY_PATH an empty path means what `folder` is.
///
/// Linux: all about the path, EFAULT, EINVAL for other flags. Here: the same.
fn newfstatat(context: &mut Context) -> Result<usize, Errno> {
    let [folder, path, place, flags, ..] = context.arguments;
    stat(folder, path, place, flags as u32)
}

/// Tells of what is at a path.
pub fn stat(folder: u64, path: u64, place: u64, flags: u32) -> Result<usize, Errno> {
    let known = AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | linux::AT_NO_AUTOMOUNT;
    check(flags, known)?;
    if flags & AT_EMPTY_PATH != 0 && folder as i32 != AT_FDCWD && is_empty(path)? {
        let status = files::description(folder)?.status();
        return write(place, &status);
    }
    let held = find(folder, path, flags)?;
    let status = TREE.lock().status(held.place());
    write(place, &status)
}

fn is_empty(path: u64) -> Result<bool, Errno> {
    Ok(words::read::<1>(path)? == [0])
}

/// Refuses flags that are not `known`.
pub(super) fn check(flags: u32, known: u32) -> Result<(), Errno> {
    if flags & !known == 0 { Ok(()) } else { Err(Errno(EINVAL)) }
}

/// What is at a path, as `flags` say.
pub(super) fn find(folder: u64, path: u64, flags: u32) -> Result<Held, Errno> {
    let last = match flags & AT_SYMLINK_NOFOLLOW {
        0 => LastLink::Follow,
        _ => LastLink::Keep,
    };
    let path = match flags & AT_EMPTY_PATH {
        0 => Path::new(folder, path)?,
        _ => Path::or_descriptor(folder, path)?,
    };
    Ok(path.existing(last)?)
}

/// Writes a `struct stat`, whose layout is the machine's.
fn write(place: u64, status: &Status) -> Result<usize, Errno> {
    // SAFETY: the structure is made of numbers, for which zeroes are good.
    let mut stat: linux::stat = unsafe { core::mem::zeroed() };
    stat.st_dev = status.device as _;
    stat.st_ino = status.number as _;
    stat.st_mode = status.kind.bits() | status.mode;
    stat.st_nlink = status.links as _;
    stat.st_uid = status.owner;
    stat.st_gid = status.group;
    stat.st_rdev = status.opens as _;
    stat.st_size = status.size as _;
    stat.st_blksize = FRAME_SIZE as _;
    stat.st_blocks = status.blocks as _;
    let [accessed, modified, changed] =
        [status.times.accessed, status.times.modified, status.times.changed];
    (stat.st_atime, stat.st_atime_nsec) = (accessed.as_secs() as _, accessed.subsec_nanos() as _);
    (stat.st_mtime, stat.st_mtime_nsec) = (modified.as_secs() as _, modified.subsec_nanos() as _);
    (stat.st_ctime, stat.st_ctime_nsec) = (changed.as_secs() as _, changed.subsec_nanos() as _);
    words::write_structure(place, &stat)?;
    Ok(0)
}

/// `statfs(path, status)`: tells of the file system that a path leads to: how large it is, and how
/// much of it is free.
///
/// Linux: all about the path, EFAULT. Here: the same, and there is one file system that counts.
fn statfs(context: &mut Context) -> Result<usize, Errno> {
    let [path, place, ..] = context.arguments;
    let held = Path::new(super::open::HERE, path)?.existing(LastLink::Follow)?;
    write_file_system(place, Some(held.place()))
}

/// `fstatfs(descriptor, status)`: as `statfs`, of what is open.
///
/// Linux: EBADF, EFAULT. Here: the same, but a pipe is said to be on that one file system, too.
fn fstatfs(context: &mut Context) -> Result<usize, Errno> {
    let [descriptor, place, ..] = context.arguments;
    let description = files::description(descriptor)?;
    write_file_system(place, description.place())
}

fn write_file_system(place: u64, file: Option<Place>) -> Result<usize, Errno> {
    let is_proc = matches!(file, Some(Place::Proc(_)));
    // What `/proc` has takes no room.
    let (used, most) = if is_proc { (0, 0) } else { contents::usage() };
    // SAFETY: the structure is made of numbers, for which zeroes are good.
    let mut statfs: linux::statfs64 = unsafe { core::mem::zeroed() };
    statfs.f_type = if is_proc { PROC_SUPER_MAGIC } else { TMPFS_MAGIC } as _;
    statfs.f_bsize = FRAME_SIZE as _;
    statfs.f_frsize = FRAME_SIZE as _;
    statfs.f_blocks = most as _;
    statfs.f_bfree = (most - used.min(most)) as _;
    statfs.f_bavail = statfs.f_bfree;
    statfs.f_namelen = name::LONGEST as _;
    words::write_structure(place, &statfs)?;
    Ok(0)
}

/// `faccessat(folder, path, mode)`: asks whether a file is there, and may be read, written or
/// executed.
///
/// Linux: EACCES if not, EINVAL for other modes, all about the path. Here: the same. Everybody is
/// root, who may all, but execute what nobody may.
fn faccessat(context: &mut Context) -> Result<usize, Errno> {
    let [folder, path, mode, ..] = context.arguments;
    access(folder, path, mode as u32, 0)
}

/// `faccessat2(folder, path, mode, flags)`: the same, with AT_EACCESS, AT_SYMLINK_NOFOLLOW and
/// AT_EMPTY_PATH.
///
/// Linux: as `faccessat`, and EINVAL for other flags. Here: the same.
fn faccessat2(context: &mut Context) -> Result<usize, Errno> {
    let [folder, path, mode, flags, ..] = context.arguments;
    access(folder, path, mode as u32, flags as u32)
}

/// Asks what may be done with what is at a path.
pub fn access(folder: u64, path: u64, mode: u32, flags: u32) -> Result<usize, Errno> {
    let all = flags::ACCESS.iter().fold(0, |all, (flag, _)| all | flag);
    check(mode, all)?;
    check(flags, AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)?;
    let held = find(folder, path, flags)?;
    let status = TREE.lock().status(held.place());
    let is_folder = status.kind == FileKind::Folder;
    let may_execute = is_folder || status.mode & 0o111 != 0;
    if mode & linux::X_OK != 0 && !may_execute {
        return Err(FileError::Denied.into());
    }
    Ok(0)
}
