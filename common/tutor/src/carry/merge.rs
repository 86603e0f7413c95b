//! One file: what its three texts come to.
//!
//! Git's own merge of texts is used, so that a conflict looks as everybody knows it. All else is a
//! matter of which of the three exist and which are equal.

use super::git;
use super::outcome::{Obstacle, Outcome};
use crate::failure::{Failure, Result};
use chapter_diff::folder;

/// The bytes of a file; `None` where it does not exist.
pub type Bytes = Option<Vec<u8>>;

/// The three texts of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sides {
    /// The earlier chapter's, as committed.
    pub base: Bytes,
    /// The later chapter's, before the carry.
    pub ours: Bytes,
    /// The earlier chapter's, as it is now.
    pub theirs: Bytes,
}

/// What stands beside the marks of a conflict.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    /// The name of `base`.
    pub base: String,
    /// The name of `ours`.
    pub ours: String,
    /// The name of `theirs`.
    pub theirs: String,
}

/// What the texts of a file come to: what became of it, and its bytes in the later chapter.
pub fn merge(sides: Sides, labels: &Labels) -> Result<(Outcome, Bytes)> {
    let Sides { base, ours, theirs } = sides;
    if base == theirs || ours == theirs {
        return Ok((Outcome::Same, ours));
    }
    let is_untouched = base == ours;
    Ok(match (ours, theirs) {
        (None, theirs) if is_untouched => (Outcome::Added, theirs),
        (None, _) => (Outcome::Absent, None),
        (Some(_), None) if is_untouched => (Outcome::Deleted, None),
        (ours, None) => (Outcome::Conflict(Obstacle::Deletion), ours),
        (Some(_), theirs) if is_untouched => (Outcome::Copied, theirs),
        (Some(ours), Some(theirs)) => {
            let (outcome, bytes) = texts(&base.unwrap_or_default(), ours, &theirs, labels)?;
            (outcome, Some(bytes))
        }
    })
}

fn texts(base: &[u8], ours: Vec<u8>, theirs: &[u8], labels: &Labels) -> Result<(Outcome, Vec<u8>)> {
    if [base, &ours, theirs].iter().any(|bytes| folder::text(bytes).is_none()) {
        return Ok((Outcome::Conflict(Obstacle::Bytes), ours));
    }
    let (has_conflict, bytes) = by_git(base, &ours, theirs, labels)?;
    let outcome = match has_conflict {
        true => Outcome::Conflict(Obstacle::Lines),
        false if bytes == ours => Outcome::Same,
        false => Outcome::Merged,
    };
    Ok((outcome, bytes))
}

/// The merged text, and whether there are marks in it.
fn by_git(base: &[u8], ours: &[u8], theirs: &[u8], labels: &Labels) -> Result<(bool, Vec<u8>)> {
    let cannot = |error| Failure::failed(format!("cannot write a temporary file: {error}"));
    let folder = tempfile::tempdir().map_err(cannot)?;
    let mut command = git::git();
    command.current_dir(folder.path()).args(["merge-file", "-p", "--diff3", "--quiet"]);
    command.args(["-L", &labels.ours, "-L", &labels.base, "-L", &labels.theirs]);
    for (name, bytes) in [("ours", ours), ("base", base), ("theirs", theirs)] {
        std::fs::write(folder.path().join(name), bytes).map_err(cannot)?;
        command.arg(name);
    }
    let output = git::run(command)?;
    // The number of conflicts, which stops at 127; what is above is an error.
    match output.status.code() {
        Some(count @ 0..=127) => Ok((count > 0, output.stdout)),
        _ => {
            let said = git::first_line(&output.stderr);
            Err(Failure::failed(format!("git merge-file does not work: {said}")))
        }
    }
}

