//! A line of text of limited length, for what is put together without any memory but a stack.

use core::fmt;

/// Bytes that a line has at the most.
const BYTES: usize = 512;

/// Bytes of them that are kept for the end.
const END: usize = 128;

/// What stands where something was left out.
const LEFT_OUT: &str = "...";

/// A line. What does not fit in is left out, and that something was is seen.
pub struct Line {
    bytes: [u8; BYTES],
    length: usize,
    /// Up to where it may be filled now.
    limit: usize,
    is_cut: bool,
}

impl Line {
    /// A line in which nothing stands.
    pub fn new() -> Self {
        Self { bytes: [0; BYTES], length: 0, limit: BYTES - END, is_cut: false }
    }

    /// Begins the end of the line, for which there is room in any case.
    pub fn begin_end(&mut self) {
        self.limit = BYTES;
        if self.is_cut {
            self.put(LEFT_OUT);
        }
    }

    /// What stands in it.
    pub fn text(&self) -> &str {
        core::str::from_utf8(&self.bytes[..self.length]).unwrap_or("?")
    }

    /// Adds `text`.
    pub fn put(&mut self, text: &str) {
        text.chars().for_each(|letter| self.put_letter(letter));
    }

    fn put_letter(&mut self, letter: char) {
        let place = &mut self.bytes[self.length..self.limit];
        if place.len() < letter.len_utf8() {
            self.is_cut = true;
            self.limit = self.length;
            return;
        }
        self.length += letter.encode_utf8(place).len();
    }
}

impl fmt::Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.put(text);
        Ok(())
    }
}
