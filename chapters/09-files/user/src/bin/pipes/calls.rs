//! The calls that this program is about.

use linux_raw_sys::{general, ioctl};
use user::process::{Pid, fork};
pub use user::raw::{close, pipe2 as pipe, read};
use user::syscall::{self, Errno};

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
