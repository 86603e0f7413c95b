//! Text files, down to their last byte; and the files that must be there.

use super::finding::{Finding, Verdict, verdict};
use super::scope::Scope;
use chapter_diff::folder;

/// Parts of the names of files whose text is not ours to tidy.
const VERBATIM: &[&str] = &[".patch", ".diff", "LICENSE"];

/// The licences, each with words that it must hold.
const LICENCES: &[(&str, &str)] = &[
    ("LICENSE-APACHE", "Apache License"),
    ("LICENSE-MIT", "Permission is hereby granted"),
    ("book/LICENSE", "Creative Commons"),
];

/// No text file has blanks at the end of a line, carriage returns, or a last line without its end.
pub fn whitespace(scope: Scope) -> Verdict {
    let files = scope.files()?;
    let texts = files.iter().filter_map(|(name, bytes)| Some((name, folder::text(bytes)?)));
    let texts = texts.filter(|(name, _)| !VERBATIM.iter().any(|part| name.contains(part)));
    verdict(texts.flat_map(|(name, text)| untidy(name, text)).collect())
}

/// The licences that the project names are in it.
pub fn licences(scope: Scope) -> Verdict {
    let read = |name: &str| std::fs::read_to_string(scope.workspace.root.join(name));
    let missing = LICENCES.iter().filter_map(|(name, words)| match read(name) {
        Ok(text) if text.contains(words) => None,
        Ok(_) => Some(Finding::new(*name, format!("does not say “{words}”"), "put its text there")),
        Err(_) => Some(Finding::new(*name, "is missing", "put the licence's text there")),
    });
    verdict(missing.collect())
}

fn untidy(name: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, line) in text.split('\n').enumerate() {
        if line.ends_with('\r') {
            let advice = "end lines with a line feed only";
            findings.push(Finding::new(name, "carriage return", advice).at(index + 1));
        } else if line.ends_with([' ', '\t']) {
            let advice = "remove them";
            findings
                .push(Finding::new(name, "blanks at the end of the line", advice).at(index + 1));
        }
    }
    if !text.is_empty() && !text.ends_with('\n') {
        let last = text.lines().count();
        let advice = "end the last line with a line feed";
        findings.push(Finding::new(name, "the last line has no end", advice).at(last));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::sandbox::Sandbox;

    #[test]
    fn each_untidiness_is_found_at_its_line() {
        assert_eq!(untidy("x", "a\n\n  b\n"), []);
        assert_eq!(untidy("x", ""), []);
        for (text, what, line) in [
            ("a\nb \n", "blanks at the end of the line", 2),
            ("a\t\nb\n", "blanks at the end of the line", 1),
            ("a\r\n", "carriage return", 1),
            ("a\nb", "the last line has no end", 2),
        ] {
            let findings = untidy("x", text);
            assert_eq!(findings.len(), 1, "{text:?}");
            assert_eq!((findings[0].what.as_str(), findings[0].line), (what, Some(line)));
        }
    }

    #[test]
    fn binary_and_verbatim_files_are_left_alone() {
        let sandbox = Sandbox::new(&[("chapters/01-one/x.patch", " \n"), ("a.txt", "a\n")]);
        sandbox.write("a.png", b"\0 \n");
        let workspace = sandbox.workspace();
        let scope = Scope { workspace: &workspace, chapter: None };
        assert_eq!(whitespace(scope), Ok(()));
        sandbox.write("a.txt", b"a \n");
        assert!(whitespace(scope).is_err());
    }

    #[test]
    fn missing_and_empty_licences_are_found() {
        let sandbox = Sandbox::new(&[("chapters/01-one/x", "")]);
        let workspace = sandbox.workspace();
        let scope = Scope { workspace: &workspace, chapter: None };
        assert_eq!(licences(scope).expect_err("none is there").len(), LICENCES.len());
        for (name, words) in LICENCES {
            sandbox.write(name, words.as_bytes());
        }
        assert_eq!(licences(scope), Ok(()));
        sandbox.write("LICENSE-MIT", b"");
        assert_eq!(licences(scope).expect_err("one is empty").len(), 1);
    }
}
