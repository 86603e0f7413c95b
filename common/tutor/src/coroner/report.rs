//! What the coroner found, as a person reads it.
//!
//! A headline that can stand alone, then what there is to say under the same few headings every
//! time, in two columns, so that the eye finds its way at one in the morning. It is as wide as the
//! terminal; where that leaves no room for two columns, each heading stands above its text.

use std::fmt;

use crate::ui;

/// The width of the column of headings.
const HEADING_WIDTH: usize = 24;

/// The width where no terminal has another, and the least that is still read.
const USUAL_WIDTH: usize = 100;
const LEAST_WIDTH: usize = 40;

/// From this width on there are two columns.
const TWO_COLUMNS: usize = 72;

/// What stands before a line that is no headline.
const INDENT: &str = "  ";

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
        f.write_str(&self.lines_of(width()).join("\n"))
    }
}

impl Report {
    /// The whole report, in lines of at most `width` characters where they can be broken.
    fn lines_of(&self, width: usize) -> Vec<String> {
        let mut shown = Vec::new();
        for line in wrap(&self.headline, width - INDENT.len()) {
            let indent = if shown.is_empty() { "" } else { INDENT };
            shown.push(format!("{indent}{line}"));
        }
        let mut last = "";
        for (heading, text) in &self.lines {
            let heading_if_new = if *heading == last { "" } else { heading };
            if width < TWO_COLUMNS {
                shown.extend(below(heading_if_new, text, width));
            } else {
                shown.extend(beside(heading_if_new, text, width));
            }
            last = heading;
        }
        shown
    }
}

/// `text`, to the right of `heading`.
fn beside(heading: &str, text: &str, width: usize) -> Vec<String> {
    let lines = wrap(text, width - INDENT.len() - HEADING_WIDTH).into_iter();
    let headings = std::iter::once(heading).chain(std::iter::repeat(""));
    let lines = lines.zip(headings);
    lines
        .map(|(line, heading)| format!("{INDENT}{heading:HEADING_WIDTH$}{line}"))
        .map(|line| line.trim_end().to_string())
        .collect()
}

/// `text`, under `heading` if there is one.
fn below(heading: &str, text: &str, width: usize) -> Vec<String> {
    let heading = (!heading.is_empty()).then(|| format!("{INDENT}{heading}"));
    let lines = wrap(text, width - 2 * INDENT.len()).into_iter();
    heading.into_iter().chain(lines.map(|line| format!("{INDENT}{INDENT}{line}"))).collect()
}

/// How wide a report is to be: as the terminal, if it goes to one.
fn width() -> usize {
    width_for(ui::columns(std::io::stderr()))
}

/// How wide a report is to be on a terminal with so many columns; one that does not know has zero.
fn width_for(columns: Option<usize>) -> usize {
    match columns {
        None | Some(0) => USUAL_WIDTH,
        Some(columns) => columns.max(LEAST_WIDTH),
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

    fn example() -> Report {
        Report::new("it hangs").saw("this and that, one after the other").saw("that").look_at("it")
    }

    #[test]
    fn a_heading_stands_once() {
        let text = example().lines_of(100).join("\n");
        assert_eq!(text.matches("what the processor saw").count(), 1);
        assert_eq!(text.lines().count(), 4);
        assert!(text.starts_with("it hangs\n"));
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let headline = "a headline of many words that is far too long for a terminal like this";
        let report = Report { headline: headline.into(), ..example() };
        for width in [40, 60, 71, 72, 100] {
            let lines = report.lines_of(width);
            assert!(lines.iter().all(|line| line.len() <= width), "{width}: {lines:#?}");
            let told = lines.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(told.starts_with(headline), "{told}");
            assert!(told.contains("this and that, one after the other that"), "{told}");
        }
    }

    #[test]
    fn narrow_reports_have_their_headings_above() {
        let lines = example().lines_of(40);
        assert_eq!(lines[1], "  what the processor saw");
        assert_eq!(lines[2], "    this and that, one after the other");
        assert_eq!(lines[3], "    that");
    }

    #[test]
    fn the_width_is_the_terminals_if_it_has_one() {
        assert_eq!(width_for(Some(120)), 120);
        assert_eq!(width_for(Some(20)), LEAST_WIDTH);
        assert_eq!(width_for(Some(0)), USUAL_WIDTH);
        assert_eq!(width_for(None), USUAL_WIDTH);
    }
}
