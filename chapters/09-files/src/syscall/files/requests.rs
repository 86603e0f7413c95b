//! What `ioctl` may be asked of all that is open: whether it waits, and whether `execve` closes it.
//!
//! `fcntl` does the same in two calls, to read the flags and to write them; here it is one, and
//! Rust's standard library prefers that. Linux, `man 2 ioctl_fioclex`; fs/ioctl.c, `do_vfs_ioctl`.

use linux_raw_sys::errno::ENOTTY;
use linux_raw_sys::general::O_NONBLOCK;
use linux_raw_sys::ioctl::{FIOASYNC, FIOCLEX, FIONBIO, FIONCLEX};

use crate::file::Description;
use crate::process::files;
use crate::syscall::{Errno, words};

/// Does what `request` says to what `descriptor` means, if it is one of these; whether it is.
///
/// - `FIOCLEX` and `FIONCLEX` say that `execve` closes the descriptor, and that it does not.
/// - `FIONBIO` sets O_NONBLOCK if the number at `place` is not 0, and clears it if it is.
/// - `FIOASYNC` does the same to O_ASYNC. No signal tells that something can be read: so that flag
///   is never set. To ask for it is ENOTTY, as on Linux for a file that sends none.
///
/// Linux: EBADF, also for what is open with O_PATH; EFAULT. Here: the same.
pub fn heed(descriptor: u64, request: u32, place: u64) -> Result<bool, Errno> {
    let description = files::usable(descriptor)?;
    match request {
        FIOCLEX | FIONCLEX => set_closes_on_exec(descriptor, request == FIOCLEX)?,
        FIONBIO => set_impatient(&description, is_set(place)?),
        FIOASYNC if is_set(place)? => return Err(Errno(ENOTTY)),
        FIOASYNC => {}
        _ => return Ok(false),
    }
    Ok(true)
}

/// Whether the number at `place` is not 0.
fn is_set(place: u64) -> Result<bool, Errno> {
    let [number] = words::read_halves(place)?;
    Ok(number != 0)
}

fn set_closes_on_exec(descriptor: u64, closes_on_exec: bool) -> Result<(), Errno> {
    let table = files::descriptors();
    table.lock().find_mut(descriptor)?.closes_on_exec = closes_on_exec;
    Ok(())
}

fn set_impatient(description: &Description, is_impatient: bool) {
    let flag = if is_impatient { O_NONBLOCK } else { 0 };
    description.change_flags(|flags| flags & !O_NONBLOCK | flag);
}
