//! Lines that are typed, against a model: characters, each of which can be taken back.

use host_tests::holds_for;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::input::line::{Echo, LIMIT, Line};

/// A key.
#[derive(Clone, Copy, Debug)]
enum Key {
    Character(char),
    Backspace(u8),
    EraseWord,
    EraseLine,
    /// One that sends a sequence.
    Function(&'static str),
    /// One that means nothing.
    Control(u8),
    End(u8),
}

fn keys() -> impl Strategy<Value = Vec<Key>> {
    let characters = prop_oneof![Just(' '), proptest::char::range('!', '~'), any::<char>()];
    let character = characters.prop_filter("it would be a key", |it| !it.is_control());
    let functions = ["\x1b[A", "\x1b[1;5C", "\x1bOP", "\x1b[3~", "\x1bb", "\x1b\x1b[A"];
    let key = prop_oneof![
        20 => character.prop_map(Key::Character),
        3 => select(vec![0x08, 0x7f]).prop_map(Key::Backspace),
        2 => Just(Key::EraseWord),
        1 => Just(Key::EraseLine),
        2 => select(functions.to_vec()).prop_map(Key::Function),
        1 => select(vec![0, 3, 4, 9, 0x1f]).prop_map(Key::Control),
        1 => select(b"\r\n".to_vec()).prop_map(Key::End),
    ];
    vec(key, 1..80)
}

/// Takes a word and the blanks behind it off the end.
fn erase_word(model: &mut Vec<char>) {
    while model.last() == Some(&' ') {
        model.pop();
    }
    while model.last().is_some_and(|last| *last != ' ') {
        model.pop();
    }
}

/// Sends what `key` sends, and gives what the last byte did.
fn press(line: &mut Line, key: Key) -> Echo {
    let bytes = match key {
        Key::Character(character) => character.to_string().into_bytes(),
        Key::Function(text) => text.into(),
        Key::Backspace(byte) | Key::Control(byte) | Key::End(byte) => vec![byte],
        Key::EraseWord => vec![0x17],
        Key::EraseLine => vec![0x15],
    };
    let echoes: Vec<Echo> = bytes.iter().map(|byte| line.key(*byte)).collect();
    echoes.last().copied().unwrap_or(Echo::Nothing)
}

#[test]
fn a_line_is_its_characters() {
    holds_for(keys(), |keys| {
        let (mut line, mut model) = (Line::new(), Vec::new());
        for key in keys {
            let before = model.len();
            match key {
                // What does not fit as a whole is another test's.
                Key::Character(character) => {
                    if line.text().len() + character.len_utf8() > LIMIT {
                        continue;
                    }
                    model.push(character);
                }
                Key::Backspace(_) => drop(model.pop()),
                Key::EraseWord => erase_word(&mut model),
                Key::EraseLine => model.clear(),
                Key::Function(_) | Key::Control(_) | Key::End(_) => {}
            }
            let erased = before.saturating_sub(model.len());
            let echo = press(&mut line, key);
            match key {
                Key::Character(_) => prop_assert!(matches!(echo, Echo::Byte(_))),
                Key::End(_) => prop_assert_eq!(echo, Echo::End),
                _ if erased > 0 => prop_assert_eq!(echo, Echo::Erase(erased)),
                _ => prop_assert_eq!(echo, Echo::Nothing),
            }
            prop_assert_eq!(line.text(), model.iter().collect::<String>());
        }
        Ok(())
    });
}

#[test]
fn any_bytes_are_survived() {
    holds_for(vec(any::<u8>(), 0..3 * LIMIT), |bytes| {
        let mut line = Line::new();
        let mut shown = 0_usize;
        for byte in bytes {
            match line.key(byte) {
                Echo::Byte(echoed) => {
                    prop_assert_eq!(echoed, byte);
                    shown += 1;
                }
                Echo::Erase(count) => {
                    prop_assert!((1..=shown).contains(&count));
                }
                Echo::Nothing | Echo::End => {}
            }
            prop_assert!(line.text().len() <= LIMIT);
        }
        Ok(())
    });
}
