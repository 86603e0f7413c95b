//! Chapter 9: the shell and the tools for files beside those of this computer.
//!
//! The programs are built for Linux on this processor, which runs them. A script of `scripts.txt`
//! goes to our shell and to `dash`; a line of `lines.txt` goes to our tools and to those that are
//! installed, each in a folder of its own with the same files. What is printed and the status must
//! be the same, and there must be a complaint from both or from neither: its words are everybody's
//! own. A tool that this computer does not have cannot be compared with; `dash` must be there.

#![cfg(all(target_os = "linux", target_arch = "x86_64", not(miri)))]

mod room;

use room::{Answer, DASH, Folder, Room};

/// Scripts, with a line of four `-` between them.
const SCRIPTS: &str = include_str!("scripts.txt");

/// Lines, which `dash` runs.
const LINES: &str = include_str!("lines.txt");

/// Where the tools of this computer are.
const INSTALLED: &str = "/usr/bin:/bin";

/// Says where two answers differ in what matters.
fn difference(what: &str, ours: &Answer, other: &Answer) -> Option<String> {
    let matters = |it: &Answer| (it.status, it.printed.clone(), it.complaint.is_empty());
    (matters(ours) != matters(other))
        .then(|| format!("{what}\n ours: {ours:?}\nother: {other:?}\n"))
}

#[test]
fn scripts_do_the_same_as_in_dash() {
    let room = Room::prepare();
    let (ours, path) = (room.program("sh"), format!("{}:{INSTALLED}", room.programs()));
    let run = |shell: &str, words: &[&str], input: &str| {
        let folder = Folder::new().expect("there is room");
        room::run(shell, words, input, folder.path(), &path)
    };
    let mut found = String::new();
    for script in SCRIPTS.trim_end().split("\n----\n") {
        let as_text = [run(&ours, &["-c", script], ""), run(DASH, &["-c", script], "")];
        let as_input = [run(&ours, &[], script), run(DASH, &[], script)];
        for [one, other] in [as_text, as_input] {
            found.extend(difference(script, &one, &other));
        }
    }
    assert!(found.is_empty(), "{found}");
}

#[test]
fn tools_do_the_same_as_those_of_this_computer() {
    let room = Room::prepare();
    let mut found = String::new();
    for line in LINES.lines() {
        let run = |line: &str, path: &str| {
            let folder = Folder::new().expect("there is room");
            room::fill(folder.path()).expect("there is room");
            room::run(DASH, &["-c", line], "", folder.path(), path)
        };
        let ours = run(&room.by_path(line), room.programs());
        // Theirs has to be told to say the time as ours does, and owners by their numbers.
        let line_of_theirs = line.replace("ls -l", "ls --time-style=long-iso -nl");
        let theirs = run(&room::installed(&line_of_theirs), INSTALLED);
        found.extend(difference(line, &ours, &theirs));
    }
    assert!(found.is_empty(), "{found}");
}
