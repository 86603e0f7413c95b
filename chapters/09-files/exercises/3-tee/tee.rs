//! What comes in goes out to all.

use alloc::vec::Vec;
use core::ffi::CStr;

use super::{Calls, Errno, INPUT, O_APPEND, O_CREAT, O_TRUNC, O_WRONLY, OUTPUT, STDOUT};

/// The flags with which files are opened.
pub fn flags(is_appended: bool) -> u32 {
    todo!("with which flags is a file opened, if it is appended to: {is_appended}?")
}

/// Writes all of `bytes` to `descriptor`.
pub fn write_all(calls: &mut Calls, descriptor: usize, bytes: &[u8]) -> Result<(), Errno> {
    let _ = calls;
    todo!("write {} bytes to {descriptor}", bytes.len())
}

/// Copies the input to the output and to the files at `paths`; the result is the status.
pub fn tee(calls: &mut Calls, is_appended: bool, paths: &[&CStr]) -> u8 {
    let _ = calls;
    todo!("copy the input to {} files, appended: {is_appended}", paths.len())
}
