//! Tests of calls that make no sense, by the program `abuse`: whatever is passed, there is an
//! answer, and nothing is lost.
//!
//! The program is told which calls there are, so that one that is added is abused from then on. The
//! calls by chance are those of a few seeds. `make test only=by_chance seeds=20` tries as many in
//! optimised kernels, with a hundred thousand calls each.

use alloc::format;
use alloc::string::String;
use alloc::vec;

use super::Kind;
use super::table;
use crate::file::{TREE, tree_tests};
use crate::process::family_tests::{leave_frames, leaves_nothing, left_by};
use crate::process::{Exit, Pid, Process, wait};
use crate::scheduler::policy::Level;

/// Calls of which nobody comes back, or not to the same place; and two that `clone` is tried for:
/// of those the program could not tell that it is the child.
const NOT_TRIED: &[&str] = &["exit", "exit_group", "rt_sigreturn", "fork", "vfork", "reboot"];

/// Calls that change something for all: what they are passed is always wrong.
const FOR_ALL: &[&str] = &["sethostname", "setdomainname", "clock_settime", "settimeofday"];

/// Calls that take an address and never look what is there, or here have nothing to say.
const NUMBERS: &[&str] = &[
    "brk",
    "fcntl",
    "getgroups",
    "madvise",
    "mmap",
    "mprotect",
    "munmap",
    "rseq",
    "set_robust_list",
    "set_tid_address",
    "wait4",
];

/// Addresses at which a call does not always look: what is left of a sleep is told only to who was
/// woken, and nobody uses the third of `getcpu`.
const RARE: &[(&str, usize)] = &[("clock_nanosleep", 3), ("getcpu", 2), ("nanosleep", 1)];

/// Calls by which a process may lose its rights: they come last, so that the others are answered.
const LAST: &[&str] = &["capset", "prctl"];

/// All calls, as the program wants to be told.
fn calls() -> String {
    let mut text = String::new();
    let tried = || table::all().filter(|call| !NOT_TRIED.contains(&call.name));
    let first = tried().filter(|call| !LAST.contains(&call.name));
    for call in first.chain(tried().filter(|call| LAST.contains(&call.name))) {
        let kinds = call.arguments.iter().enumerate();
        let letters = kinds.map(|(index, kind)| letter(call.name, index, *kind));
        let letters: String = letters.collect();
        text += &format!("{}:{letters},", call.number);
    }
    text
}

/// What the program calls an argument.
fn letter(name: &str, index: usize, kind: Kind) -> char {
    match (name, index) {
        ("clone", 0) => return 'f',
        // The child has no stack but its parent's, of which it has a copy.
        ("clone", 1) => return 'z',
        ("read" | "readv", 0) => return 'r',
        // Whatever is in a bad place would be how long to wait: it could be years.
        ("select", 4) => return 'h',
        // How a file is made that was not there.
        ("openat", 3) | ("open", 2) => return 'n',
        // Who has lost its console cannot say what was wrong.
        ("close" | "close_range", 0) | ("dup2" | "dup3", 1) => return 'c',
        _ => {}
    }
    match kind {
        Kind::Int => 'i',
        Kind::Size | Kind::Offset | Kind::Mode => 'n',
        Kind::Flags(_) | Kind::OpenFlags(_) | Kind::Choice(_) => 'n',
        Kind::Descriptor => 'd',
        Kind::Signal => 's',
        _ if name == "clone" || NUMBERS.contains(&name) => 'a',
        _ if RARE.contains(&(name, index)) => 'a',
        _ if FOR_ALL.contains(&name) => 'h',
        _ => 'p',
    }
}

/// Starts `abuse`, in the way `way`, with `words`.
fn start(way: &str, words: [&str; 3]) -> Pid {
    let [first, second, third] = words.map(str::as_bytes);
    let words: [&[u8]; 5] = [b"bin/abuse", way.as_bytes(), first, second, third];
    let process = Process::new("bin/abuse", &words, &[]);
    let process = process.unwrap_or_else(|error| panic!("abuse: {error}"));
    process.start(Level::Normal).unwrap_or_else(|error| panic!("abuse: {error}"))
}

/// Lets `abuse` run, and expects that it finds all right. The files that it makes by chance are
/// taken away.
#[track_caller]
fn expect_right(way: &str, words: [&str; 3]) {
    let number = TREE.lock().next_number();
    let pid = start(way, words);
    assert_eq!(wait(pid), Exit::Exited(0), "abuse {way} {}", words[1]);
    tree_tests::remove_from(number);
}

/// How many calls by chance, for each of how many seeds.
fn amount() -> (u64, u64) {
    match option_env!("STRATA_SEEDS").and_then(|text| text.parse().ok()) {
        _ if cfg!(debug_assertions) => (2_000, 2),
        None => (20_000, 2),
        Some(seeds) => (100_000, seeds),
    }
}

ktest::test! {
    /// Each address of each call, wrong in each way: the answer is an error that Linux knows, or
    /// the call does not look there. Each is found to be wrong at least once.
    fn wrong_addresses_are_errors() {
        let calls = calls();
        leaves_nothing(|| expect_right("pointers", [&calls, "", ""]));
    }

    /// Calls by chance, with arguments by chance, harm nobody but the program.
    fn calls_by_chance_are_answered() {
        let calls = calls();
        let (count, seeds) = amount();
        let run = |seed: u64, count: u64| {
            expect_right("random", [&calls, &format!("{seed}"), &format!("{count}")]);
        };
        let mut all_left = vec![left_by(|| run(0, 500))];
        for seed in 1..=seeds {
            // A process of its own for each part, so that what a part has asked for goes with it.
            for part in 0..count.div_ceil(5_000) {
                all_left.push(left_by(|| run(seed * 1_000 + part, count.min(5_000))));
            }
            println!("abuse: seed {seed}: {count} calls");
        }
        // What a table keeps when it has grown is kept once; what is lost is lost again and again.
        let losses = all_left.windows(2).filter(|two| two[0] != two[1]).count();
        assert!(losses <= 5 + all_left.len() / 8, "each part left less: {all_left:?}");
        leaves_nothing(|| run(1_000, 500));
    }

    /// Memory may go while the kernel reads or writes there: that is an error, no more.
    fn memory_may_go_in_between() {
        let rounds = if cfg!(debug_assertions) { "500" } else { "5000" };
        leaves_nothing(|| expect_right("unmap", ["", rounds, ""]));
    }

    /// A program may take all memory that there is: whoever asks then is told so, and all of it
    /// comes back.
    fn hog_gives_all_back() {
        leaves_nothing(|| {
            let _taken = leave_frames(4000);
            expect_right("hog", ["", "", ""]);
        });
    }
}
