//! `ioctl`: what can be asked of a terminal, and of nothing else.
//!
//! Linux, `man 2 ioctl_tty`.

use linux_raw_sys::errno::{EINVAL, ENOTTY, EPERM, ESRCH};
use linux_raw_sys::ioctl::{
    FIONREAD, TCFLSH, TCGETS, TCSETS, TCSETSF, TCSETSW, TIOCGPGRP, TIOCGSID, TIOCGWINSZ, TIOCSPGRP,
};

use super::console::{File, file};
use super::{Context, Errno};
use crate::input::settings::{self, Settings};
use crate::input::terminal;
use crate::process;
use crate::process::user::UserSlice;

/// The requests that have an answer, with their names.
pub(super) const REQUESTS: &[(u32, &str)] = &[
    (TCGETS, "TCGETS"),
    (TCSETS, "TCSETS"),
    (TCSETSW, "TCSETSW"),
    (TCSETSF, "TCSETSF"),
    (TCFLSH, "TCFLSH"),
    (TIOCGPGRP, "TIOCGPGRP"),
    (TIOCSPGRP, "TIOCSPGRP"),
    (TIOCGSID, "TIOCGSID"),
    (TIOCGWINSZ, "TIOCGWINSZ"),
    (FIONREAD, "FIONREAD"),
];

/// Rows and columns, and how many dots they are, which nobody knows: a `struct winsize`.
const WINDOW: [u16; 4] = [24, 80, 0, 0];

/// What is to be flushed: the numbers of `TCFLSH`.
const TCIFLUSH: u64 = 0;
const TCOFLUSH: u64 = 1;
const TCIOFLUSH: u64 = 2;

/// Asks a terminal for something, or tells it; what, is the second argument.
///
/// - `TCGETS`, `TCSETS`, `TCSETSW` and `TCSETSF` read and change the settings. Output is never
///   under way here, so there is nothing to wait for; the last one forgets what was typed.
/// - `TIOCGWINSZ` tells the size of the window, which is always 24 rows of 80 columns: a serial
///   line does not tell.
/// - `TIOCGPGRP`, `TIOCGSID` and `TIOCSPGRP` are about the group of processes that is in front.
///   There is one group, of the first process, and it cannot be changed: ESRCH for another.
/// - `FIONREAD` tells how many bytes may be read, `TCFLSH` forgets them.
///
/// Linux: EBADF, EFAULT, EINVAL for a negative group or an unknown `TCFLSH`. Here: the same.
///
/// All else is ENOTTY. So is all about a pipe, but for `FIONREAD`. What Linux has beyond this is
/// about speeds, parity, breaks and virtual consoles.
pub(super) fn ioctl(context: &mut Context) -> Result<usize, Errno> {
    let [descriptor, request, place, ..] = context.arguments;
    let file = file(descriptor)?;
    let request = request as u32;
    if file == File::Pipe && request != FIONREAD {
        return Err(Errno(ENOTTY));
    }
    match request {
        TCGETS => tell(place, &terminal::settings().to_bytes()),
        TCSETS | TCSETSW => set(place),
        TCSETSF => {
            let result = set(place)?;
            terminal::flush();
            Ok(result)
        }
        TCFLSH => flush(place),
        TIOCGWINSZ => {
            let mut bytes = [0; size_of_val(&WINDOW)];
            for (place, number) in bytes.chunks_exact_mut(2).zip(WINDOW) {
                place.copy_from_slice(&number.to_le_bytes());
            }
            tell(place, &bytes)
        }
        TIOCGPGRP | TIOCGSID => tell(place, &process::send::group().0.to_le_bytes()),
        TIOCSPGRP => set_group(place),
        FIONREAD => tell(place, &(terminal::readable() as u32).to_le_bytes()),
        _ => Err(Errno(ENOTTY)),
    }
}

fn tell(place: u64, answer: &[u8]) -> Result<usize, Errno> {
    UserSlice::new(place, answer.len())?.write(0, answer)?;
    Ok(0)
}

fn set(place: u64) -> Result<usize, Errno> {
    let mut bytes = [0; settings::BYTES];
    UserSlice::new(place, bytes.len())?.read(0, &mut bytes)?;
    terminal::set_settings(Settings::from_bytes(&bytes));
    Ok(0)
}

fn flush(what: u64) -> Result<usize, Errno> {
    match what {
        TCIFLUSH | TCIOFLUSH => terminal::flush(),
        TCOFLUSH => {}
        _ => return Err(Errno(EINVAL)),
    }
    Ok(0)
}

/// Makes a group the one in front: that is, the one that there is.
fn set_group(place: u64) -> Result<usize, Errno> {
    let mut bytes = [0; 4];
    UserSlice::new(place, bytes.len())?.read(0, &mut bytes)?;
    let group = i32::from_le_bytes(bytes);
    match group {
        ..0 => Err(Errno(EINVAL)),
        _ if group as u32 == process::send::group().0 => Ok(0),
        _ if process::children::exists(process::Pid(group as u32)) => Err(Errno(EPERM)),
        _ => Err(Errno(ESRCH)),
    }
}
