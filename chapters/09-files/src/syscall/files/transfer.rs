//! Calls that move bytes and say where: of what has places, as a file does and a terminal does not.
//!
//! Linux, `man 2 pread`, `man 2 lseek`, `man 2 sendfile`, `man 2 truncate`, `man 2 fsync`.

use linux_raw_sys::errno::{EINVAL, ESPIPE};
use linux_raw_sys::general::{self as linux, O_APPEND, SEEK_CUR, SEEK_END, SEEK_SET};

use super::path::Path;
use crate::file::description::{Description, File, Whence};
use crate::file::tree::TREE;
use crate::file::walk::LastLink;
use crate::file::{Buffer, FileError};
use crate::process::files;
use crate::syscall::console::{readable, writable};
use crate::syscall::time::time_of_day;
use crate::syscall::{Context, Descriptor, Errno, Kind, flags, vectors, words};

/// The calls that move bytes.
pub const CALLS: &[Descriptor] = &[
    Descriptor::new(
        linux::__NR_pread64,
        "pread64",
        &[Kind::Descriptor, Kind::Output, Kind::Size, Kind::Offset],
        pread64,
    ),
    Descriptor::new(
        linux::__NR_pwrite64,
        "pwrite64",
        &[Kind::Descriptor, Kind::Input(2), Kind::Size, Kind::Offset],
        pwrite64,
    ),
    Descriptor::new(
        linux::__NR_lseek,
        "lseek",
        &[Kind::Descriptor, Kind::Offset, Kind::Choice(flags::WHENCE)],
        lseek,
    ),
    Descriptor::new(
        linux::__NR_sendfile,
        "sendfile",
        &[Kind::Descriptor, Kind::Descriptor, Kind::Address, Kind::Size],
        sendfile,
    ),
    Descriptor::new(linux::__NR_truncate, "truncate", &[Kind::Text, Kind::Size], truncate),
    Descriptor::new(linux::__NR_ftruncate, "ftruncate", &[Kind::Descriptor, Kind::Size], ftruncate),
    Descriptor::new(linux::__NR_fsync, "fsync", &[Kind::Descriptor], fsync),
    Descriptor::new(linux::__NR_fdatasync, "fdatasync", &[Kind::Descriptor], fsync),
];

/// The offset that an argument says, which is not negative.
fn offset(argument: u64) -> Result<u64, Errno> {
    if argument > i64::MAX as u64 { Err(Errno(EINVAL)) } else { Ok(argument) }
}

/// Reads from a place on, and leaves alone where the next `read` begins.
///
/// Linux: as `read`; EINVAL for a negative offset, ESPIPE for what has no places. Here: the same.
fn pread64(context: &mut Context) -> Result<usize, Errno> {
    let [descriptor, start, bytes, place, ..] = context.arguments;
    let place = offset(place)?;
    let description = readable(descriptor)?;
    let piece = [vectors::piece(start, bytes)?];
    Ok(description.read_at(place, &mut Buffer::Program(&piece))?)
}

/// Writes from a place on, and leaves alone where the next `write` begins. With O_APPEND the bytes
/// go to the end all the same, as on Linux, against POSIX.
///
/// Linux: as `write`; EINVAL for a negative offset, ESPIPE for what has no places. Here: the same.
fn pwrite64(context: &mut Context) -> Result<usize, Errno> {
    let [descriptor, start, bytes, place, ..] = context.arguments;
    let place = offset(place)?;
    let description = writable(descriptor)?;
    let piece = [vectors::piece(start, bytes)?];
    Ok(description.write_at(place, &Buffer::Program(&piece))?)
}

/// `lseek(descriptor, offset, whence)`: says where the next read or write begins. The result is
/// where that is, from the beginning; it may lie behind the end.
///
/// Linux: EBADF, ESPIPE, EINVAL for a place before the beginning or an unknown `whence`. Here: the
/// same. Left out: SEEK_DATA and SEEK_HOLE (EINVAL).
fn lseek(context: &mut Context) -> Result<usize, Errno> {
    let [descriptor, offset, whence, ..] = context.arguments;
    let description = files::usable(descriptor)?;
    let whence = match whence as u32 {
        SEEK_SET => Whence::Start,
        SEEK_CUR => Whence::Current,
        SEEK_END => Whence::End,
        _ => return Err(Errno(EINVAL)),
    };
    Ok(description.seek(whence, offset.cast_signed())? as usize)
}

