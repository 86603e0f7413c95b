//! The calls that x86_64 began with, each by its successor.
//!
//! What each does on Linux and here, with which errors, stands at its successor; each takes a path
//! from the working directory on. Linux, `man 2 open` and the others.

use linux_raw_sys::errno::EBADF;
use linux_raw_sys::general::{AT_SYMLINK_NOFOLLOW, O_CREAT, O_TRUNC, O_WRONLY};

use super::open::HERE;
use super::{attributes, change, descriptors, open as opening, pipes, status};
use crate::file::change::Removed;
use crate::process::files;
use crate::syscall::{Context, Errno};

/// `open(path, flags, mode)`: as `openat`, on Linux too.
pub fn open(context: &mut Context) -> Result<usize, Errno> {
    let [path, flags, mode, ..] = context.arguments;
    opening::open(HERE, path, flags as u32, mode as u32)
}

/// `creat(path, mode)`: `open` to write, from nothing, as on Linux.
pub fn creat(context: &mut Context) -> Result<usize, Errno> {
    let [path, mode, ..] = context.arguments;
    opening::open(HERE, path, O_CREAT | O_WRONLY | O_TRUNC, mode as u32)
}

/// `stat(path, status)`: as `newfstatat` without flags, on Linux too.
pub fn stat(context: &mut Context) -> Result<usize, Errno> {
    let [path, place, ..] = context.arguments;
    status::stat(HERE, path, place, 0)
}

/// `lstat(path, status)`: as `stat`, of a link itself, on Linux too.
pub fn lstat(context: &mut Context) -> Result<usize, Errno> {
    let [path, place, ..] = context.arguments;
    status::stat(HERE, path, place, AT_SYMLINK_NOFOLLOW)
}

/// `access(path, mode)`: as `faccessat`, on Linux too.
pub fn access(context: &mut Context) -> Result<usize, Errno> {
    let [path, mode, ..] = context.arguments;
    status::access(HERE, path, mode as u32, 0)
}

/// `chmod(path, mode)`: as `fchmodat`, on Linux too.
pub fn chmod(context: &mut Context) -> Result<usize, Errno> {
    let [path, mode, ..] = context.arguments;
    attributes::chmod(HERE, path, mode as u32)
}

/// `chown(path, owner, group)`: as `fchownat` without flags, on Linux too.
pub fn chown(context: &mut Context) -> Result<usize, Errno> {
    let [path, owner, group, ..] = context.arguments;
    attributes::chown(HERE, path, [owner as u32, group as u32], 0)
}

/// `lchown(path, owner, group)`: as `chown`, of a link itself, on Linux too.
pub fn lchown(context: &mut Context) -> Result<usize, Errno> {
    let [path, owner, group, ..] = context.arguments;
    attributes::chown(HERE, path, [owner as u32, group as u32], AT_SYMLINK_NOFOLLOW)
}

/// `mkdir(path, mode)`: as `mkdirat`, on Linux too.
pub fn mkdir(context: &mut Context) -> Result<usize, Errno> {
    let [path, mode, ..] = context.arguments;
    change::mkdir(HERE, path, mode as u32)
}

/// `rmdir(path)`: as `unlinkat` with AT_REMOVEDIR, on Linux too.
pub fn rmdir(context: &mut Context) -> Result<usize, Errno> {
    change::remove(HERE, context.arguments[0], Removed::Folder)
}

/// `unlink(path)`: as `unlinkat` without flags, on Linux too.
pub fn unlink(context: &mut Context) -> Result<usize, Errno> {
    change::remove(HERE, context.arguments[0], Removed::File)
}

/// `rename(old, new)`: as `renameat`, on Linux too.
pub fn rename(context: &mut Context) -> Result<usize, Errno> {
    let [old, new, ..] = context.arguments;
    change::rename([HERE, old], [HERE, new], 0)
}

/// `link(old, new)`: as `linkat` without flags, on Linux too.
pub fn link(context: &mut Context) -> Result<usize, Errno> {
    let [old, new, ..] = context.arguments;
    change::link([HERE, old], [HERE, new], 0)
}

/// `symlink(target, path)`: as `symlinkat`, on Linux too.
pub fn symlink(context: &mut Context) -> Result<usize, Errno> {
    let [target, path, ..] = context.arguments;
    change::symlink(target, HERE, path)
}

/// `readlink(path, buffer, bytes)`: as `readlinkat`, on Linux too.
pub fn readlink(context: &mut Context) -> Result<usize, Errno> {
    let [path, start, bytes, ..] = context.arguments;
    change::readlink(HERE, path, [start, bytes])
}

/// `dup2(descriptor, number)`: as `dup3` without flags, but a number that means it already is fine,
/// as on Linux.
pub fn dup2(context: &mut Context) -> Result<usize, Errno> {
    let [descriptor, number, ..] = context.arguments;
    if descriptor as u32 == number as u32 {
        files::description(descriptor).map_err(|_| Errno(EBADF))?;
        return Ok(number as u32 as usize);
    }
    descriptors::replace(descriptor, number, false)
}

/// `pipe(place)`: as `pipe2` without flags, on Linux too.
pub fn pipe(context: &mut Context) -> Result<usize, Errno> {
    pipes::pipe(context.arguments[0], 0)
}
