//! Lines that are typed and read.

use core::time::Duration;

use host_tests::holds_for;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::input::discipline::{Attention, Discipline, SIZE, Taken};
use crate::model::Model;
use crate::screen::Screen;

/// What somebody does.
#[derive(Clone, Debug)]
enum Deed {
    Type(char),
    Control(u8),
    Quote(u8),
    Erase(u8),
    EraseWord,
    Kill,
    Return(u8),
    EndOfFile,
    Interrupt,
    Read(usize),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let characters = prop_oneof![Just(' '), proptest::char::range('!', '~'), any::<char>()];
    let character = characters.prop_filter("it would be a key", |it| !it.is_control());
    let deed = prop_oneof![
        20 => character.prop_map(Deed::Type),
        2 => select(vec![0, 1, 2, b'\t', 0x1b, 0x1f]).prop_map(Deed::Control),
        2 => select(vec![3, 4, 8, 0x15, 0x16, 0x17, 0x7f, b'x']).prop_map(Deed::Quote),
        4 => select(vec![0x08, 0x7f]).prop_map(Deed::Erase),
        2 => Just(Deed::EraseWord),
        1 => Just(Deed::Kill),
        3 => select(b"\r\n".to_vec()).prop_map(Deed::Return),
        2 => Just(Deed::EndOfFile),
        1 => Just(Deed::Interrupt),
        4 => (1..12_usize).prop_map(Deed::Read),
    ];
    vec(deed, 1..120)
}

/// Keys do what they do to the model, what is read is what the model has, and the screen shows the
/// line.
#[test]
fn keys_do_what_they_mean() {
    holds_for(deeds(), |deeds| {
        let (mut discipline, mut model) = (Discipline::new(), Model::default());
        let mut screen = Screen::default();
        for deed in &deeds {
            let attention = press(&mut discipline, &mut screen, deed);
            let expected = matches!(deed, Deed::Interrupt).then_some(Attention::Interrupt);
            prop_assert_eq!(attention, expected);
            if let Deed::Read(most) = deed {
                if model.is_ready() {
                    prop_assert_eq!(read(&mut discipline, *most), model.read(*most));
                }
            } else {
                tell(&mut model, deed);
            }
            let is_ready = discipline.is_ready(1, Duration::ZERO, Duration::MAX);
            prop_assert_eq!(is_ready, model.is_ready());
            prop_assert_eq!(discipline.is_worth_a_read(), model.is_ready());
            prop_assert_eq!(discipline.readable(), model.readable());
            // What these leave on the screen cannot be erased any more.
            if matches!(deed, Deed::Interrupt | Deed::EndOfFile) {
                screen = Screen::default();
            }
            prop_assert_eq!(screen.text(), model.text(), "{:?}", deed);
        }
        Ok(())
    });
}

fn press(discipline: &mut Discipline, screen: &mut Screen, deed: &Deed) -> Option<Attention> {
    let mut bytes = [0; 4];
    let bytes = match *deed {
        Deed::Type(character) => character.encode_utf8(&mut bytes).as_bytes(),
        Deed::Quote(byte) => &[0x16, byte],
        Deed::Control(byte) | Deed::Erase(byte) | Deed::Return(byte) => &[byte],
        Deed::EraseWord => b"\x17",
        Deed::Kill => b"\x15",
        Deed::EndOfFile => b"\x04",
        Deed::Interrupt => b"\x03",
        Deed::Read(_) => &[],
    };
    let mut shown = Vec::new();
    let mut attention = None;
    for byte in bytes {
        attention = discipline.receive(*byte, Duration::ZERO, &mut |text| shown.extend(text));
    }
    screen.show(&shown);
    attention
}

fn tell(model: &mut Model, deed: &Deed) {
    match *deed {
        Deed::Type(character) => model.add(character.to_string().as_bytes()),
        Deed::Control(byte) | Deed::Quote(byte) => model.add(&[byte]),
        Deed::Erase(_) => model.erase(),
        Deed::EraseWord => model.erase_word(),
        Deed::Kill => model.kill(),
        Deed::Return(_) => model.end(Some(b'\n')),
        Deed::EndOfFile => model.end(None),
        Deed::Interrupt => model.flush(),
        Deed::Read(_) => {}
    }
}

