//! What is shown of calls that were made up.

use std::io;

use host_tests::holds_for;
use proptest::prelude::*;

use crate::syscall::strace::Kind;
use crate::syscall::strace::line::Line;
use crate::syscall::strace::show::Shown;
use crate::syscall::strace::{errors, quote};

/// Where the memory begins that the calls are shown with.
const START: u64 = 0x1000;

/// The line of a call with `arguments`, whose memory is `memory`, from [`START`] on.
fn show(
    name: &str,
    kinds: &[Kind],
    arguments: [u64; 6],
    memory: &[u8],
    result: Result<usize, u32>,
) -> String {
    let copy = |place: u64, buffer: &mut [u8]| {
        let start = place.checked_sub(START).map(|start| start as usize);
        let end = start.and_then(|start| start.checked_add(buffer.len()));
        let there = start.zip(end).and_then(|(start, end)| memory.get(start..end));
        there.map(|there| buffer.copy_from_slice(there)).is_some()
    };
    let shown = Shown { name, kinds, arguments, memory: &copy };
    let mut line = Line::new();
    let first = shown.begin(&mut line);
    shown.end(&mut line, first, result);
    line.text().to_owned()
}

#[test]
fn calls_look_like_straces() {
    let write = [Kind::Descriptor, Kind::Input(2), Kind::Size];
    let arguments = [1, START, 6, 9, 9, 9];
    let line = show("write", &write, arguments, b"hello\n", Ok(6));
    assert_eq!(line, r#"write(1, "hello\n", 6) = 6"#);
    let open = [Kind::Descriptor, Kind::Text];
    let line = show("openat", &open, [-100_i64 as u64, START, 0, 0, 0, 0], b"etc\0", Err(2));
    assert_eq!(line, r#"openat(AT_FDCWD, "etc") = -1 ENOENT (No such file or directory)"#);
    let sizes = [Kind::Address, Kind::Size];
    assert_eq!(show("mmap", &sizes, [0; 6], &[], Ok(4096)), "mmap(NULL, 0) = 0x1000");
    assert_eq!(show("getpid", &[], [7; 6], &[], Err(600)), "getpid() = -1 (errno 600)");
}

#[test]
fn bad_addresses_are_shown_as_they_are() {
    let texts = [Kind::Text, Kind::Texts, Kind::Environment];
    let others = [Kind::Time, Kind::IntAt, Kind::Pair, Kind::Stat, Kind::Inputs(0)];
    for kind in texts.into_iter().chain(others) {
        for (place, text) in [(0, "NULL"), (8, "0x8"), (u64::MAX, "0xffffffffffffffff")] {
            let line = show("f", &[kind], [place; 6], &[0; 64], Ok(0));
            assert_eq!(line, format!("f({text}) = 0"), "{kind:?}");
        }
    }
    // A text that runs out of memory, and bytes that do.
    assert_eq!(show("f", &[Kind::Text], [START; 6], b"abc", Ok(0)), "f(0x1000) = 0");
    let line = show("f", &[Kind::Input(1), Kind::Size], [START, 4, 0, 0, 0, 0], b"abc", Ok(0));
    assert_eq!(line, "f(0x1000, 4) = 0");
}

#[test]
fn long_texts_are_cut() {
    let line = |kind, memory: &[u8]| show("f", &[kind], [START; 6], memory, Ok(0));
    for (kind, most) in [(Kind::Text, 128), (Kind::Texts, 32)] {
        let list = [START + 16, 0].map(u64::to_le_bytes).concat();
        let list = if matches!(kind, Kind::Texts) { &list[..] } else { &[] };
        let [open, close] = if matches!(kind, Kind::Texts) { ["[", "]"] } else { [""; 2] };
        let text = |length: usize| [list, &vec![b'a'; length], &[0]].concat();
        let shown = "a".repeat(most);
        let found = line(kind, &text(most));
        assert_eq!(found, format!("f({open}\"{shown}\"{close}) = 0"));
        let found = line(kind, &text(most + 1));
        assert_eq!(found, format!("f({open}\"{shown}\"...{close}) = 0"));
    }
}

#[test]
fn results_are_shown_when_there_are_any() {
    let read = [Kind::Descriptor, Kind::Output, Kind::Size];
    let arguments = [0, START, 64, 0, 0, 0];
    assert_eq!(show("read", &read, arguments, b"ab", Ok(2)), r#"read(0, "ab", 64) = 2"#);
    let failed = "read(0, 0x1000, 64) = -1 EFAULT (Bad address)";
    assert_eq!(show("read", &read, arguments, b"ab", Err(14)), failed);
    let wait = [Kind::Got(&Kind::StatusAt)];
    let line = |status: u32, result| show("w", &wait, [START; 6], &status.to_le_bytes(), result);
    assert_eq!(line(0x700, Ok(5)), "w([{WIFEXITED(s) && WEXITSTATUS(s) == 7}]) = 5");
    assert_eq!(line(11, Ok(5)), "w([{WIFSIGNALED(s) && WTERMSIG(s) == SIGSEGV}]) = 5");
    assert_eq!(line(11, Ok(0)), "w(0x1000) = 0");
    assert_eq!(line(11, Err(10)), "w(0x1000) = -1 ECHILD (No child processes)");
}

#[test]
fn arguments_may_depend_on_others() {
    const SECOND: Kind = Kind::Depends(|[first, ..]| match first {
        0 => None,
        1 => Some(Kind::Hex),
        _ => Some(Kind::Got(&Kind::Pair)),
    });
    let numbers = [3_u32, 4].map(u32::to_le_bytes).concat();
    let line = |first, second, result| {
        let arguments = [first, second, 5, 0, 0, 0];
        show("f", &[Kind::Int, SECOND, Kind::Offset], arguments, &numbers, result)
    };
    assert_eq!(line(0, 9, Ok(0)), "f(0, 5) = 0");
    assert_eq!(line(1, 0, Ok(0)), "f(1, 0, 5) = 0");
    assert_eq!(line(1, 16, Ok(0)), "f(1, 0x10, 5) = 0");
    assert_eq!(line(2, START, Ok(0)), "f(2, [3, 4], 5) = 0");
    assert_eq!(line(2, START, Err(9)), "f(2, 0x1000, 5) = -1 EBADF (Bad file descriptor)");
}

#[test]
fn flags_have_names() {
    const NAMES: &[(u32, &str)] = &[(0, "NONE"), (1, "A"), (6, "B"), (8, "C")];
    for (value, text) in [
        (0, "NONE"),
        (1, "A"),
        (9, "A|C"),
        (7, "A|B"),
        (2, "0x2"),
        (0x15, "A|0x14"),
        (0xf, "A|B|C"),
    ] {
        let line = show("f", &[Kind::Flags(NAMES)], [value; 6], &[], Ok(0));
        assert_eq!(line, format!("f({text}) = 0"));
    }
    assert_eq!(show("f", &[Kind::Choice(NAMES)], [6; 6], &[], Ok(0)), "f(B) = 0");
    assert_eq!(show("f", &[Kind::Choice(NAMES)], [7; 6], &[], Ok(0)), "f(0x7) = 0");
}

#[test]
fn errors_are_called_what_linux_calls_them() {
    for number in 1..=133 {
        let Some((name, text)) = errors::describe(number) else {
            assert!([41, 58].contains(&number), "{number} has no name");
            continue;
        };
        let linux = io::Error::from_raw_os_error(number as i32).to_string();
        assert_eq!(linux, format!("{text} (os error {number})"), "{name}");
        assert!(name.starts_with('E'), "{name}");
    }
    for number in [0, 41, 58, 134, u32::MAX] {
        assert_eq!(errors::describe(number), None);
    }
}

#[test]
fn long_lines_keep_their_end() {
    let texts: Vec<u8> = (0..17_u64)
        .flat_map(|index| if index < 16 { START + 17 * 8 } else { 0 }.to_le_bytes())
        .chain([1; 64])
        .collect();
    let kinds = [Kind::Texts; 6];
    let line = show("execve", &kinds, [START; 6], &texts, Err(40));
    assert!(line.len() <= 512, "{line}");
    let end = "...) = -1 ELOOP (Too many levels of symbolic links)";
    assert!(line.ends_with(end), "{line}");
}

/// The bytes of a text that was shown: the other way round, as a C compiler reads it.
fn read_back(text: &str) -> Vec<u8> {
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let mut rest = inner.expect("it stands between quotation marks").as_bytes();
    let mut bytes = Vec::new();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'\\' {
            bytes.push(*first);
            continue;
        }
        let digits = rest.iter().take(3).take_while(|digit| (b'0'..b'8').contains(digit)).count();
        let length = digits.max(1);
        let number = |number: u32, digit: &u8| number * 8 + u32::from(digit - b'0');
        bytes.push(match rest[0] {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 0x0b,
            b'f' => 0x0c,
            _ if digits > 0 => rest[..digits].iter().fold(0, number) as u8,
            other => other,
        });
        rest = &rest[length..];
    }
    bytes
}

#[test]
fn every_text_can_be_read_back() {
    holds_for(prop::collection::vec(any::<u8>(), 0..32), |bytes| {
        let mut line = Line::new();
        quote::quote(&mut line, &bytes, false);
        prop_assert!(line.text().bytes().all(|byte| (b' '..=b'~').contains(&byte)));
        prop_assert_eq!(read_back(line.text()), bytes);
        Ok(())
    });
}

#[test]
fn nothing_that_a_program_passes_is_too_much() {
    let kinds = [
        Kind::Int,
        Kind::Size,
        Kind::Mode,
        Kind::Descriptor,
        Kind::Text,
        Kind::Texts,
        Kind::Environment,
        Kind::Input(0),
        Kind::Output,
        Kind::Got(&Kind::StatusAt),
        Kind::Time,
        Kind::Signal,
        Kind::Flags(&[(1, "ONE")]),
        Kind::OpenFlags(&[(4, "FOUR")]),
        Kind::Offset,
        Kind::Hex,
        Kind::Inputs(1),
        Kind::Outputs(2),
        Kind::Got(&Kind::Pair),
        Kind::Stat,
        Kind::Depends(|[first, ..]| (first != 0).then_some(Kind::Text)),
    ];
    let places = || prop_oneof![any::<u64>(), START..START + 128, Just(u64::MAX - 7), Just(0)];
    let cases = (
        prop::collection::vec(prop::sample::select(kinds.to_vec()), 0..=6),
        prop::array::uniform6(places()),
        prop::collection::vec(prop_oneof![Just(0), Just(0x10), any::<u8>()], 0..128),
        any::<Result<usize, u32>>(),
    );
    holds_for(cases, |(kinds, arguments, memory, result)| {
        let line = show("call", &kinds, arguments, &memory, result);
        prop_assert!(line.len() <= 512 && line.contains(") = "));
        Ok(())
    });
}
