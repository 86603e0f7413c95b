//! What a file must be like to be loaded.

use super::file::{Header, Headers, Refused};

/// Checks the first bytes of `file`: that they are those of an ELF file of 64 bits with the lowest
/// byte first, and that there is a whole file header.
pub fn check_beginning(file: &[u8]) -> Result<(), Refused> {
    todo!("look at the first of {} bytes", file.len())
}

/// Checks the file header of a file of `length` bytes: that it is a program for `machine`, and that
/// its program headers are where it says.
pub fn check_header(header: &Header, length: u64, machine: u16) -> Result<(), Refused> {
    todo!("is this a program for {machine:#x}, and its table in {length} bytes: {header:?}")
}

/// Checks the program headers of a file of `length` bytes, to whose addresses `base` is added.
pub fn check_segments(headers: &Headers, base: u64, length: u64) -> Result<(), Refused> {
    todo!("check {} program headers for {base:#x}, in {length} bytes", headers.len())
}

/// Checks that the first instruction is in the file, in code.
pub fn check_entry(header: &Header, headers: &Headers) -> Result<(), Refused> {
    todo!("find {:#x} in one of {} segments", header.e_entry, headers.len())
}
