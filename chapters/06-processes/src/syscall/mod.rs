//! System calls: what a program can ask of the kernel.
//!
//! The numbers, the registers and the errors are Linux's, so a program made for Linux runs here as
//! far as its calls are known; one that is not is answered by ENOSYS, and the program decides what
//! to make of that. An error is returned as its negative number.

use linux_raw_sys::errno::{EBADF, EFAULT, ENOSYS};
use linux_raw_sys::general::{
    __NR_exit as EXIT, __NR_exit_group as EXIT_GROUP, __NR_write as WRITE,
};

use crate::arch::{self, TrapFrame};
use crate::console;
use crate::process::user::{BadAddress, UserSlice};
use crate::process::{self, Exit};

/// What a program asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// Which call it is.
    pub number: u32,
    /// Up to six arguments; those that it does not have are whatever was in the registers.
    pub arguments: [u64; 6],
}

/// Why a call fails, as Linux numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Errno(pub u32);

impl From<BadAddress> for Errno {
    fn from(_: BadAddress) -> Self {
        Self(EFAULT)
    }
}

/// How much is written in one go. Between two, the program may be interrupted.
const CHUNK: usize = 256;

/// Does what the program in `frame` asks for. It may take long, so it may be interrupted.
pub fn take(frame: &mut TrapFrame) {
    arch::unmask_interrupts();
    handle(frame);
    arch::mask_interrupts();
}

/// Does what the program in `frame` asks for, and gives it the answer.
fn handle(frame: &mut TrapFrame) {
    let Call { number, arguments: [first, second, third, ..] } = frame.system_call();
    let result = match number {
        WRITE => write(first, second, third as usize),
        EXIT | EXIT_GROUP => process::exit(Exit::Exited(first as u8)),
        _ => Err(Errno(ENOSYS)),
    };
    frame.set_result(match result {
        Ok(value) => value as i64,
        Err(Errno(number)) => -i64::from(number),
    });
}

/// Writes `bytes` from `start` on to the console, which is what the descriptors 1 and 2 are. The
/// result is how many were written: fewer, if memory ends in between.
fn write(descriptor: u64, start: u64, bytes: usize) -> Result<usize, Errno> {
    if !matches!(descriptor, 1 | 2) {
        return Err(Errno(EBADF));
    }
    let text = UserSlice::new(start, bytes)?;
    let mut chunk = [0; CHUNK];
    let mut done = 0;
    while done < text.len() {
        match text.read(done, &mut chunk) {
            Ok(count) => {
                console::print_bytes(&chunk[..count]);
                done += count;
            }
            Err(_) if done > 0 => break,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(done)
}
