//! Bytes that are read as they come, and settings that change.

use core::time::Duration;

use host_tests::holds_for;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::input::discipline::{Discipline, SIZE};
use crate::input::settings::{InputFlags, LocalFlags, Settings};

const MIN: usize = 6;
const TIME: usize = 5;

/// Settings without lines: a read waits for `least` bytes, or for so many tenths of a second.
fn raw(least: u8, tenths: u8) -> Settings {
    let mut settings = Settings::FIRST;
    settings.local = LocalFlags::empty();
    settings.input = InputFlags::empty();
    (settings.keys[MIN], settings.keys[TIME]) = (least, tenths);
    settings
}

fn seconds(tenths: u64) -> Duration {
    Duration::from_millis(100 * tenths)
}

/// No byte means anything, and none is shown.
#[test]
fn bytes_come_as_they_are() {
    holds_for(vec((any::<u8>(), 1..20_usize), 1..2_000), |bytes| {
        let mut discipline = Discipline::new();
        discipline.set_settings(raw(1, 0));
        let mut found: Vec<u8> = Vec::new();
        let sent: Vec<u8> = bytes.iter().map(|(byte, _)| *byte).collect();
        let mut waiting = sent.iter();
        for (_, count) in bytes.iter().cycle() {
            for byte in waiting.by_ref().take(*count) {
                let attention = discipline.receive(*byte, Duration::ZERO, &mut |shown| {
                    panic!("{shown:?} is shown");
                });
                prop_assert_eq!(attention, None);
            }
            prop_assert!(discipline.is_ready(1, Duration::ZERO, Duration::ZERO));
            let mut buffer = [0; 7];
            let taken = discipline.take(&mut buffer);
            found.extend(&buffer[..taken.count]);
            prop_assert_eq!(taken.is_end, discipline.readable() == 0);
            if found.len() == sent.len() {
                break;
            }
            if !discipline.has_room() {
                let mut all = [0; SIZE];
                let taken = discipline.take(&mut all);
                found.extend(&all[..taken.count]);
            }
        }
        prop_assert_eq!(found, sent);
        Ok(())
    });
}

/// How long a read waits says the table of termios(3), in all four cases.
#[test]
fn reads_wait_as_long_as_asked() {
    // VMIN, VTIME, bytes that come after half a second, wanted, and from when on it is ready.
    for (least, tenths, typed, wanted, expected) in [
        (0, 0, 0, 10, Some(0)),
        (1, 0, 0, 10, None),
        (1, 0, 1, 10, Some(5)),
        (3, 0, 2, 10, None),
        (3, 0, 3, 10, Some(5)),
        (3, 0, 2, 2, Some(5)),
        (0, 7, 0, 10, Some(7)),
        (0, 7, 1, 10, Some(5)),
        (3, 7, 0, 10, None),
        (3, 7, 1, 10, Some(12)),
        (3, 7, 3, 10, Some(5)),
    ] {
        let mut discipline = Discipline::new();
        discipline.set_settings(raw(least, tenths));
        let mut found = None;
        for now in 0..100 {
            if now == 5 {
                (0..typed).for_each(|_| {
                    discipline.receive(b'x', seconds(now), &mut |_| {});
                });
            }
            let is_ready = discipline.is_ready(wanted, Duration::ZERO, seconds(now));
            if is_ready && found.is_none() {
                found = Some(now);
            }
        }
        assert_eq!(found, expected, "{least}, {tenths}, {typed}, {wanted}");
    }
}

/// Who asks before they read is told of as many bytes as a read waits for.
#[test]
fn who_asks_is_told_what_a_read_waits_for() {
    let mut discipline = Discipline::new();
    for (least, tenths, typed, expected) in
        [(0, 0, 0, false), (0, 0, 1, true), (2, 0, 1, false), (2, 0, 2, true), (2, 1, 1, true)]
    {
        discipline.flush();
        discipline.set_settings(raw(least, tenths));
        (0..typed).for_each(|_| {
            discipline.receive(b'x', Duration::ZERO, &mut |_| {});
        });
        assert_eq!(discipline.is_worth_a_read(), expected, "{least}, {tenths}, {typed}");
        assert_eq!(discipline.is_timed(), tenths > 0);
    }
}

/// Where lines end to be, what was typed of one can be read; where they begin, what is there is
/// one.
#[test]
fn modes_change_with_bytes_between() {
    let mut discipline = Discipline::new();
    let type_all = |discipline: &mut Discipline, text: &[u8]| {
        for byte in text {
            discipline.receive(*byte, Duration::ZERO, &mut |_| {});
        }
    };
    type_all(&mut discipline, b"ab");
    assert_eq!(discipline.readable(), 0);
    discipline.set_settings(raw(1, 0));
    assert_eq!(discipline.readable(), 2);
    type_all(&mut discipline, b"c");
    discipline.set_settings(Settings::FIRST);
    type_all(&mut discipline, b"\x7fd\n");
    let mut buffer = [0; 8];
    let taken = discipline.take(&mut buffer);
    assert_eq!((taken.is_end, &buffer[..taken.count]), (true, &b"abc"[..]));
    let taken = discipline.take(&mut buffer);
    assert_eq!(&buffer[..taken.count], b"d\n");
}

/// What is forgotten is not read.
#[test]
fn flushed_bytes_are_gone() {
    let mut discipline = Discipline::new();
    for byte in b"one\ntwo\nthr\x16" {
        discipline.receive(*byte, Duration::ZERO, &mut |_| {});
    }
    discipline.flush();
    assert_eq!(discipline.readable(), 0);
    for byte in b"x\x7fy\n" {
        discipline.receive(*byte, Duration::ZERO, &mut |_| {});
    }
    let mut buffer = [0; 8];
    let taken = discipline.take(&mut buffer);
    assert_eq!(&buffer[..taken.count], b"y\n");
}

/// Settings are the bytes of Linux's structure, all of them.
#[test]
fn settings_are_kept_whole() {
    holds_for(vec(any::<u8>(), 36), |bytes| {
        let bytes: [u8; 36] = bytes.try_into().expect("there are as many");
        prop_assert_eq!(Settings::from_bytes(&bytes).to_bytes(), bytes);
        Ok(())
    });
    let first = Settings::FIRST.to_bytes();
    // What a new pseudoterminal of Linux 6.18 says, but for IUTF8, IXON and HUPCL.
    assert_eq!(first[..4], 0x4100_u32.to_le_bytes());
    assert_eq!(first[4..8], 0x5_u32.to_le_bytes());
    assert_eq!(first[8..12], 0x4bf_u32.to_le_bytes());
    assert_eq!(first[12..16], 0x8a3b_u32.to_le_bytes());
    assert_eq!(
        first[17..],
        [3, 0x1c, 0x7f, 0x15, 4, 0, 1, 0, 0x11, 0x13, 0x1a, 0, 0x12, 0xf, 0x17, 0x16, 0, 0, 0]
    );
}
