//! System calls: `write` and `exit`, with Linux's numbers.
//!
//! The kernel answers with one number. From -4095 to -1 it is an error, whose number it is without
//! the sign; anything else is a result. (intro(2), errno(3).)

use core::fmt;

use linux_raw_sys::{errno, general};

use crate::arch;

/// The descriptor that results go to.
pub const STDOUT: usize = general::STDOUT_FILENO as usize;

/// The descriptor that complaints go to.
pub const STDERR: usize = general::STDERR_FILENO as usize;

/// The number of `write`.
pub const WRITE: u32 = general::__NR_write;

/// Why the kernel did not do what it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Errno(pub u32);

impl Errno {
    /// There is no such descriptor.
    pub const EBADF: Self = Self(errno::EBADF);
    /// An address is not ours to name.
    pub const EFAULT: Self = Self(errno::EFAULT);
    /// There is no such system call.
    pub const ENOSYS: Self = Self(errno::ENOSYS);

    /// The error's largest number.
    const MAX: u32 = 4095;
}

impl fmt::Display for Errno {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match *self {
            Self::EBADF => write!(f, "bad file descriptor"),
            Self::EFAULT => write!(f, "bad address"),
            Self::ENOSYS => write!(f, "function not implemented"),
            Self(number) => match self.entry() {
                Some((_, _, what)) => write!(f, "{what}"),
                None => write!(f, "error {number}"),
            },
        }
    }
}

impl core::error::Error for Errno {}

/// Writes `bytes` to `descriptor`; says how many of them were taken.
pub fn write(descriptor: usize, bytes: &[u8]) -> Result<usize, Errno> {
    let arguments = [descriptor, bytes.as_ptr() as usize, bytes.len(), 0, 0, 0];
    // SAFETY: `write` reads the bytes, which may be read, and changes nothing of ours.
    unsafe { call(WRITE, arguments) }
}

/// Ends the program. Whoever waits for it gets the lowest eight bits of `status`.
pub fn exit(status: i32) -> ! {
    loop {
        // SAFETY: nothing of ours is left to be confused.
        let _ = unsafe { call(general::__NR_exit_group, [status as usize, 0, 0, 0, 0, 0]) };
    }
}

/// Asks the kernel for what `number` stands for.
///
/// # Safety
///
/// The system call must do nothing to this program's memory that Rust does not know of.
pub unsafe fn call(number: u32, arguments: [usize; 6]) -> Result<usize, Errno> {
    // SAFETY: the caller promises the same.
    from_answer(unsafe { arch::syscall(number, arguments) })
}

/// What the number that the kernel answers with means.
pub(crate) fn from_answer(answer: isize) -> Result<usize, Errno> {
    match u32::try_from(answer.unsigned_abs()) {
        Ok(error @ 1..=Errno::MAX) if answer < 0 => Err(Errno(error)),
        _ => Ok(answer as usize),
    }
}
