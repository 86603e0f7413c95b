//! Pipes that end because `execve` closes the last that could write, and programs that find nothing
//! of the shell's.

use alloc::vec::Vec;

use ktest::expect;

use super::{Descriptor, Descriptors};
use crate::file::pipe::tests::pipe;
use crate::memory::shared::Shared;
use crate::process::{Exit, Process};

/// A table in which 0 is an end of a pipe to write, and `closes_on_exec` is noted of it; and the
/// end to read.
fn with_writer(closes_on_exec: bool) -> (Descriptors, Shared<crate::file::Description>) {
    let [reader, writer] = pipe(0);
    let mut table = Descriptors::new();
    table.add(Descriptor { description: writer, closes_on_exec }, 0).expect("there is memory");
    (table, reader)
}

/// The table of the next program, if there is one: the old one goes.
fn execve(mut old: Descriptors) -> Descriptors {
    let mut new = old.before_execve().expect("there is memory");
    drop(old);
    while let Some(closed) = new.remove_private() {
        drop(closed);
    }
    new
}

/// How the shell ends that runs `script`.
fn run(script: &str) -> Exit {
    let words: Vec<&[u8]> = ["sh", "-c", script].iter().map(|word| word.as_bytes()).collect();
    let process = Process::new("bin/sh", &words, &[b"PATH=/bin"]);
    process.unwrap_or_else(|error| panic!("sh: {error}")).run()
}

ktest::test! {
    /// A reader is told of the end when `execve` has closed what could write; and not before, and
    /// not if it is to go along.
    fn execve_ends_a_pipe() {
        for (is_noted, has_ended) in [(true, true), (false, false)] {
            let (old, reader) = with_writer(is_noted);
            let new = execve(old);
            let seen = reader.readiness().is_hung_up;
            expect(("the end is noted:", is_noted, "and has the pipe ended"), seen, has_ended);
            drop(new);
            expect("and when the program has ended", reader.readiness().is_hung_up, true);
        }
    }

    /// A child that becomes another program closes its own, and its parent's stay.
    fn parent_keeps_what_a_child_closes() {
        let (parent, reader) = with_writer(true);
        let child = parent.copy().expect("there is memory");
        drop(execve(child));
        expect("the parent could write; is it the end", reader.readiness().is_hung_up, false);
        drop(parent);
        expect("nobody could write; is it the end", reader.readiness().is_hung_up, true);
    }

    /// If there is no next program after all, the old one has what it had.
    fn failed_execve_ends_no_pipe() {
        let (mut old, reader) = with_writer(true);
        drop(old.before_execve().expect("there is memory"));
        expect("execve has failed; is it the end", reader.readiness().is_hung_up, false);
        drop(old);
    }

    /// While its own output goes elsewhere, the shell keeps what it was, by a number that programs
    /// do not find; and what it has sent elsewhere they do.
    fn programs_find_nothing_of_the_shells() {
        let script = "{ /bin/test ! -e /proc/self/fd/10; } 2> /dev/null";
        expect(script, run(script), Exit::Exited(0));
        let script = "/bin/test -e /proc/self/fd/7 7< /etc/motd";
        expect(script, run(script), Exit::Exited(0));
    }

    /// What the shell has opened for a child is there when the child needs it, and not when all
    /// have ended.
    fn pipelines_end() {
        let script = "/bin/cat /etc/motd | /bin/grep . | /bin/grep -c . > /dev/null";
        expect(script, run(script), Exit::Exited(0));
    }
}