/// The first line, counted from 1, that is one of the marks of a conflict.
pub fn first_mark(bytes: &[u8]) -> Option<usize> {
    let text = folder::text(bytes)?;
    let is_mark = |line: &str| {
        line == "======="
            || ["<<<<<<< ", "||||||| ", ">>>>>>> "].iter().any(|m| line.starts_with(m))
    };
    text.lines().position(is_mark).map(|index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "1\n2\n3\n4\n5\n";

    fn bytes(text: &str) -> Bytes {
        (text != "-").then(|| text.into())
    }

    /// Merges three texts; `-` is no file.
    fn outcome(base: &str, ours: &str, theirs: &str) -> (Outcome, Bytes) {
        let sides = Sides { base: bytes(base), ours: bytes(ours), theirs: bytes(theirs) };
        let labels = Labels { base: "was".into(), ours: "here".into(), theirs: "fix".into() };
        merge(sides, &labels).expect("git can merge")
    }

    #[test]
    fn what_exists_and_is_equal_decides() {
        let deletion = Outcome::Conflict(Obstacle::Deletion);
        for (base, ours, theirs, expected, result) in [
            ("a", "a", "a", Outcome::Same, "a"),
            ("a", "b", "a", Outcome::Same, "b"),
            ("\0", "b", "\0", Outcome::Same, "b"),
            ("-", "b", "-", Outcome::Same, "b"),
            ("a", "b", "b", Outcome::Same, "b"),
            ("a", "-", "-", Outcome::Same, "-"),
            ("a", "a", "b", Outcome::Copied, "b"),
            ("-", "-", "b", Outcome::Added, "b"),
            ("-", "b", "b", Outcome::Same, "b"),
            ("a", "a", "-", Outcome::Deleted, "-"),
            ("a", "b", "-", deletion, "b"),
            ("a", "-", "b", Outcome::Absent, "-"),
        ] {
            let found = outcome(base, ours, theirs);
            assert_eq!(found, (expected, bytes(result)), "{base} {ours} {theirs}");
        }
    }

    #[test]
    fn distant_changes_are_merged() {
        let found = outcome(BASE, "1\n2\n3\n4\n5\nlesson\n", "one\n2\n3\n4\n5\n");
        assert_eq!(found, (Outcome::Merged, bytes("one\n2\n3\n4\n5\nlesson\n")));
        let found = outcome(BASE, "one\n2\n3\n4\n5\nlesson\n", "one\n2\n3\n4\n5\n");
        assert_eq!(found.0, Outcome::Same);
    }

    #[test]
    fn changes_of_one_line_are_shown_with_all_three_texts() {
        let (outcome, merged) = outcome(BASE, "1\n2\nthree\n4\n5\n", "1\n2\nIII\n4\n5\n");
        assert_eq!(outcome, Outcome::Conflict(Obstacle::Lines));
        let expected =
            "1\n2\n<<<<<<< here\nthree\n||||||| was\n3\n=======\nIII\n>>>>>>> fix\n4\n5\n";
        assert_eq!(merged, bytes(expected));
    }

    #[test]
    fn two_new_files_of_one_name_are_a_conflict() {
        let (outcome, merged) = outcome("-", "ours\n", "theirs\n");
        assert_eq!(outcome, Outcome::Conflict(Obstacle::Lines));
        assert_eq!(first_mark(&merged.expect("it is left")), Some(1));
    }

    #[test]
    fn what_is_no_text_is_left_as_it_is() {
        for (base, ours, theirs) in [("a\0", "b", "c"), ("a", "b\0", "c"), ("a", "b", "c\0")] {
            let found = outcome(base, ours, theirs);
            assert_eq!(found, (Outcome::Conflict(Obstacle::Bytes), bytes(ours)));
        }
    }

    #[test]
    fn marks_are_found_and_what_resembles_them_is_not() {
        for mark in ["<<<<<<< a", "||||||| a", "=======", ">>>>>>> a"] {
            assert_eq!(first_mark(format!("1\n{mark}\n").as_bytes()), Some(2), "{mark}");
        }
        for text in ["", "a <<<<<<< b\n", "========\n", "<<<<<<<<\n", "/// =======\n"] {
            assert_eq!(first_mark(text.as_bytes()), None, "{text}");
        }
        assert_eq!(first_mark(b"\0\n<<<<<<< a\n"), None);
    }
}
