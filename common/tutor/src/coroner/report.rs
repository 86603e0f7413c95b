//! What the coroner found, as a person reads it.
//!
//! A headline that can stand alone, then what there is to say under the same few headings every
//! time, in two columns, so that the eye finds its way at one in the morning.

use std::fmt;

/// The width of the column of headings, and of the text beside it.
const HEADING_WIDTH: usize = 24;
const TEXT_WIDTH: usize = 74;

/// What the coroner found; `Display` is the whole report.
#[derive(Clone, Debug)]
pub struct Report {
    /// The finding in one line.
    pub headline: String,
    /// Headings and what stands beside them.
    lines: Vec<(&'static str, String)>,
}

impl Report {
    /// Starts a report.
    pub(super) fn new(headline: impl Into<String>) -> Self {
        Self { headline: headline.into(), lines: Vec::new() }
    }

    /// Adds a line beside `heading`.
    pub(super) fn say(mut self, heading: &'static str, line: impl Into<String>) -> Self {
        self.lines.push((heading, line.into()));
        self
    }

    /// Adds where it happened.
    pub(super) fn happened_at(self, line: impl Into<String>) -> Self {
        self.say("where", line)
    }

    /// Adds what the processor saw.
    pub(super) fn saw(self, line: impl Into<String>) -> Self {
        self.say("what the processor saw", line)
    }

    /// Adds a step of how it got there.
    pub(super) fn came_from(self, line: impl Into<String>) -> Self {
        self.say("how it got there", line)
    }

    /// Adds advice.
    pub(super) fn look_at(self, line: impl Into<String>) -> Self {
        self.say("what to look at", line)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}", self.headline)?;
        let mut last = "";
        for (heading, text) in &self.lines {
            let mut shown = if *heading == last { "" } else { heading };
            for line in wrap(text, TEXT_WIDTH) {
                write!(f, "\n  {}", format!("{shown:HEADING_WIDTH$}{line}").trim_end())?;
                shown = "";
            }
            last = heading;
        }
        Ok(())
    }
}

/// Breaks `text` between words into lines of at most `width` characters, where it can.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is always a line");
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(word.to_string());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_broken_between_words() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("unbreakable x", 3), ["unbreakable", "x"]);
    }

    #[test]
    fn a_heading_stands_once() {
        let report = Report::new("it hangs").saw("this").saw("that").look_at("it");
        let text = report.to_string();
        assert_eq!(text.matches("what the processor saw").count(), 1);
        assert_eq!(text.lines().count(), 4);
        assert!(text.starts_with("it hangs\n"));
    }
}
