//! Tests of the comparison with Linux.

use build_support::End;

use super::*;

fn ended(end: End, said: &[u8]) -> Ended {
    Ended { end, said: said.to_vec() }
}

#[test]
fn the_same_is_the_same() {
    let one = ended(End::Status(0), b"a\n\xff");
    assert_eq!(compare(&one, &one.clone()), Ok(()));
}

#[test]
fn another_end_is_told() {
    let (three, killed) = (ended(End::Status(3), b"a"), ended(End::Signal(11), b"a"));
    let why = compare(&three, &killed).expect_err("they differ");
    assert_eq!(why, "it ends with status 3 on Linux, and here with SIGSEGV");
}

#[test]
fn the_first_lines_that_differ_are_told() {
    let of = |said: &[u8]| ended(End::Status(0), said);
    let why = compare(&of(b"a\nb\nc\n"), &of(b"a\nB\0\nc\n")).expect_err("they differ");
    let lines: Vec<&str> = why.lines().collect();
    assert_eq!(lines[0], "from line 2 on the output differs:");
    assert!(lines.contains(&"  Linux b\\n") && lines.contains(&"  here  B\\x00\\n"), "{why}");
    // A line feed more, and a carriage return more, are differences too.
    assert!(compare(&of(b"a"), &of(b"a\n")).is_err());
    assert!(compare(&of(b"a\r\n"), &of(b"a\n")).is_err());
    let why = compare(&of(b"a\n"), &of(b"")).expect_err("they differ");
    assert!(why.contains("here  (no more)"), "{why}");
}

#[test]
fn programs_are_chosen_by_their_names() {
    let program = |name: &str| (format!("bin/{name}"), build_support::Entry::program(vec![]));
    let entries = [program("try_a"), program("try_b"), program("trying"), program("sh")];
    let archive = build_support::pack_entries(entries.into()).expect("the names are right");
    let names = |only| trials(&archive, only).expect("it is an archive");
    assert_eq!(names(""), [Trial::new("try_a", &[]), Trial::new("try_b", &[])]);
    assert_eq!(names("_b"), [Trial::new("try_b", &[])]);
}
