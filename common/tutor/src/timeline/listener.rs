//! Listens to a console, and keeps a list of thousands of lines from the reader.
//!
//! A line is passed on as it comes, since a prompt has no end of line; only what may become a line
//! of the list waits until it is clear. While the list comes, which takes a serial port a while, a
//! bar shows how far it is.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::ui;

/// How each line of a list begins.
pub const PREFIX: &str = "timeline:";

/// Someone who listens.
#[derive(Default)]
pub struct Listener {
    /// All that was said.
    heard: Vec<u8>,
    /// The line that has no end yet.
    line: Vec<u8>,
    /// How much of that was passed on.
    passed: usize,
    bar: Option<ProgressBar>,
}

impl Listener {
    /// Takes `bytes`, and passes on what the reader is to see.
    pub fn hear(&mut self, bytes: &[u8], mut pass_on: impl FnMut(&[u8])) {
        for byte in bytes.iter().filter(|byte| **byte != b'\r') {
            self.line.push(*byte);
            if *byte == b'\n' {
                self.end_line(&mut pass_on);
            }
        }
        if !self.may_be_listed() {
            self.pass(&mut pass_on);
        }
    }

    /// Passes on what was held back, and returns all that was said.
    pub fn end(mut self, mut pass_on: impl FnMut(&[u8])) -> String {
        if !self.line.starts_with(PREFIX.as_bytes()) {
            self.pass(&mut pass_on);
        }
        self.heard.append(&mut self.line);
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
        String::from_utf8_lossy(&self.heard).into_owned()
    }

    /// Whether the line is one of the list, or may become one.
    fn may_be_listed(&self) -> bool {
        let prefix = PREFIX.as_bytes();
        self.line.starts_with(prefix) || prefix.starts_with(&self.line)
    }

    fn end_line(&mut self, pass_on: &mut impl FnMut(&[u8])) {
        if self.line.starts_with(PREFIX.as_bytes()) {
            self.count();
        } else {
            match &self.bar.clone() {
                Some(bar) => bar.suspend(|| self.pass(pass_on)),
                None => self.pass(pass_on),
            }
        }
        self.heard.append(&mut self.line);
        self.passed = 0;
    }

    fn pass(&mut self, pass_on: &mut impl FnMut(&[u8])) {
        if self.passed < self.line.len() {
            pass_on(&self.line[self.passed..]);
            self.passed = self.line.len();
        }
    }

    /// Shows that a line of the list has come.
    fn count(&mut self) {
        let line = String::from_utf8_lossy(&self.line);
        let words: Vec<&str> = line.split_ascii_whitespace().skip(1).collect();
        match words.as_slice() {
            ["begin", events, ..] => self.bar = events.parse().ok().map(bar),
            ["end"] => {
                if let Some(bar) = self.bar.take() {
                    bar.finish_and_clear();
                }
            }
            _ => {
                if let Some(bar) = &self.bar {
                    bar.inc(1);
                }
            }
        }
    }
}

/// A bar for so many events, if a person watches.
fn bar(events: u64) -> ProgressBar {
    if !ui::is_watched() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(events);
    let style = ProgressStyle::with_template("     Reading {bar:40} {pos} of {len} events");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONSOLE: &str = "one\r\ntimeline: begin 1 events, 0 lost\r\ntimeline: 5 tick 1\r\n\
                           timetable\r\ntimeline: end\r\nname> ";

    /// What is passed on, and what was heard, when `text` comes in pieces of `length`.
    fn heard(text: &str, length: usize) -> (String, String) {
        let mut passed = Vec::new();
        let mut listener = Listener::default();
        for piece in text.as_bytes().chunks(length) {
            listener.hear(piece, |bytes| passed.extend_from_slice(bytes));
        }
        let heard = listener.end(|bytes| passed.extend_from_slice(bytes));
        (String::from_utf8(passed).expect("it is text"), heard)
    }

    #[test]
    fn the_list_is_kept_from_the_reader_however_it_comes() {
        for length in 1..CONSOLE.len() {
            let (passed, heard) = heard(CONSOLE, length);
            assert_eq!(passed, "one\ntimetable\nname> ", "{length}");
            assert_eq!(heard, CONSOLE.replace('\r', ""));
        }
    }

    #[test]
    fn a_prompt_is_passed_on_at_once() {
        let mut passed = Vec::new();
        let mut listener = Listener::default();
        listener.hear(b"one\nti", |bytes| passed.extend_from_slice(bytes));
        assert_eq!(passed, b"one\n");
        listener.hear(b"p> ", |bytes| passed.extend_from_slice(bytes));
        assert_eq!(passed, b"one\ntip> ");
    }

    #[test]
    fn a_line_of_the_list_that_is_cut_off_is_kept_as_well() {
        let (passed, heard) = heard("timeline: begin 1 ev", 3);
        assert_eq!((passed.as_str(), heard.as_str()), ("", "timeline: begin 1 ev"));
    }
}