fn read(discipline: &mut Discipline, most: usize) -> Vec<u8> {
    let mut buffer = vec![0; most];
    let Taken { count, is_end } = discipline.take(&mut buffer);
    assert!(is_end || count == most, "{count} of {most}, and it is not the end");
    buffer.truncate(count);
    buffer
}

fn type_all(discipline: &mut Discipline, text: &[u8]) -> Vec<u8> {
    let mut shown = Vec::new();
    for byte in text {
        discipline.receive(*byte, Duration::ZERO, &mut |text| shown.extend(text));
    }
    shown
}

/// What is typed faster than it is read waits in front, and all of it comes through, in order.
#[test]
fn nothing_is_lost() {
    let line = vec(select(b"abcdef ".to_vec()), 0..600);
    holds_for(vec((line, 1..900_usize), 1..60), |lines| {
        let mut discipline = Discipline::new();
        let mut sent: Vec<u8> = Vec::new();
        lines.iter().for_each(|(line, _)| sent.extend(line.iter().chain(b"\n")));
        let mut found = Vec::new();
        let mut waiting = sent.iter();
        for (_, most) in lines.iter().cycle() {
            while discipline.has_room()
                && let Some(byte) = waiting.next()
            {
                discipline.receive(*byte, Duration::ZERO, &mut |_| {});
            }
            if discipline.readable() == 0 {
                break;
            }
            found.extend(read(&mut discipline, *most));
        }
        prop_assert_eq!(found, sent);
        Ok(())
    });
}

/// A line that is longer than all there is keeps its beginning, and can be ended.
#[test]
fn endless_line_can_be_ended() {
    let mut discipline = Discipline::new();
    for _ in 0..2 * SIZE {
        assert!(discipline.has_room());
        type_all(&mut discipline, b"x");
    }
    assert_eq!(discipline.readable(), 0);
    assert_eq!(type_all(&mut discipline, b"y"), b"");
    assert_eq!(type_all(&mut discipline, b"\r"), b"\n");
    assert_eq!(discipline.readable(), SIZE);
    assert!(!discipline.has_room());
    let mut expected = vec![b'x'; SIZE - 1];
    expected.push(b'\n');
    assert_eq!(read(&mut discipline, 2 * SIZE), expected);
    assert!(discipline.has_room());
}

/// What is typed without room is a bug of whoever passes it on.
#[test]
#[should_panic(expected = "4095 bytes are waiting to be read")]
fn no_room_is_no_room() {
    let mut discipline = Discipline::new();
    type_all(&mut discipline, &b"\n".repeat(SIZE));
}

/// As on Linux: the end of the input goes with the read that takes the last byte in front of it.
#[test]
fn end_goes_with_the_last_byte() {
    let mut discipline = Discipline::new();
    type_all(&mut discipline, b"abc\x04x\x04\x04");
    assert_eq!(read(&mut discipline, 3), b"abc");
    assert_eq!(read(&mut discipline, 2), b"x");
    assert!(discipline.is_ready(1, Duration::ZERO, Duration::ZERO));
    assert_eq!(read(&mut discipline, 2), b"");
    assert!(!discipline.is_ready(1, Duration::ZERO, Duration::ZERO));
}

/// What is shown for keys is, byte for byte, what Linux shows. (Found out with a pseudoterminal of
/// Linux 6.18; a tab is a blank here.)
#[test]
fn echo_is_linuxs() {
    for (keys, shown) in [
        (&b"ab\x7fc\n"[..], &b"ab\x08 \x08c\n"[..]),
        (b"foo\x15z\x01\x7f\n", b"foo\x08 \x08\x08 \x08\x08 \x08z^A\x08 \x08\x08 \x08\n"),
        (b"one.  \x17x\n", b"one.  \x08 \x08\x08 \x08\x08 \x08\x08 \x08\x08 \x08\x08 \x08x\n"),
        (b"a b-c_d\x17\n", b"a b-c_d\x08 \x08\x08 \x08\x08 \x08\n"),
        (b"\x16\x04q\n", b"^\x08^Dq\n"),
        (b"\x1b[A\n", b"^[[A\n"),
        (b"a\xc3\xa4\x7f\n", b"a\xc3\xa4\x08 \x08\n"),
        (b"x\x03y\x1c\n", b"x^Cy^\\\n"),
        (b"\n\x7f\n", b"\n\n"),
    ] {
        assert_eq!(type_all(&mut Discipline::new(), keys), shown, "{keys:?}");
    }
}
