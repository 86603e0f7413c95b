//! What comes in goes out to all.
//!
//! Whoever cannot take it any more is told of once and left out; that is nobody else's business.
//!
//! ```text
//!                      ┌──> standard output
//!  input ── a piece ───┼──> file           all of the piece to each,
//!                      └──> file           and then the next one
//! ```

use alloc::vec::Vec;
use core::ffi::CStr;

use super::{Calls, Errno, INPUT, O_APPEND, O_CREAT, O_TRUNC, O_WRONLY, OUTPUT, STDOUT};

/// So many bytes come in at once.
const PIECE: usize = 4096;

/// The flags with which files are opened.
pub fn flags(is_appended: bool) -> u32 {
    O_WRONLY | O_CREAT | if is_appended { O_APPEND } else { O_TRUNC }
}

/// Writes all of `bytes` to `descriptor`.
pub fn write_all(calls: &mut Calls, descriptor: usize, bytes: &[u8]) -> Result<(), Errno> {
    let mut rest = bytes;
    while !rest.is_empty() {
        match calls.write(descriptor, rest) {
            Ok(count) => rest = &rest[count..],
            Err(Errno::EINTR) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Copies the input to the output and to the files at `paths`; the result is the status.
pub fn tee(calls: &mut Calls, is_appended: bool, paths: &[&CStr]) -> u8 {
    let mut status = 0;
    let mut outputs = Vec::from([(OUTPUT, STDOUT)]);
    for path in paths {
        match calls.open(path, flags(is_appended)) {
            Ok(descriptor) => outputs.push((path, descriptor)),
            Err(error) => {
                calls.complain(path, error);
                status = 1;
            }
        }
    }
    let mut bytes = [0; PIECE];
    loop {
        let piece = match calls.read(&mut bytes) {
            Ok(0) => return status,
            Ok(count) => &bytes[..count],
            Err(Errno::EINTR) => continue,
            Err(error) => {
                calls.complain(INPUT, error);
                return 1;
            }
        };
        outputs.retain(|(name, descriptor)| match write_all(calls, *descriptor, piece) {
            Ok(()) => true,
            Err(error) => {
                calls.complain(name, error);
                status = 1;
                false
            }
        });
    }
}
