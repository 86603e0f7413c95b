//! The calls that this program is about.

use linux_raw_sys::{errno, general, ioctl};
use user::process::{Pid, fork};
use user::syscall::{self, Errno};

/// Nobody reads any more.
pub const EPIPE: Errno = Errno(errno::EPIPE);

/// A pipe has no places to go to.
pub const ESPIPE: Errno = Errno(errno::ESPIPE);

/// There are too many descriptors.
pub const EMFILE: Errno = Errno(errno::EMFILE);

/// How many bytes are never torn.
pub const ATOMIC: usize = general::PIPE_BUF as usize;

/// How many bytes a pipe has room for.
pub const SIZE: usize = 16 * 4096;

/// Asks the kernel for what `number` stands for, with `arguments` and zeroes. What it writes must
/// have been lent for it.
pub fn ask(number: u32, arguments: &[usize]) -> Result<usize, Errno> {
    let mut all = [0; 6];
    all[..arguments.len()].copy_from_slice(arguments);
    // SAFETY: what is called here writes to where its callers have room, or fails.
    unsafe { syscall::call(number, all) }
}

/// Makes a pipe: the descriptor to read, and the one to write.
pub fn pipe(flags: u32) -> Result<[usize; 2], Errno> {
    let mut ends = [0_u32; 2];
    ask(general::__NR_pipe2, &[ends.as_mut_ptr() as usize, flags as usize])?;
    Ok(ends.map(|end| end as usize))
}

/// Reads as much as there is room for in `bytes`; the result is how much that was.
pub fn read(descriptor: usize, bytes: &mut [u8]) -> Result<usize, Errno> {
    ask(general::__NR_read, &[descriptor, bytes.as_mut_ptr() as usize, bytes.len()])
}

/// Reads until `bytes` are full, or nothing comes any more.
pub fn read_all(descriptor: usize, bytes: &mut [u8]) -> Result<usize, Errno> {
    let mut done = 0;
    while done < bytes.len() {
        match read(descriptor, &mut bytes[done..])? {
            0 => break,
            count => done += count,
        }
    }
    Ok(done)
}

/// Forgets a descriptor.
pub fn close(descriptor: usize) -> Result<usize, Errno> {
    ask(general::__NR_close, &[descriptor])
}

/// Makes `number` mean what `descriptor` does, which it stops to mean.
pub fn move_to(descriptor: usize, number: usize) -> Result<usize, Errno> {
    ask(general::__NR_dup3, &[descriptor, number, 0])?;
    close(descriptor)
}

/// How many bytes may be read.
pub fn readable(descriptor: usize) -> Result<u32, Errno> {
    let mut count = u32::MAX;
    let place = &raw mut count as usize;
    ask(general::__NR_ioctl, &[descriptor, ioctl::FIONREAD as usize, place])?;
    Ok(count)
}

/// Starts a copy of this process that does `work`; its result is the status.
pub fn start(work: impl FnOnce() -> i32) -> Result<Pid, Errno> {
    match fork()? {
        None => syscall::exit(work()),
        Some(pid) => Ok(pid),
    }
}
