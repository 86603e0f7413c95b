//! Input: bytes, lines, and what kind of thing a descriptor is.
//!
//! A line is read byte by byte. It costs a call a byte, but takes nothing that lies behind the
//! line's end: that may be meant for a program that is started next and reads the same input.

use alloc::vec::Vec;

use linux_raw_sys::{general, ioctl};

use crate::syscall::{Errno, call};

/// The descriptor that input comes from.
pub const STDIN: usize = general::STDIN_FILENO as usize;

/// Reads up to as many bytes as fit into `bytes`; says how many came. None: the input has ended.
pub fn read(descriptor: usize, bytes: &mut [u8]) -> Result<usize, Errno> {
    let arguments = [descriptor, bytes.as_mut_ptr() as usize, bytes.len(), 0, 0, 0];
    // SAFETY: the kernel writes into the bytes, which are lent to us for that.
    unsafe { call(general::__NR_read, arguments) }
}

/// The next line of `descriptor`, without its end; `None` at the end of input.
pub fn line(descriptor: usize) -> Result<Option<Vec<u8>>, Errno> {
    let mut line = Vec::new();
    loop {
        let mut byte = [0];
        match read(descriptor, &mut byte) {
            Ok(0) => return Ok((!line.is_empty()).then_some(line)),
            Ok(_) if byte == *b"\n" => return Ok(Some(line)),
            Ok(_) => line.push(byte[0]),
            Err(Errno::EINTR) => {}
            Err(error) => return Err(error),
        }
    }
}

/// Whether a person types at `descriptor`: only a terminal has settings.
pub fn is_terminal(descriptor: usize) -> bool {
    /// `struct termios` as the kernel has it has 36 bytes.
    type Settings = [u32; 16];
    let mut settings: Settings = [0; 16];
    let arguments = [descriptor, ioctl::TCGETS as usize, &raw mut settings as usize, 0, 0, 0];
    // SAFETY: the kernel writes the settings to where there is room for them.
    unsafe { call(general::__NR_ioctl, arguments) }.is_ok()
}
