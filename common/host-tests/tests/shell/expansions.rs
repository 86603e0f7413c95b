//! Words, and what they become.

use crate::glob::Folders;
use crate::grammar::parse;
use crate::tree::{Kind, Word};
use crate::words::{Values, expand, text};

/// A few variables.
struct Known {
    arguments: Vec<Vec<u8>>,
}

impl Values for Known {
    fn get(&self, name: &[u8]) -> Vec<u8> {
        match name {
            b"x" => b"one".into(),
            b"two" => b"a b".into(),
            b"wide" => b"  a \t\n b ".into(),
            b"blank" => b"  ".into(),
            b"star" => b"f* \\q".into(),
            _ => Vec::new(),
        }
    }

    fn arguments(&self) -> &[Vec<u8>] {
        &self.arguments
    }
}

/// A folder with the file `f1`.
struct OneFile;

impl Folders for OneFile {
    fn names(&self, _: &[u8]) -> Vec<Vec<u8>> {
        [b"f1".to_vec()].into()
    }

    fn has(&self, path: &[u8]) -> bool {
        path == b"f1"
    }
}

fn words_of(line: &str) -> Vec<Word> {
    let list = parse(format!("echo {line}").as_bytes()).expect("the line is right");
    match &list[0].first.commands[0].kind {
        Kind::Simple { words, .. } => words[1..].to_vec(),
        other => panic!("{line}: {other:?}"),
    }
}

fn expanded(line: &str, arguments: &[&str]) -> Vec<String> {
    let known = Known { arguments: arguments.iter().map(|it| it.as_bytes().to_vec()).collect() };
    let found = expand(&words_of(line), &known, &OneFile);
    found.into_iter().map(|word| String::from_utf8_lossy(&word).into_owned()).collect()
}

#[test]
fn variables_are_put_in_and_split_outside_quotes() {
    for (line, expected) in [
        ("$x ${x}s $x-$x", &["one", "ones", "one-one"][..]),
        ("$two \"$two\" '$two'", &["a", "b", "a b", "$two"]),
        ("p$two", &["pa", "b"]),
        ("p${wide}q", &["p", "a", "b", "q"]),
        ("p${blank}q $blank", &["p", "q"]),
        ("\"$blank\"", &["  "]),
        ("$none", &[]),
        ("\"$none\" ''", &["", ""]),
        ("p$none", &["p"]),
        ("f* \"f*\" 'f'* f\\*", &["f1", "f*", "f1", "f*"]),
        ("$star \"$star\"", &["f1", "\\q", "f* \\q"]),
        ("g*", &["g*"]),
        ("\\\\ '\\' \"\\\\\"", &["\\", "\\", "\\"]),
    ] {
        assert_eq!(expanded(line, &[]), expected, "{line}");
    }
}

#[test]
fn arguments_stay_whole_between_quotes_only() {
    let all = ["1", "2 3", ""];
    for (line, expected) in [
        ("\"$@\"", &["1", "2 3", ""][..]),
        ("$@", &["1", "2", "3"]),
        ("$*", &["1", "2", "3"]),
        ("\"$*\"", &["1 2 3 "]),
        ("a\"$@\"b", &["a1", "2 3", "b"]),
    ] {
        assert_eq!(expanded(line, &all), expected, "{line}");
    }
    assert_eq!(expanded("\"$@\" $@ $*", &[]), [""; 0]);
    assert_eq!(expanded("\"$*\" a\"$@\"", &[]), ["", "a"]);
}

#[test]
fn where_there_is_one_text_nothing_is_split() {
    let known = Known { arguments: vec![b"1".to_vec(), b"2".to_vec()] };
    for (line, expected) in [("$two", "a b"), ("a'b'$x", "abone"), ("f*", "f*"), ("$@", "1 2")] {
        assert_eq!(text(&words_of(line)[0], &known), expected.as_bytes(), "{line}");
    }
}
