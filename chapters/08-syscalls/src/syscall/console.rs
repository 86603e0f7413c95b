//! Calls about the console, which is what the descriptors 0, 1 and 2 are: to read and to write.
//!
//! There are no others, and none of the three can be closed. Linux, `man 2 read`, `man 2 write`,
//! `man 2 readv`.

use linux_raw_sys::errno::{EBADF, EINTR};
use linux_raw_sys::general::{
    __NR_ioctl as IOCTL, __NR_ppoll as PPOLL, __NR_read as READ, __NR_readv as READV,
    __NR_write as WRITE, __NR_writev as WRITEV,
};

use super::ioctl::{REQUESTS, ioctl};
use super::poll::ppoll;
use super::{Context, Descriptor, Errno, Kind, vectors};
use crate::input::terminal;
use crate::process::user::UserSlice;
use crate::scheduler::mutex::Mutex;
use crate::scheduler::{self, Interrupted};

/// The calls about the console.
pub(super) const CALLS: &[Descriptor] = &[
    Descriptor::new(READ, "read", &[Kind::Descriptor, Kind::Output, Kind::Size], read),
    Descriptor::new(WRITE, "write", &[Kind::Descriptor, Kind::Input(2), Kind::Size], write),
    Descriptor::new(READV, "readv", &[Kind::Descriptor, Kind::Outputs(2), Kind::Size], readv),
    Descriptor::new(WRITEV, "writev", &[Kind::Descriptor, Kind::Inputs(2), Kind::Size], writev),
    Descriptor::new(
        IOCTL,
        "ioctl",
        &[Kind::Descriptor, Kind::Choice(REQUESTS), Kind::Address],
        ioctl,
    ),
    Descriptor::new(
        PPOLL,
        "ppoll",
        &[Kind::Address, Kind::Size, Kind::Time, Kind::Address, Kind::Size],
        ppoll,
    ),
];

/// How much is written in one go, as by Linux's terminals: all of it, or none if its memory ends.
const CHUNK: usize = 2048;

/// How much is printed before there may be an interrupt.
const PRINTED: usize = 256;

/// Protects the text that is on its way to the console. So what two processes write at the same
/// time does not mix, up to [`CHUNK`] bytes of each.
static OUTPUT: Mutex<[u8; CHUNK]> = Mutex::new([0; CHUNK]);

/// What a descriptor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum File {
    /// The terminal, for both directions.
    Terminal,
    /// A pipe from which can be read only.
    Pipe,
}

/// What the descriptor with this number is. As on Linux it is an `int`: the upper half of the
/// register means nothing.
pub(super) fn file(descriptor: u64) -> Result<File, Errno> {
    match descriptor as u32 {
        0 if terminal::is_pipe() => Ok(File::Pipe),
        0..=2 => Ok(File::Terminal),
        _ => Err(Errno(EBADF)),
    }
}

/// Reads up to as many bytes as are asked for, and waits until there is one.
///
/// From a terminal in canonical mode come no more than one line, and nothing at the end of the
/// input; the rest of a line that is too long for the buffer is left for the next read. Without
/// lines `VMIN` and `VTIME` say how long a read waits. If the buffer is not there the answer is
/// EFAULT, and what was to go there is lost, as on Linux.
///
/// A pipe gives what it has. Nothing ends a read before its time but the end of its process: what
/// Linux interrupts for a handler waits on here, since handlers are not called.
fn read(context: &mut Context) -> Result<usize, Errno> {
    let [descriptor, start, bytes, ..] = context.arguments;
    file(descriptor)?;
    read_pieces(&[vectors::piece(start, bytes)?])
}

/// Writes bytes to the terminal. The result is how many that were: fewer than asked for, if memory
/// ends in between, and EFAULT if none could be written.
///
/// Linux: EBADF, EFAULT, EINTR; what goes to a terminal is written in pieces of 2048 bytes, each
/// whole or not at all, so the last one may end well before memory does. Here: the same, but that
/// only the end of the process interrupts.
fn write(context: &mut Context) -> Result<usize, Errno> {
    let [descriptor, start, bytes, ..] = context.arguments;
    may_write(descriptor)?;
    write_pieces(&[vectors::piece(start, bytes)?])
}

/// Reads into several places, one after the other: as `read` does, as if they were one.
///
/// Linux: as `read`; EINVAL for more than 1024 places, or a length of 2^63 bytes or more; EFAULT,
/// before anything is read, if one is not in the half of programs. Here: the same.
fn readv(context: &mut Context) -> Result<usize, Errno> {
    let [descriptor, start, count, ..] = context.arguments;
    file(descriptor)?;
    read_pieces(&vectors::pieces(start, count)?)
}

/// Writes from several places, one after the other: as `write` does, as if they were one.
///
/// Linux: as `write`, and EINVAL and EFAULT as `readv`. Here: the same.
fn writev(context: &mut Context) -> Result<usize, Errno> {
    let [descriptor, start, count, ..] = context.arguments;
    may_write(descriptor)?;
    write_pieces(&vectors::pieces(start, count)?)
}

fn may_write(descriptor: u64) -> Result<(), Errno> {
    match file(descriptor)? {
        File::Terminal => Ok(()),
        File::Pipe => Err(Errno(EBADF)),
    }
}

fn read_pieces(pieces: &[UserSlice]) -> Result<usize, Errno> {
    let wanted = vectors::total(pieces);
    if wanted == 0 {
        return Ok(0);
    }
    let mut done = 0;
    let result = terminal::read(wanted, |bytes| {
        vectors::write(pieces, done, bytes)?;
        done += bytes.len();
        Ok(())
    });
    match result {
        Ok(count) => count,
        Err(Interrupted) => Err(Errno(EINTR)),
    }
}

fn write_pieces(pieces: &[UserSlice]) -> Result<usize, Errno> {
    let wanted = vectors::total(pieces);
    let mut done = 0;
    while done < wanted {
        if scheduler::is_interrupted() {
            return if done > 0 { Ok(done) } else { Err(Errno(EINTR)) };
        }
        let mut output = OUTPUT.lock();
        let chunk = &mut output[..CHUNK.min(wanted - done)];
        match vectors::read(pieces, done, chunk) {
            Ok(()) => chunk.chunks(PRINTED).for_each(terminal::write),
            Err(_) if done > 0 => break,
            Err(error) => return Err(error.into()),
        }
        done += chunk.len();
    }
    Ok(done)
}
