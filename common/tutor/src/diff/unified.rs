//! Changes as a unified diff, in colour, with the words that changed emphasised.
//!
//! Without its colours it is the usual format: `patch -p2` in the earlier chapter's folder makes
//! the later chapter of it.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use chapter_diff::{Change, Kind};
use similar::{ChangeTag, InlineChange, TextDiff};

use crate::ui::{STRONG, styled};

/// Lines of context around a change.
const CONTEXT: usize = 3;

const PLACE: Style = AnsiColor::Cyan.on_default();
const INSERTED: Style = AnsiColor::Green.on_default();
const DELETED: Style = AnsiColor::Red.on_default();

/// The diff of `change` between the folders named `earlier` and `later`.
pub fn diff(change: &Change, earlier: &str, later: &str) -> String {
    let (old_name, new_name) = names(change, earlier, later);
    let Some((old, new)) = change.texts() else {
        let line = format!("Binary files {old_name} and {new_name} differ");
        return format!("{}\n", styled(STRONG, line));
    };
    let mut text = String::new();
    for line in [format!("--- {old_name}"), format!("+++ {new_name}")] {
        put(&mut text, format_args!("{}\n", styled(STRONG, line)));
    }
    let lines = TextDiff::from_lines(old, new);
    for hunk in lines.unified_diff().context_radius(CONTEXT).iter_hunks() {
        put(&mut text, format_args!("{}\n", styled(PLACE, hunk.header())));
        for change in hunk.ops().iter().flat_map(|op| lines.iter_inline_changes(op)) {
            put_line(&mut text, &change);
        }
    }
    text
}

fn names(change: &Change, earlier: &str, later: &str) -> (String, String) {
    let none = String::from("/dev/null");
    let (old, new) = (format!("a/{earlier}/{}", change.name), format!("b/{later}/{}", change.name));
    match change.kind {
        Kind::New => (none, new),
        Kind::Changed => (old, new),
        Kind::Removed => (old, none),
    }
}

fn put_line(text: &mut String, change: &InlineChange<str>) {
    let (sign, style) = match change.tag() {
        ChangeTag::Equal => (' ', Style::new()),
        ChangeTag::Insert => ('+', INSERTED),
        ChangeTag::Delete => ('-', DELETED),
    };
    put(text, format_args!("{}", styled(style, sign)));
    for (is_emphasised, words) in change.values() {
        let style = if *is_emphasised { style.bold().underline() } else { style };
        let words = words.trim_end_matches('\n');
        if !words.is_empty() {
            put(text, format_args!("{}", styled(style, words)));
        }
    }
    text.push('\n');
    if change.missing_newline() {
        text.push_str("\\ No newline at end of file\n");
    }
}

fn put(text: &mut String, what: std::fmt::Arguments) {
    text.write_fmt(what).expect("a String takes everything");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(kind: Kind, old: &[u8], new: &[u8]) -> Change {
        Change { name: "src/x.rs".into(), kind, old: old.into(), new: new.into() }
    }

    fn plain(change: &Change) -> String {
        anstream::adapter::strip_str(&diff(change, "01-boot", "02-frames")).to_string()
    }

    #[test]
    fn changed_line_is_shown_in_its_context() {
        let diff = plain(&change(Kind::Changed, b"1\n2\n3\n4\n5\n6\n", b"1\n2\n3\n4\nfive\n6\n"));
        let expected = "--- a/01-boot/src/x.rs\n+++ b/02-frames/src/x.rs\n\
                        @@ -2,5 +2,5 @@\n 2\n 3\n 4\n-5\n+five\n 6\n";
        assert_eq!(diff, expected);
    }

    #[test]
    fn new_and_removed_files_have_one_side() {
        let new = plain(&change(Kind::New, b"", b"1\n2\n"));
        assert_eq!(new, "--- /dev/null\n+++ b/02-frames/src/x.rs\n@@ -0,0 +1,2 @@\n+1\n+2\n");
        let removed = plain(&change(Kind::Removed, b"1\n", b""));
        assert!(removed.ends_with("+++ /dev/null\n@@ -1 +0,0 @@\n-1\n"), "{removed}");
    }

    #[test]
    fn missing_final_newline_is_told() {
        let diff = plain(&change(Kind::Changed, b"1\n", b"1"));
        assert!(diff.ends_with("-1\n+1\n\\ No newline at end of file\n"), "{diff}");
    }

    #[test]
    fn binary_files_only_differ() {
        let diff = plain(&change(Kind::Changed, b"\0", b"\xff"));
        let expected = "Binary files a/01-boot/src/x.rs and b/02-frames/src/x.rs differ\n";
        assert_eq!(diff, expected);
    }

    #[test]
    fn only_the_words_that_changed_are_emphasised() {
        let (old, new) = (b"let frame = one + two;\n", b"let frame = one + three;\n");
        let diff = diff(&change(Kind::Changed, old, new), "a", "b");
        let emphasis = INSERTED.bold().underline();
        assert!(diff.contains(&format!("{emphasis}three")), "{diff:?}");
        assert!(!diff.contains(&format!("{emphasis}let")), "{diff:?}");
    }
}
