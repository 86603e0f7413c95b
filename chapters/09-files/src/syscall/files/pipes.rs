//! Calls that make pipes.
//!
//! Linux, `man 2 pipe`.

use linux_raw_sys::errno::EINVAL;
use linux_raw_sys::general::{__NR_pipe2 as PIPE2, O_CLOEXEC, O_NONBLOCK};

use crate::file::descriptors::{Descriptor as Meaning, closes_on_exec};
use crate::file::pipe;
use crate::process::files;
use crate::syscall::{Context, Descriptor, Errno, Kind, flags, words};

/// The calls that make pipes.
pub const CALLS: &[Descriptor] =
    &[Descriptor::new(PIPE2, "pipe2", &[Kind::Got(&Kind::Pair), Kind::Flags(flags::OPEN)], pipe2)];

/// `pipe2(place, flags)`: makes a pipe. Two descriptors are left at `place`, the first to read and
/// the second to write.
///
/// Linux: EFAULT, EMFILE, ENFILE, ENOMEM, EINVAL for other flags than O_CLOEXEC, O_NONBLOCK and
/// O_DIRECT. Here: the same, but O_DIRECT is left out, with which each read is of one write
/// (EINVAL, as before Linux 3.4), and there may be as many pipes as there are descriptors. A pipe
/// has 64 KiB, which cannot be changed.
fn pipe2(context: &mut Context) -> Result<usize, Errno> {
    let [place, flags, ..] = context.arguments;
    pipe(place, flags as u32)
}

/// Makes a pipe, and leaves its descriptors at `place`.
///
/// The numbers are the program's when they were told, and not before: other threads of it could
/// close them in between, and open something else by the same number.
pub fn pipe(place: u64, flags: u32) -> Result<usize, Errno> {
    if flags & !(O_CLOEXEC | O_NONBLOCK) != 0 {
        return Err(Errno(EINVAL));
    }
    let closes_on_exec = closes_on_exec(flags);
    let ends = pipe::new(flags)?.map(|description| Meaning { description, closes_on_exec });
    let table = files::descriptors();
    let mut table = table.lock();
    let mut add = |end: &Meaning| table.add(end.clone(), 0);
    let reader = add(&ends[0])?;
    let result = add(&ends[1]).map_err(Errno::from).and_then(|writer| {
        words::write_halves(place, &[reader as u32, writer as u32]).inspect_err(|_| {
            let _ = table.remove(writer as u64);
        })
    });
    if result.is_err() {
        let _ = table.remove(reader as u64);
    }
    // The table is unlocked before what is left of the ends goes: it was declared later.
    result.map(|()| 0)
}
