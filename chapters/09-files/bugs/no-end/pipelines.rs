//! Pipelines, run by the shell without anybody at the terminal, and who of them waits for ever.
//!
//! That somebody waits for ever is not told by a clock. When no process could run, the only thread
//! that can is the one which looks: so there is nobody left who could write, or close, or end.

use alloc::format;
use alloc::string::String;
use core::fmt::Write;
use core::iter;

use crate::input::terminal::wait_at_ticks;
use crate::process::about::{self, About, Doing};
use crate::process::{self, Exit, Pid, Process, Signal};
use crate::scheduler::policy::Level;

/// What the run shows.
const SHOWN: [&str; 4] = [
    "echo one | cat",
    "echo one | { read line; echo $line; }",
    "echo one | cat | cat",
    "echo one | { cat; echo two; }",
];

/// Runs them one after the other, and says what became of each.
pub fn show() {
    for text in SHOWN {
        println!("pipeline: {text}");
        match run(text) {
            Ok(exit) => println!("pipeline: {exit}"),
            Err(waiting) => println!("pipeline: {waiting}"),
        }
    }
}

/// Lets a shell run `text`. The error names those who waited when nobody was left who could wake
/// them; they are ended then.
fn run(text: &str) -> Result<Exit, String> {
    let words: [&[u8]; 3] = [b"bin/sh", b"-c", text.as_bytes()];
    let shell = Process::new("bin/sh", &words, &[b"PATH=/bin"]).expect("it came with the kernel");
    let shell = shell.start(Level::Normal).expect("there is memory");
    wait_until(|| all().all(|about| about.doing != Doing::Running));
    let mut waiting = String::new();
    for About { pid, name, .. } in all().filter(|about| about.doing == Doing::Waiting) {
        let _ = write!(waiting, "{pid} {name}, ");
        process::end(pid, Exit::Killed(Signal::Kill));
    }
    let exit = process::wait(shell);
    // Nobody asks for the others, so they are gone when they have ended.
    wait_until(|| all().next().is_none());
    match waiting.is_empty() {
        true => Ok(exit),
        false => Err(format!("{waiting}and nobody is left to wake them")),
    }
}

/// Looks at each interrupt until it is so.
fn wait_until(is_so: impl Fn() -> bool) {
    wait_at_ticks(|| is_so().then_some(())).expect("nobody ends a thread of the kernel");
}

/// The processes that there are.
fn all() -> impl Iterator<Item = About> {
    let pids = iter::successors(about::next(Pid(0)), |pid| about::next(Pid(pid.0 + 1)));
    pids.filter_map(about::about)
}

/// Runs the pipelines in `all`, each of which must come to its end.
#[cfg(feature = "ktest")]
#[track_caller]
fn all_come_to_their_end(all: &[&str]) {
    for text in all {
        ktest::expect(("the shell runs", text), run(text), Ok(Exit::Exited(0)));
    }
}

#[cfg(feature = "ktest")]
ktest::test! {
    /// Who reads from another hears of its end, whatever it is: a program, or part of the shell.
    fn readers_hear_of_the_end() {
        all_come_to_their_end(&[
            "echo one | cat",
            "echo one | { cat; }",
            "echo one | ( cat; cat )",
            "echo one | while read line; do echo $line; done",
        ]);
    }

    /// So do all of a longer one, wherever in it they are.
    fn long_pipelines_come_to_their_end() {
        all_come_to_their_end(&[
            "echo one | cat | { cat; }",
            "echo one | { cat; } | cat",
            "echo one | { cat; } | cat | { cat; cat; } | { cat; }",
        ]);
    }

    /// Who writes to one that has ended hears of it, and ends.
    fn writers_hear_of_the_end() {
        all_come_to_their_end(&[
            "cat /bin/sh | head -n 1 > /dev/null",
            "cat /bin/sh | head -n 1 > /dev/null | { cat; }",
        ]);
    }
}
