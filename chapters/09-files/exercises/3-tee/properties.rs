//! Any input, any files, and any trouble with them, beside a model of what each must hold.

extern crate alloc;

use std::ffi::CString;

use exercise_host::{Property, holds_for, properties};
use ktest::expect;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

pub use model::{Calls, Errno, INPUT, OUTPUT, STDOUT};
use model::{Case, Come, File, Take};

#[allow(dead_code, reason = "unused until the holes are filled")]
mod model;
#[allow(dead_code, unused_imports, reason = "until its holes are filled")]
mod tee;

/// What is tried.
pub const PROPERTIES: &[Property] = properties![
    any_input_reaches_all,
    any_write_is_continued,
    any_interruption_is_no_failure,
    any_file_is_replaced_or_appended_to,
    any_failure_is_told_once,
    any_failure_leaves_the_others,
    any_failure_is_a_status,
    any_piece_goes_on_at_once,
];

// What `tee.rs` uses of Linux's. (`include/uapi/asm-generic/fcntl.h`.)
pub const O_WRONLY: u32 = 1;
pub const O_CREAT: u32 = 0o100;
pub const O_TRUNC: u32 = 0o1000;
pub const O_APPEND: u32 = 0o2000;

/// Pieces of input.
fn pieces() -> impl Strategy<Value = Vec<Come>> {
    let piece = vec(any::<u8>(), 1..30).prop_map(Come::Bytes);
    vec(piece, 0..6)
}

/// Pieces, and somewhere between them something else.
fn pieces_with(other: Come) -> impl Strategy<Value = Vec<Come>> {
    (pieces(), any::<prop::sample::Index>()).prop_map(move |(mut pieces, index)| {
        pieces.insert(index.index(pieces.len() + 1), other.clone());
        pieces
    })
}

/// A file that takes what it gets as `takes` say.
fn file(takes: impl Strategy<Value = Vec<Take>>) -> impl Strategy<Value = File> {
    let before = prop_oneof![Just(None), vec(any::<u8>(), 0..6).prop_map(Some)];
    (before, takes).prop_map(|(before, takes)| File { before, takes, refuses: None })
}

/// One that takes all.
fn good() -> impl Strategy<Value = File> {
    file(Just(vec![]))
}

/// One that cannot be opened, or cannot be written to any more.
fn bad() -> impl Strategy<Value = File> {
    let refused = select(vec![Errno(2), Errno(13), Errno(21)]);
    let refused = refused.prop_map(Some);
    let refused = refused.prop_map(|refuses| File { before: None, takes: vec![], refuses });
    let takes = vec((1..9_usize).prop_map(Take::Some), 0..2);
    let full = select(vec![Errno(5), Errno(28)]);
    let full = (takes, full).prop_map(|(mut takes, error)| {
        takes.push(Take::Nothing(error));
        takes
    });
    prop_oneof![refused, file(full)]
}

/// Runs `tee` in `case`. The result is the case in words, what it came to, and the status.
fn run(case: Case) -> (String, Calls, u8) {
    let text = format!("{case:?}");
    let names: Vec<CString> = (0..case.files.len()).map(Case::name).collect();
    let paths: Vec<_> = names.iter().map(CString::as_c_str).collect();
    let is_appended = case.is_appended;
    let mut calls = Calls::new(case);
    let status = tee::tee(&mut calls, is_appended, &paths);
    (text, calls, status)
}

/// Expects that all of the input was read, and that those who have taken what they got have it all.
fn expect_all(input: &str, calls: &Calls) {
    let is_left = calls.has_more() && !calls.contents().is_empty();
    expect((input, "there is more to read, and somebody to read it for"), is_left, false);
    for (name, seen, expected) in calls.contents() {
        expect((input, "what is in", name), seen, expected);
    }
}

fn cases(
    pieces: impl Strategy<Value = Vec<Come>>,
    output: impl Strategy<Value = Vec<Take>>,
    files: impl Strategy<Value = Vec<File>>,
) -> impl Strategy<Value = Case> {
    (pieces, output, files, any::<bool>()).prop_map(|(pieces, output, files, is_appended)| Case {
        pieces,
        output,
        files,
        is_appended,
    })
}

fn any_input_reaches_all() {
    holds_for(cases(pieces(), Just(vec![]), vec(good(), 0..4)), |case| {
        let (input, calls, status) = run(case);
        expect((&input, "the status"), status, 0);
        expect_all(&input, &calls);
    });
}

fn any_write_is_continued() {
    let some = || vec((1..9_usize).prop_map(Take::Some), 0..6);
    holds_for(cases(pieces(), some(), vec(file(some()), 0..3)), |case| {
        let (input, calls, _) = run(case);
        expect_all(&input, &calls);
    });
}

fn any_interruption_is_no_failure() {
    let interrupted = || vec(Just(Take::Nothing(Errno::EINTR)), 0..3);
    let cases = cases(
        pieces_with(Come::Nothing(Errno::EINTR)),
        interrupted(),
        vec(file(interrupted()), 0..3),
    );
    holds_for(cases, |case| {
        let (input, calls, status) = run(case);
        expect((&input, "the status"), status, 0);
        expect((&input, "what was told"), calls.told(), vec![]);
        expect_all(&input, &calls);
    });
}

/// Whatever it was when it was opened, and whoever writes to it meanwhile.
fn any_file_is_replaced_or_appended_to() {
    holds_for(any::<bool>(), |is_appended| {
        let flags = tee::flags(is_appended);
        let input = format!("the flags of a file, with -a: {is_appended}; they are {flags:#o}");
        let has = |flag| flags & flag != 0;
        expect((&input, "can it be written"), (1..=2).contains(&(flags & 3)), true);
        expect((&input, "O_CREAT"), has(O_CREAT), true);
        expect((&input, "O_TRUNC"), has(O_TRUNC), !is_appended);
        expect((&input, "O_APPEND"), has(O_APPEND), is_appended);
    });
}

fn any_failure_is_told_once() {
    let files = (vec(good(), 0..2), bad(), vec(good(), 0..2))
        .prop_map(|(before, bad, after)| [before, vec![bad], after].concat());
    holds_for(cases(pieces(), Just(vec![]), files), |case| {
        let (input, calls, _) = run(case);
        expect((&input, "what was told"), calls.told(), calls.failed());
    });
}

fn any_failure_leaves_the_others() {
    let files = vec(prop_oneof![good(), bad()], 1..5);
    let output = prop_oneof![Just(vec![]), Just(vec![Take::Some(1), Take::Nothing(Errno(28))])];
    holds_for(cases(pieces(), output, files), |case| {
        let (input, calls, _) = run(case);
        expect_all(&input, &calls);
    });
}

fn any_failure_is_a_status() {
    let files = vec(prop_oneof![2 => good(), 1 => bad()], 0..3);
    let pieces = prop_oneof![pieces(), pieces_with(Come::Nothing(Errno(5)))];
    holds_for(cases(pieces, Just(vec![]), files), |case| {
        let (input, calls, status) = run(case);
        let failed = calls.failed();
        let expected = u8::from(!failed.is_empty());
        expect((&input, "with", failed, "the status is"), status, expected);
    });
}

/// Somebody may be waiting for it.
fn any_piece_goes_on_at_once() {
    holds_for(cases(pieces(), Just(vec![]), vec(good(), 0..3)), |case| {
        let (input, calls, _) = run(case);
        let late = calls.was_late();
        expect((&input, "it asks for more, and has not passed on what it has"), late, false);
    });
}
