//! Files from cpio archives, whole ones and damaged ones.

use host_tests::holds_for;
use proptest::prelude::*;

use crate::process::initramfs::{File, Initramfs, InitramfsError, find};

/// `st_mode` of a file that may be executed.
const PROGRAM: u32 = 0o100_755;

/// An entry as it stands in an archive.
fn entry(name: &[u8], mode: u32, content: &[u8]) -> Vec<u8> {
    let (size, name_size) = (content.len(), name.len() + 1);
    // Inode, mode, user, group, links, time, size, four numbers of devices, the name's length, and
    // a sum that nobody looks at.
    let fields = [7, mode, 0, 0, 1, 0xabcd_ef01, size as u32, 0, 0, 0, 0, name_size as u32, 0];
    let mut bytes = b"070701".to_vec();
    fields.iter().for_each(|field| bytes.extend(format!("{field:08x}").bytes()));
    for part in [&[name, b"\0"].concat(), content] {
        bytes.extend(part);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
    }
    bytes
}

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let files = files.iter().map(|(name, content)| entry(name.as_bytes(), PROGRAM, content));
    files.chain([entry(b"TRAILER!!!", 0, b"")]).flatten().collect()
}

fn all(bytes: &[u8]) -> Result<Vec<(&str, &[u8])>, InitramfsError> {
    Initramfs::new(bytes).files().map(|file| file.map(|file| (file.name, file.bytes))).collect()
}

fn files(bytes: &[u8]) -> Vec<File<'_>> {
    Initramfs::new(bytes).files().collect::<Result<_, _>>().expect("the archive is whole")
}

#[test]
fn files_are_found_by_their_path() {
    let bytes = archive(&[("bin/one", b"1"), ("bin/two", b"22"), ("empty", b"")]);
    let files = files(&bytes);
    let two = File { name: "bin/two", mode: PROGRAM, bytes: b"22" };
    assert_eq!(find(&files, "bin/two"), Some(two));
    assert_eq!(find(&files, "/bin/two"), Some(two));
    assert_eq!(find(&files, "empty").map(|file| file.bytes), Some(&b""[..]));
    for path in ["two", "bin", "bin/tw", "bin/two/", "bin/twoo", "", "TRAILER!!!"] {
        assert_eq!(find(&files, path), None, "{path}");
    }
}

#[test]
fn names_may_begin_at_the_root_or_here() {
    let bytes =
        archive(&[("./a", b"1"), ("/b", b"2"), (".//./c", b"3"), ("..d", b"4"), (".", b"")]);
    let found = [("a", &b"1"[..]), ("b", b"2"), ("c", b"3"), ("..d", b"4"), (".", b"")];
    assert_eq!(all(&bytes), Ok(found.to_vec()));
}

#[test]
fn several_archives_are_one() {
    let (one, two) = (archive(&[("a", b"1"), ("b", b"2")]), archive(&[("c", b"3")]));
    for zeroes in [0, 4, 8, 512] {
        let bytes =
            [&vec![0; zeroes], &*one, &vec![0; zeroes], &two, &vec![0; zeroes + 3]].concat();
        let found = [("a", &b"1"[..]), ("b", b"2"), ("c", b"3")];
        assert_eq!(all(&bytes), Ok(found.to_vec()), "{zeroes} zeroes between them");
    }
}

#[test]
fn the_last_file_of_a_name_counts() {
    let bytes =
        [archive(&[("a", b"old"), ("./a", b"newer")]), archive(&[("/a", b"newest")])].concat();
    let found = find(&files(&bytes), "a").map(|file| file.bytes);
    assert_eq!(found, Some(&b"newest"[..]));
}

#[test]
fn an_archive_may_be_empty_or_missing() {
    for bytes in [&b""[..], &[0; 3], &[0; 512], &archive(&[])] {
        assert_eq!(all(bytes), Ok(vec![]));
    }
}

