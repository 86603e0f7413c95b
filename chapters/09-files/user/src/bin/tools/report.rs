//! What a tool says when something is not possible: its name, what it is about, and why.

use alloc::format;
use alloc::string::String;
use core::fmt::Display;

use user::file::write_all;
use user::syscall::{Errno, STDERR};

/// Says `why` something is not possible with `what`.
pub fn complain(tool: &str, what: &[u8], why: impl Display) {
    let text = format!("{tool}: {}: {why}\n", String::from_utf8_lossy(what));
    // If nobody hears it, the status is all that is left.
    let _ = write_all(STDERR, text.as_bytes());
}

/// Says with which `error` the kernel has refused something about `what`.
pub fn fail(tool: &str, what: &[u8], error: Errno) {
    complain(tool, what, words(error));
}

/// The words for `error`, as tools begin them everywhere: with a capital.
pub fn words(error: Errno) -> String {
    let text = format!("{error}");
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => text,
    }
}
