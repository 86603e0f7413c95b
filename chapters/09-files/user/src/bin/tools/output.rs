//! What a tool prints, gathered so that many lines take one call. Where a person reads along, each
//! line goes out at once.
//!
//! Whoever writes to a pipe that nobody reads any more has nothing left to do, and ends in silence.

use alloc::vec::Vec;

use user::exit;
use user::file::write_all;
use user::input::is_terminal;
use user::syscall::{Errno, STDOUT};

use crate::report::fail;

/// So many bytes go out at once.
const PIECE: usize = 8192;

/// The way to the standard output.
pub struct Output {
    tool: &'static str,
    bytes: Vec<u8>,
    is_seen: bool,
}

impl Output {
    /// Begins to print for `tool`.
    pub fn new(tool: &'static str) -> Self {
        Self { tool, bytes: Vec::new(), is_seen: is_terminal(STDOUT) }
    }

    /// Prints `bytes`.
    pub fn write(&mut self, bytes: &[u8]) {
        self.bytes.extend(bytes);
        if self.bytes.len() >= PIECE || (self.is_seen && bytes.ends_with(b"\n")) {
            self.flush();
        }
    }

    /// Prints `line` and its end.
    pub fn line(&mut self, line: &[u8]) {
        self.bytes.extend(line);
        self.write(b"\n");
    }

    /// Lets all that was printed out.
    pub fn flush(&mut self) {
        match write_all(STDOUT, &self.bytes) {
            Ok(()) => {}
            Err(Errno::EPIPE) => exit(1),
            Err(error) => {
                fail(self.tool, b"write error", error);
                exit(1);
            }
        }
        self.bytes.clear();
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        self.flush();
    }
}
