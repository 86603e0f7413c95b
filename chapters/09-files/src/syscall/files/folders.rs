//! Calls about folders: what is in them, and which one a process is in.
//!
//! Linux, `man 2 getdents`, `man 2 getcwd`, `man 2 chdir`, `man 2 umask`.
//!
//! ```text
//!  0       8          16       18     19
//! | number | next   | length | kind | name, 0, to a multiple of 8 |    struct linux_dirent64
//! ```

use linux_raw_sys::errno::{ENOENT, ENOTDIR, EPERM, ERANGE};
use linux_raw_sys::general::{
    __NR_chdir as CHDIR, __NR_chroot as CHROOT, __NR_fchdir as FCHDIR, __NR_getcwd as GETCWD,
    __NR_getdents64 as GETDENTS64, __NR_umask as UMASK, DT_CHR, DT_DIR, DT_FIFO, DT_LNK, DT_REG,
};

use super::open::HERE;
use super::path::Path;
use crate::file::status;
use crate::file::tree::{Place, TREE};
use crate::file::walk::LastLink;
use crate::file::{FileError, Held};
use crate::process::files;
use crate::process::user::UserSlice;
use crate::syscall::{Context, Descriptor, Errno, Kind};

/// The calls about folders.
pub const CALLS: &[Descriptor] = &[
    Descriptor::new(
        GETDENTS64,
        "getdents64",
        &[Kind::Descriptor, Kind::Address, Kind::Size],
        getdents64,
    ),
    Descriptor::new(GETCWD, "getcwd", &[Kind::Got(&Kind::Text), Kind::Size], getcwd),
    Descriptor::new(CHDIR, "chdir", &[Kind::Text], chdir),
    Descriptor::new(FCHDIR, "fchdir", &[Kind::Descriptor], fchdir),
    Descriptor::new(CHROOT, "chroot", &[Kind::Text], chroot),
    Descriptor::new(UMASK, "umask", &[Kind::Mode], umask),
];

/// Bytes of a `struct linux_dirent64` before the name.
const HEADER: usize = 19;

/// The largest, with the longest name.
const LARGEST: usize = 280;

/// `getdents64(descriptor, buffer, bytes)`: lists as many names as there is room for, and goes on
/// behind them the next time. The result is how many bytes that were; none, at the end.
///
/// Linux: EBADF, ENOTDIR, EFAULT, EINVAL if there is no room for one, ENOENT for a folder that was
/// removed. Here: the same.
fn getdents64(context: &mut Context) -> Result<usize, Errno> {
    let [descriptor, start, bytes, ..] = context.arguments;
    let description = files::description(descriptor)?;
    let room = UserSlice::new(start, bytes as u32 as usize)?;
    let mut done = 0;
    let mut error = None;
    description.list(|name, kind, number, next| {
        let (record, length) = record(name, kind, number, next);
        if done + length > room.len() {
            error = (done == 0).then_some(FileError::Invalid);
            return false;
        }
        let is_written = room.write(done, &record[..length]).is_ok();
        match is_written {
            true => done += length,
            false => error = (done == 0).then_some(FileError::BadAddress),
        }
        is_written
    })?;
    match error {
        Some(error) => Err(error.into()),
        None => Ok(done),
    }
}

/// A `struct linux_dirent64`, and how long it is.
fn record(name: &[u8], kind: status::Kind, number: u64, next: u64) -> ([u8; LARGEST], usize) {
    let length = (HEADER + name.len() + 1).next_multiple_of(8);
    let mut record = [0; LARGEST];
    record[..8].copy_from_slice(&number.to_le_bytes());
    record[8..16].copy_from_slice(&next.to_le_bytes());
    record[16..18].copy_from_slice(&(length as u16).to_le_bytes());
    record[18] = match kind {
        status::Kind::Regular => DT_REG,
        status::Kind::Folder => DT_DIR,
        status::Kind::Link => DT_LNK,
        status::Kind::Device => DT_CHR,
        status::Kind::Pipe => DT_FIFO,
    } as u8;
    record[HEADER..HEADER + name.len()].copy_from_slice(name);
    (record, length)
}

/// `getcwd(buffer, bytes)`: tells the path of the working directory, from the root on, with a zero
/// behind it. The result is how many bytes that are.
///
/// Linux: ERANGE if there is no room, ENOENT if it was removed, EFAULT. Here: the same.
fn getcwd(context: &mut Context) -> Result<usize, Errno> {
    let [start, bytes, ..] = context.arguments;
    let folder = files::folder();
    let mut path = {
        let tree = TREE.lock();
        match tree.is_gone(folder.place()) {
            true => return Err(Errno(ENOENT)),
            false => tree.path(folder.place())?,
        }
    };
    path.try_reserve(1).map_err(FileError::from)?;
    path.push(0);
    if path.len() as u64 > bytes {
        return Err(Errno(ERANGE));
    }
    UserSlice::new(start, path.len())?.write(0, &path)?;
    Ok(path.len())
}

/// `chdir(path)`: makes a folder the working directory.
///
/// Linux: ENOTDIR, and all about the path. Here: the same.
fn chdir(context: &mut Context) -> Result<usize, Errno> {
    let folder = Path::new(HERE, context.arguments[0])?.existing(LastLink::Follow)?;
    set_folder(folder)
}

/// `fchdir(descriptor)`: makes an open folder the working directory.
///
/// Linux: EBADF, ENOTDIR. Here: the same.
fn fchdir(context: &mut Context) -> Result<usize, Errno> {
    let description = files::description(context.arguments[0])?;
    set_folder(description.held().ok_or(Errno(ENOTDIR))?)
}

/// `chroot(path)`: makes a folder the root of all paths.
///
/// Linux: EPERM for who has not the right to, ENOTDIR, and all about the path. Here: the same, but
/// nobody has the right to another root than the one that there is, which anybody may ask for.
fn chroot(context: &mut Context) -> Result<usize, Errno> {
    let folder = Path::new(HERE, context.arguments[0])?.existing(LastLink::Follow)?;
    match folder.place() {
        Place::ROOT => Ok(0),
        place if TREE.lock().is_folder(place) => Err(Errno(EPERM)),
        _ => Err(Errno(ENOTDIR)),
    }
}

fn set_folder(folder: Held) -> Result<usize, Errno> {
    if !TREE.lock().is_folder(folder.place()) {
        return Err(Errno(ENOTDIR));
    }
    let surroundings = files::surroundings();
    let old = core::mem::replace(&mut surroundings.lock().folder, folder);
    drop(old);
    Ok(0)
}

/// `umask(mask)`: says what new files do not allow, by nine bits; the result is what it was before.
/// It cannot fail, as on Linux.
fn umask(context: &mut Context) -> Result<usize, Errno> {
    let mask = context.arguments[0] as u32 & 0o777;
    let surroundings = files::surroundings();
    let old = core::mem::replace(&mut surroundings.lock().mask, mask);
    Ok(old as usize)
}

const _: () = assert!(LARGEST > HEADER + 255);
