//! Devices: what a node in `/dev` is the door to.
//!
//! Linux, Documentation/admin-guide/devices.txt; `man 4 null`, `man 4 full`, `man 4 random`.

use super::{Buffer, FileError};
use crate::memory::address::FRAME_SIZE;
use crate::process::load;
use crate::scheduler;

/// A device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// The terminal, as the kernel's own messages mean it.
    Console,
    /// The terminal of whoever asks, which is the same one.
    Terminal,
    /// Takes everything, and has nothing.
    Null,
    /// Takes everything, and has zeroes without end.
    Zero,
    /// Takes nothing, as a disk that is full, and has zeroes without end.
    Full,
    /// Has bytes without end that nobody can foresee.
    Random,
    /// The same; on Linux it did not wait, in times when the other one did.
    Urandom,
}

/// All of them, with their names in `/dev`.
pub const ALL: &[(&str, Device)] = &[
    ("console", Device::Console),
    ("tty", Device::Terminal),
    ("null", Device::Null),
    ("zero", Device::Zero),
    ("full", Device::Full),
    ("random", Device::Random),
    ("urandom", Device::Urandom),
];

/// Names in `/dev` that lead to what a process has open, whoever it is that asks.
pub const LINKS: &[(&str, &str)] = &[
    ("fd", "/proc/self/fd"),
    ("stdin", "/proc/self/fd/0"),
    ("stdout", "/proc/self/fd/1"),
    ("stderr", "/proc/self/fd/2"),
];

/// How much is copied in one go.
static ZEROES: [u8; 512] = [0; 512];

impl Device {
    /// Its number, as programs see it: Linux's major and minor.
    pub fn number(self) -> u64 {
        let (major, minor) = match self {
            Self::Console => (5, 1),
            Self::Terminal => (5, 0),
            Self::Null => (1, 3),
            Self::Zero => (1, 5),
            Self::Full => (1, 7),
            Self::Random => (1, 8),
            Self::Urandom => (1, 9),
        };
        major << 8 | minor
    }

    /// Reads into `buffer`. The terminal is read elsewhere.
    pub fn read(self, buffer: &mut Buffer) -> Result<usize, FileError> {
        match self {
            Self::Console | Self::Terminal | Self::Null => Ok(0),
            Self::Zero | Self::Full => fill(buffer, || ZEROES),
            Self::Random | Self::Urandom => fill(buffer, load::random),
        }
    }

    /// Takes all of `buffer`, and looks at none of it.
    pub fn write(self, buffer: &Buffer) -> Result<usize, FileError> {
        match self {
            Self::Full => Err(FileError::NoSpace),
            _ => Ok(buffer.len()),
        }
    }
}

/// Fills `buffer` with what `next` gives, piece by piece. Who is to end does not go on to the end
/// of a large one.
fn fill<const N: usize>(
    buffer: &mut Buffer,
    next: impl Fn() -> [u8; N],
) -> Result<usize, FileError> {
    let mut done = 0;
    while done < buffer.len() {
        if done.is_multiple_of(FRAME_SIZE as usize) && scheduler::is_interrupted() {
            return if done > 0 { Ok(done) } else { Err(FileError::Interrupted) };
        }
        let part = N.min(buffer.len() - done);
        let copied = buffer.put(done, &next()[..part]);
        done += copied;
        if copied < part {
            break;
        }
    }
    if done == 0 && buffer.len() > 0 { Err(FileError::BadAddress) } else { Ok(done) }
}

#[cfg(feature = "ktest")]
#[path = "device_tests.rs"]
mod tests;