#[test]
fn damage_is_an_error_that_names_the_place() {
    let good = archive(&[("a", b"1234567"), ("b", b"2")]);
    let second = entry(b"a", PROGRAM, b"1234567").len();
    let trailer = second + entry(b"b", PROGRAM, b"2").len();
    let broken = |at: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[at] = byte;
        all(&bytes).expect_err("it is damaged")
    };
    let damaged = |offset| InitramfsError::Damaged { offset };
    assert_eq!(broken(5, b'3'), InitramfsError::NoEntry { offset: 0 });
    assert_eq!(broken(second, 0), InitramfsError::NoEntry { offset: second });
    // In the mode, the size, the length of the name.
    assert_eq!(broken(second + 15, b'g'), damaged(second));
    assert_eq!(broken(54, b'f'), damaged(0));
    assert_eq!(broken(second + 94, b'f'), damaged(second));
    // In the trailer's name.
    assert_eq!(broken(trailer + 110, b'X'), InitramfsError::NoTrailer { offset: good.len() });
    let late = [&[0], &*good].concat();
    assert_eq!(all(&late), Err(InitramfsError::NoEntry { offset: 1 }), "it is not aligned");
    let text = damaged(0x94).to_string();
    assert_eq!(text, "the entry at byte 0x94 is damaged");
}

/// Nothing is taken for whole that is not.
#[test]
fn an_archive_cut_anywhere_is_an_error() {
    let bytes = archive(&[("a", b"1234567"), ("bin/b", b"2")]);
    let end = bytes.len() - "\0\0\0".len();
    for length in 1..bytes.len() {
        let cut = all(&bytes[..length]);
        // Behind the trailer's name there is nothing but zeroes.
        assert_eq!(cut.is_ok(), length >= end, "{length} of {} bytes: {cut:?}", bytes.len());
    }
}

#[test]
fn nothing_comes_after_an_error() {
    let bytes = [archive(&[("a", b"1")]), b"0707".to_vec(), archive(&[("b", b"2")])].concat();
    let mut files = Initramfs::new(&bytes).files();
    assert!(files.next().is_some_and(|file| file.is_ok()));
    assert!(files.next().is_some_and(|file| file.is_err()));
    assert_eq!(files.next(), None);
    assert_eq!(files.next(), None);
}

#[test]
fn what_was_packed_comes_out() {
    let name = "[a-z./]{1,30}".prop_filter("it has a name of its own", |name| {
        !name.starts_with('/') && !name.starts_with("./")
    });
    let content = prop::collection::vec(any::<u8>(), 0..70);
    let files = prop::collection::vec((name, 0..0o200_000_u32, content), 0..8);
    holds_for(files, |files| {
        let entries =
            files.iter().map(|(name, mode, content)| entry(name.as_bytes(), *mode, content));
        let bytes: Vec<u8> = entries.chain([entry(b"TRAILER!!!", 0, b"")]).flatten().collect();
        let found: Result<Vec<_>, _> = Initramfs::new(&bytes).files().collect();
        let expected: Vec<_> =
            files.iter().map(|(name, mode, bytes)| File { name, mode: *mode, bytes }).collect();
        prop_assert_eq!(found, Ok(expected));
        Ok(())
    });
}

#[test]
fn no_damage_makes_it_panic() {
    let good = archive(&[("a", b"1234567"), ("bin/b", b"2"), ("c", b"")]);
    let change = (0..good.len(), any::<u8>());
    let digit = (0..3_usize, 0..13_usize, "[0-9a-f+ ]{8}");
    let cases = (prop::collection::vec(change, 0..4), digit, 0..=good.len());
    holds_for(cases, |(changes, (index, field, digits), length)| {
        let mut bytes = good.clone();
        let start = good.windows(6).enumerate().filter(|it| it.1 == b"070701").nth(index);
        let field = start.expect("there are three").0 + 6 + 8 * field;
        bytes[field..field + 8].copy_from_slice(digits.as_bytes());
        changes.iter().for_each(|&(at, byte)| bytes[at] = byte);
        for bytes in [&bytes[..], &bytes[..length]] {
            let files: Vec<_> = Initramfs::new(bytes).files().take(100).collect();
            prop_assert!(files.len() < 100, "it does not end");
            prop_assert!(files.iter().rev().skip(1).all(Result::is_ok));
        }
        Ok(())
    });
}
