//! Patterns and names.

use host_tests::{holds_for, holds_for_many};
use proptest::prelude::*;

use crate::glob::{Folders, is_like, names};
use crate::model;

/// A few files.
struct Files(&'static [&'static str]);

impl Folders for Files {
    fn names(&self, path: &[u8]) -> Vec<Vec<u8>> {
        let folder = String::from_utf8_lossy(path).into_owned();
        let folder = if folder == "." { String::new() } else { folder };
        let inner = self.0.iter().filter_map(|file| file.strip_prefix(folder.as_str()));
        let mut names: Vec<Vec<u8>> =
            inner.filter_map(|rest| rest.split('/').next()).map(Vec::from).collect();
        names.sort();
        names.dedup();
        names.reverse();
        names
    }

    fn has(&self, path: &[u8]) -> bool {
        let path = String::from_utf8_lossy(path).into_owned();
        let folder = path.trim_end_matches('/').to_string() + "/";
        self.0.iter().any(|file| (*file == path) || file.starts_with(&folder))
    }
}

const FILES: Files = Files(&["a1", "a2", "b1", ".h", "d/x", "d/y", "e/x", "d/.h", "*z", "-", "]"]);

fn found(pattern: &str) -> String {
    let found = names(pattern.as_bytes(), &FILES);
    found.iter().map(|name| String::from_utf8_lossy(name)).collect::<Vec<_>>().join(" ")
}

#[test]
fn patterns_become_the_names_that_are_like_them() {
    for (pattern, expected) in [
        ("a*", "a1 a2"),
        ("*1", "a1 b1"),
        ("?1", "a1 b1"),
        ("[ab]1", "a1 b1"),
        ("[!a]1", "b1"),
        ("[a-c][12]", "a1 a2 b1"),
        ("*", "*z - ] a1 a2 b1 d e"),
        (".*", ".h"),
        ("*/x", "d/x e/x"),
        ("*/", "d/ e/"),
        ("d/*", "d/x d/y"),
        ("?/[!x]", "d/y"),
        ("*/nothing", "*/nothing"),
        ("d/.*", "d/.h"),
        ("\\*z", "*z"),
        ("\\**", "*z"),
        ("[]]", "]"),
        ("[a-]", "-"),
        ("no*thing", "no*thing"),
        ("a[", "a["),
        ("plain", "plain"),
        ("pl\\ain", "plain"),
    ] {
        assert_eq!(found(pattern), expected, "{pattern}");
    }
}

/// Parts of patterns over few letters, so that many names are like them.
fn pattern() -> impl Strategy<Value = Vec<u8>> {
    let part =
        prop::sample::select(vec!["*", "?", "a", "b", "[ab]", "[!a]", "[!bc]", "\\*", "\\a"]);
    prop::collection::vec(part, 0..8).prop_map(|parts| parts.concat().into_bytes())
}

fn name() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop::sample::select(b"abc*".to_vec()), 0..8)
}

#[test]
fn patterns_are_like_the_same_names_as_in_the_model() {
    holds_for_many(5_000, (name(), pattern()), |(name, pattern)| {
        prop_assert_eq!(is_like(&name, &pattern), model::is_like(&name, &pattern));
        Ok(())
    });
}

#[test]
fn any_bytes_are_a_pattern() {
    let bytes = || prop::collection::vec(prop::sample::select(b"a[]!-\\*?/.".to_vec()), 0..12);
    holds_for((bytes(), bytes()), |(name, pattern)| {
        is_like(&name, &pattern);
        prop_assert!(!names(&pattern, &FILES).is_empty());
        Ok(())
    });
}
