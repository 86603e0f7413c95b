//! The line discipline in canonical mode, as it is told in a sentence each.

use std::collections::VecDeque;

/// A line that can be read, or what is left of it.
#[derive(Debug)]
struct Line {
    bytes: VecDeque<u8>,
    is_of_end: bool,
}

/// Lines that are complete, and one that is not.
#[derive(Debug, Default)]
pub struct Model {
    lines: VecDeque<Line>,
    current: Vec<Vec<u8>>,
}

impl Model {
    pub fn add(&mut self, character: &[u8]) {
        self.current.push(character.to_vec());
    }

    pub fn erase(&mut self) {
        self.current.pop();
    }

    pub fn erase_word(&mut self) {
        let is_word = |character: &Vec<u8>| {
            character[0] >= 0x80 || character[0].is_ascii_alphanumeric() || character[0] == b'_'
        };
        while self.current.last().is_some_and(|last| !is_word(last)) {
            self.current.pop();
        }
        while self.current.last().is_some_and(is_word) {
            self.current.pop();
        }
    }

    pub fn kill(&mut self) {
        self.current.clear();
    }

    /// Ends the line, with a newline or without one.
    pub fn end(&mut self, newline: Option<u8>) {
        let mut bytes: VecDeque<u8> = self.current.drain(..).flatten().collect();
        bytes.extend(newline);
        self.lines.push_back(Line { bytes, is_of_end: newline.is_none() });
    }

    /// Forgets everything.
    pub fn flush(&mut self) {
        *self = Self::default();
    }

    pub fn is_ready(&self) -> bool {
        !self.lines.is_empty()
    }

    /// How many bytes there are to be read; the end of the input counts as one.
    pub fn readable(&self) -> usize {
        self.lines.iter().map(|line| line.bytes.len() + usize::from(line.is_of_end)).sum()
    }

    /// Reads `most` bytes at the most. There must be a line.
    pub fn read(&mut self, most: usize) -> Vec<u8> {
        let line = &mut self.lines[0];
        let count = most.min(line.bytes.len());
        let bytes = line.bytes.drain(..count).collect();
        if line.bytes.is_empty() {
            self.lines.pop_front();
        }
        bytes
    }

    /// What the line looks like that is not complete.
    pub fn text(&self) -> String {
        let show = |character: &Vec<u8>| match character[..] {
            [b'\t'] => " ".into(),
            [control @ (..b' ' | 0x7f)] => format!("^{}", char::from(control ^ 0x40)),
            _ => String::from_utf8(character.clone()).expect("characters are typed"),
        };
        self.current.iter().map(show).collect()
    }
}