/// How much is on its way in one go.
const CHUNK: usize = 4096;

/// `sendfile(to, from, offset, count)`: reads from one and writes to the other. If `offset` is not
/// null, it is where to read from, and says afterwards where that was left.
///
/// Linux: EBADF, EFAULT, ESPIPE for an offset in what has no places; EINVAL for what has none
/// without it, for a folder, and for a file that is open with O_APPEND to be written to. Here: the
/// same. It goes through a buffer of the kernel's. Left out: to read from a device (EINVAL).
fn sendfile(context: &mut Context) -> Result<usize, Errno> {
    let [to, from, place, count, ..] = context.arguments;
    let asked = if place == 0 { None } else { Some(words::read_words::<1>(place)?[0]) };
    let from = readable(from)?;
    let asked = asked.map(|start| place_in(&from, start)).transpose()?;
    let to = writable(to)?;
    check_ends(&from, &to)?;
    let mut start = match asked {
        Some(start) => start,
        None => from.seek(Whence::Current, 0)?,
    };
    let (mut done, wanted) = (0, usize::try_from(count).unwrap_or(usize::MAX).min(vectors::MOST));
    let mut bytes = [0; CHUNK];
    while done < wanted {
        let part = CHUNK.min(wanted - done);
        let count = match from.read_at(start, &mut Buffer::Kernel(&mut bytes[..part])) {
            Err(FileError::IsAFolder) => return Err(Errno(EINVAL)),
            Err(_) if done > 0 => break,
            count => count?,
        };
        let written = match to.write(&Buffer::Kernel(&mut bytes[..count])) {
            Err(_) if done > 0 => break,
            result => result?,
        };
        (done, start) = (done + written, start + written as u64);
        if written < count || count == 0 {
            break;
        }
    }
    match place {
        0 => from.seek(Whence::Start, start.cast_signed()).map(|_| ())?,
        _ => words::write_words(place, &[start])?,
    }
    Ok(done)
}

/// The place `start` in `from`, which must have places.
fn place_in(from: &Description, start: u64) -> Result<u64, Errno> {
    match from.file {
        File::Terminal | File::Input | File::Pipe(_) => Err(Errno(ESPIPE)),
        _ => offset(start),
    }
}

/// Refuses what `sendfile` cannot read from, and files of which somebody else says where it writes.
fn check_ends(from: &Description, to: &Description) -> Result<(), Errno> {
    let is_stored = matches!(from.file, File::Node | File::Text(_));
    let has_own_place = to.flags() & O_APPEND != 0 && !matches!(to.file, File::Pipe(_));
    if is_stored && !has_own_place { Ok(()) } else { Err(Errno(EINVAL)) }
}

/// `truncate(path, bytes)`: makes a file so long; what is beyond is gone, what is missing reads as
/// zeroes.
///
/// Linux: EINVAL for a negative length or what is no file, EISDIR, EFBIG; and all about the path.
/// Here: the same.
fn truncate(context: &mut Context) -> Result<usize, Errno> {
    let [path, bytes, ..] = context.arguments;
    let bytes = offset(bytes)?;
    let held = Path::new(super::open::HERE, path)?.existing(LastLink::Follow)?;
    TREE.lock().contents_mut(held.place(), time_of_day())?.resize(bytes)?;
    Ok(0)
}

/// `ftruncate(descriptor, bytes)`: as `truncate`, of what is open to be written.
///
/// Linux: EBADF, EINVAL for what is no file, or not open to be written. Here: the same.
fn ftruncate(context: &mut Context) -> Result<usize, Errno> {
    let [descriptor, bytes, ..] = context.arguments;
    let bytes = offset(bytes)?;
    files::usable(descriptor)?.resize(bytes)?;
    Ok(0)
}

/// `fsync(descriptor)`, `fdatasync(descriptor)`: waits until all is on the disk.
///
/// Linux: EBADF, EINVAL for what can never be on one, EIO. Here: the same, but there is no disk, so
/// there is nothing to wait for and nothing that breaks.
fn fsync(context: &mut Context) -> Result<usize, Errno> {
    match files::usable(context.arguments[0])?.file {
        File::Node => Ok(0),
        _ => Err(Errno(EINVAL)),
    }
}
