//! Tests of programs that take of files whatever there is, by the program `misuse`: they are told
//! so, nothing is lost, and the next program runs as if nothing had been.

use alloc::format;

use crate::file::contents;
use crate::process::family_tests::leaves_nothing;
use crate::process::{Exit, Process};

/// Runs the program at `path` with `words`.
fn run(path: &str, words: [&str; 2]) -> Exit {
    let words: [&[u8]; 3] = [path.as_bytes(), words[0].as_bytes(), words[1].as_bytes()];
    let process = Process::new(path, &words, &[]);
    process.unwrap_or_else(|error| panic!("{path}: {error}")).run()
}

/// Lets `misuse` run in the way `way`, and a shell behind it.
#[track_caller]
fn is_survived(way: &str, count: usize) {
    leaves_nothing(|| {
        assert_eq!(run("bin/misuse", [way, &format!("{count}")]), Exit::Exited(0), "{way}");
        assert_eq!(run("bin/sh", ["-c", "echo a b | wc -w >/dev/null && exit 3"]), Exit::Exited(3));
    });
}

/// How often something is done meanwhile.
const ROUNDS: usize = if cfg!(debug_assertions) { 200 } else { 2000 };

ktest::test! {
    /// Who has closed all that was open can open more, and make others.
    fn no_descriptor_is_needed() {
        is_survived("none", 0);
    }

    /// Who has every number is told so, and nothing is made or emptied by the way.
    fn all_descriptors_can_be_taken() {
        is_survived("all", 0);
    }

    /// Who has filled all space that files may have is told so, and all of it comes back.
    fn all_space_can_be_taken() {
        contents::tests::with_room(1000, || is_survived("full", 0));
    }

    /// Memory may go while files and pipes are read to it and written from it: bytes are neither
    /// lost nor made up.
    fn memory_may_go_while_files_are_copied() {
        is_survived("unmap", ROUNDS);
    }

    /// A file may be cut off while it is read, written and mapped.
    fn files_may_be_cut_meanwhile() {
        is_survived("cut", ROUNDS);
    }
}
