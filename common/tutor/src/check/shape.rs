//! How a source file must look as a whole: it opens with a header, and it fits the page.

use super::finding::{Finding, Verdict, verdict};
use super::scope::Scope;
use super::source::{Language, Source, sources};

/// Lines of a file.
const FILE_LINES: usize = 300;
/// Columns of a line.
const LINE_COLUMNS: usize = 100;

/// Every source file opens with a comment that says what it is.
pub fn headers(scope: Scope) -> Verdict {
    verdict(sources(scope)?.iter().filter_map(header).collect())
}

/// Files and lines are no longer than a reader can take in.
pub fn sizes(scope: Scope) -> Verdict {
    verdict(sources(scope)?.iter().flat_map(size).collect())
}

fn header(source: &Source) -> Option<Finding> {
    let mark = match source.language {
        Language::Rust => "//!",
        Language::Assembly => "//",
        Language::LinkerScript => "/*",
    };
    let what = format!("does not open with a header comment (`{mark} …`)");
    let advice = "say in one noun phrase what the file is, then why it is done this way";
    let is_missing = !source.text.starts_with(mark);
    is_missing.then(|| Finding::new(&source.name, what, advice).at(1))
}

fn size(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    let lines = source.text.lines().count();
    if lines > FILE_LINES {
        let what = format!("{lines} lines, the limit is {FILE_LINES}");
        findings.push(Finding::new(&source.name, what, "split it: one concept a file"));
    }
    for (index, line) in source.text.lines().enumerate() {
        let columns = line.chars().count();
        if columns > LINE_COLUMNS {
            let what = format!("{columns} columns, the limit is {LINE_COLUMNS}");
            findings.push(Finding::new(&source.name, what, "break the line").at(index + 1));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(name: &str, text: &str) -> Source {
        Source::new(name, text).expect("its language is known")
    }

    #[test]
    fn headers_are_asked_for_in_each_language() {
        for (name, good, bad) in [
            ("a.rs", "//! Frames.\n", "// Frames.\n"),
            ("a.s", "// Entry.\n", "    .text\n"),
            ("a.ld", "/* Layout. */\n", "SECTIONS {}\n"),
        ] {
            assert_eq!(header(&source(name, good)), None);
            let finding = header(&source(name, bad)).expect("it has no header");
            assert_eq!((finding.file.as_str(), finding.line), (name, Some(1)));
        }
        assert!(header(&source("empty.rs", "")).is_some());
    }

    #[test]
    fn limits_are_kept_up_to_the_last_line_and_column() {
        let line = format!("{}\n", "≤".repeat(LINE_COLUMNS));
        assert!(size(&source("a.rs", &line.repeat(FILE_LINES))).is_empty());
        let findings = size(&source("a.rs", &line.repeat(FILE_LINES + 1)));
        assert_eq!(findings.len(), 1);
        assert!(findings[0].what.starts_with("301 lines"));
        let findings = size(&source("a.rs", &format!("short\nx{line}")));
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].line, Some(2));
    }
}
