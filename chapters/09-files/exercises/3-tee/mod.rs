//! `tee`, as you have it: the tools take this file for one of theirs.
//!
//! Given, not to be written. What comes from where and goes to whom stands in `tee.rs`; here its
//! words are taken apart, and its wishes are passed on to the kernel.
//!
//! ```text
//!  main.rs ── run ──> mod.rs ── tee ──> tee.rs ── open, read, write, complain ──> mod.rs
//! ```

use core::ffi::CStr;

use user::file;
use user::syscall::{Errno, STDOUT};

use crate::Words;
use crate::options::Letters;
use crate::report::fail;

#[forbid(unsafe_code)]
#[allow(dead_code, unused_imports, reason = "until its holes are filled")]
mod tee;

pub use user::file::{O_APPEND, O_CREAT, O_TRUNC, O_WRONLY};

const LETTERS: Letters = Letters { tool: "tee", flags: "a", valued: "" };

/// What a file may be used for that is new, less what the process takes away.
const MODE: u32 = 0o666;

/// The way to the kernel.
pub struct Calls;

/// `tee`: copies the standard input to the standard output and to each file.
pub fn run(words: Words) -> u8 {
    match LETTERS.parse(words) {
        Ok(options) => tee::tee(&mut Calls, options.has(b'a'), &options.operands),
        Err(status) => status,
    }
}

#[allow(dead_code, reason = "unused until the holes are filled")]
impl Calls {
    /// Opens the file at `path`, with Linux's `flags`; its descriptor.
    pub fn open(&mut self, path: &CStr, flags: u32) -> Result<usize, Errno> {
        file::open(path, flags, MODE)
    }

    /// Reads up to as many bytes of the standard input as fit into `bytes`; says how many came.
    /// None: it has ended.
    pub fn read(&mut self, bytes: &mut [u8]) -> Result<usize, Errno> {
        file::read(user::input::STDIN, bytes)
    }

    /// Writes `bytes` to `descriptor`; says how many of them were taken.
    pub fn write(&mut self, descriptor: usize, bytes: &[u8]) -> Result<usize, Errno> {
        file::write(descriptor, bytes)
    }

    /// Tells the person of an `error` about `what`: a file, or [`INPUT`] or [`OUTPUT`].
    pub fn complain(&mut self, what: &CStr, error: Errno) {
        fail(LETTERS.tool, what.to_bytes(), error);
    }
}

/// What the standard input is called, and the standard output.
#[allow(dead_code, reason = "unused until the holes are filled")]
pub const INPUT: &CStr = c"standard input";
#[allow(dead_code, reason = "unused until the holes are filled")]
pub const OUTPUT: &CStr = c"standard output";
