//! Made-up memory, shown by your decoder, beside what `strace` would show.

use exercise_host::{Property, holds_for, properties};
use given::{MOST_BYTES, MOST_OF_PATH, MOST_TEXTS, Memory};
use ktest::expect;
use line::Line;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

#[allow(dead_code, unused_imports, reason = "until its holes are filled")]
mod decode;
#[allow(dead_code, reason = "some of it is unused until the holes are filled")]
mod given;
#[allow(dead_code, reason = "the tests use what they need")]
#[path = "../../src/syscall/strace/line.rs"]
mod line;

/// What is tried.
pub const PROPERTIES: &[Property] = properties![
    any_bytes_can_be_read_back,
    any_bytes_look_as_in_c,
    any_count_is_survived,
    any_text_ends_with_its_zero,
    any_text_may_end_with_memory,
    any_list_is_shown,
    any_bad_list_is_an_address,
];

/// Where memory begins.
const START: u64 = 0x1000;

/// What is shown, and what the decoder answers.
type Seen = (String, bool);

/// Lets `act` show something of `memory`, which is at [`START`], and of nothing else.
fn seen(memory: &[u8], act: impl FnOnce(&mut Line, Memory) -> bool) -> Seen {
    let copy = |place: u64, buffer: &mut [u8]| {
        let start = place.checked_sub(START).map(|start| start as usize);
        let end = start.and_then(|start| start.checked_add(buffer.len()));
        let there = start.zip(end).and_then(|(start, end)| memory.get(start..end));
        there.map(|there| buffer.copy_from_slice(there)).is_some()
    };
    let mut line = Line::new();
    let answer = act(&mut line, &copy);
    (line.text().to_owned(), answer)
}

/// `text` as far as it fits into a line.
fn shown(text: &str) -> Seen {
    let mut line = Line::new();
    line.put(text);
    (line.text().to_owned(), true)
}

/// What is seen where there is nothing to be shown.
fn nothing() -> Seen {
    (String::new(), false)
}

/// Bytes, most of them such as are easily shown wrong.
fn bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
    let special = select(b"\0\x01\x07\x0b\x0c\x1b\x7f\x80\xff\n\r\t\"\\079 a~".to_vec());
    vec(prop_oneof![3 => special, 1 => any::<u8>()], 0..=most)
}

/// Letters that stand for themselves: what becomes of others, two properties are about.
fn letters(count: impl Into<prop::collection::SizeRange>) -> impl Strategy<Value = Vec<u8>> {
    vec(select(b"abc".to_vec()), count)
}

/// `bytes` as a string of C, as short as `strace` has it.
fn quoted(bytes: &[u8], is_cut: bool) -> String {
    let mut text = String::from('"');
    for (index, byte) in bytes.iter().copied().enumerate() {
        let is_before_digit = bytes.get(index + 1).is_some_and(u8::is_ascii_digit);
        let signs = [(b'\n', 'n'), (b'\r', 'r'), (b'\t', 't'), (0x0b, 'v'), (0x0c, 'f')];
        let signs = signs.into_iter().chain([(b'"', '"'), (b'\\', '\\')]);
        let sign = signs.into_iter().find(|(meant, _)| *meant == byte);
        text += &match sign {
            Some((_, sign)) => format!("\\{sign}"),
            None if byte == b' ' || byte.is_ascii_graphic() => char::from(byte).to_string(),
            None if is_before_digit => format!("\\{byte:03o}"),
            None => format!("\\{byte:o}"),
        };
    }
    text + if is_cut { "\"..." } else { "\"" }
}

/// The bytes of a string of C, as a compiler reads it; none if it is no such string.
fn read_back(text: &str) -> Option<Vec<u8>> {
    let mut rest = text.strip_prefix('"')?.strip_suffix('"')?.as_bytes();
    let mut bytes = Vec::new();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'\\' {
            bytes.push(*first);
            continue;
        }
        let is_octal = |digit: &&u8| (b'0'..b'8').contains(*digit);
        let digits = rest.iter().take(3).take_while(is_octal).count();
        let number = |number: u32, digit: &u8| number * 8 + u32::from(digit - b'0');
        bytes.push(match rest.first()? {
            _ if digits > 0 => rest[..digits].iter().fold(0, number) as u8,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 0x0b,
            b'f' => 0x0c,
            other => *other,
        });
        rest = &rest[digits.max(1)..];
    }
    Some(bytes)
}

fn quote(bytes: &[u8]) -> String {
    let act = |line: &mut Line, _: Memory| {
        decode::quote(line, bytes, false);
        true
    };
    seen(&[], act).0
}

fn any_bytes_can_be_read_back() {
    holds_for(bytes(MOST_BYTES), |bytes| {
        let text = quote(&bytes);
        let is_strange = text.bytes().any(|byte| !(b' '..=b'~').contains(&byte));
        expect((&bytes, "are shown as", &text, "which has other bytes"), is_strange, false);
        expect(("a compiler reads", &text, "as"), read_back(&text), Some(bytes));
    });
}

fn any_bytes_look_as_in_c() {
    holds_for(bytes(MOST_BYTES), |bytes| {
        expect(("quote", &bytes), quote(&bytes), quoted(&bytes, false));
    });
}

fn any_count_is_survived() {
    let count = prop_oneof![0..70_u64, any::<u64>()];
    let place = prop_oneof![4 => Just(START), 1 => select(vec![0, 8, u64::MAX])];
    holds_for((letters(0..=40_usize), count, place), |(memory, count, place)| {
        let answer = seen(&memory, |line, memory| decode::bytes(line, memory, place, count));
        let wanted = count.min(MOST_BYTES as u64) as usize;
        let there = if place == START { memory.get(..wanted) } else { None };
        // Of nothing, nothing has to be there.
        let there = there.or((wanted == 0 && place != 0).then_some(&[]));
        let is_cut = count > MOST_BYTES as u64;
        let expected = there.map_or(nothing(), |there| shown(&quoted(there, is_cut)));
        let input = ("bytes", count, "at", format!("{place:#x}"), "of the memory", &memory);
        expect(input, answer, expected);
    });
}

/// Texts that are shorter, as long as, and longer than what is shown of them.
fn any_text_ends_with_its_zero() {
    let most = || select(vec![MOST_BYTES, MOST_OF_PATH]);
    let cases = most().prop_flat_map(|most| (Just(most), letters(most - 3..most + 4), bytes(4)));
    holds_for(cases, |(most, text, behind)| {
        // There is always as much memory as may be looked at.
        let memory = [&text, &[0][..], &behind, &[b'x'; MOST_OF_PATH]].concat();
        let answer = seen(&memory, |line, memory| decode::text(line, memory, START, most));
        let is_cut = text.len() > most;
        let expected = shown(&quoted(&text[..text.len().min(most)], is_cut));
        expect(("a text of", text.len(), "bytes, at most", most, &text), answer, expected);
    });
}

fn any_text_may_end_with_memory() {
    holds_for((letters(0..20), any::<bool>()), |(text, has_zero)| {
        let memory = if has_zero { [&text[..], &[0]].concat() } else { text.clone() };
        let answer = seen(&memory, |line, memory| decode::text(line, memory, START, MOST_BYTES));
        let expected = if has_zero { shown(&quoted(&text, false)) } else { nothing() };
        expect(("a text, and all the memory there is", &memory), answer, expected);
    });
}

/// Addresses of texts, some of which are bad; and whether a null is behind them.
fn any_list_is_shown() {
    let item = prop_oneof![4 => letters(0..3).prop_map(Some), 1 => Just(None)];
    let count = prop_oneof![0..5_usize, MOST_TEXTS - 1..MOST_TEXTS + 2];
    let lists = count.prop_flat_map(move |count| (vec(item.clone(), count), any::<bool>()));
    holds_for(lists, |(list, has_null)| {
        if list.is_empty() && !has_null {
            return;
        }
        let memory = list_in_memory(&list, has_null);
        let answer =
            seen(&memory, |line, memory| decode::texts(line, memory, start_of_list(&list)));
        let one = |text: &Option<Vec<u8>>| {
            text.as_ref().map_or("0x8".to_owned(), |text| quoted(text, false))
        };
        let mut parts: Vec<String> = list.iter().take(MOST_TEXTS).map(one).collect();
        if list.len() > MOST_TEXTS || !has_null {
            parts.push("...".to_owned());
        }
        let expected = shown(&format!("[{}]", parts.join(", ")));
        let end = if has_null { "then a null" } else { "then nothing more" };
        expect(("a list of", list.len(), &list, end), answer, expected);
    });
}

/// Where in memory the addresses of `list` begin: behind its texts.
fn start_of_list(list: &[Option<Vec<u8>>]) -> u64 {
    START + list.iter().flatten().map(|text| text.len() as u64 + 1).sum::<u64>()
}

/// The texts of `list`, and behind them their addresses, which are all that memory ends with.
fn list_in_memory(list: &[Option<Vec<u8>>], has_null: bool) -> Vec<u8> {
    let (mut memory, mut places) = (Vec::new(), Vec::new());
    for text in list {
        places.push(text.as_ref().map_or(8, |_| START + memory.len() as u64));
        let Some(text) = text else { continue };
        memory.extend_from_slice(text);
        memory.push(0);
    }
    places.extend(has_null.then_some(0));
    memory.extend(places.into_iter().flat_map(u64::to_le_bytes));
    memory
}

fn any_bad_list_is_an_address() {
    let place = prop_oneof![Just(0), Just(8), Just(u64::MAX), START..START + 64];
    holds_for((place, 0..8_usize), |(place, length)| {
        let memory = vec![b'a'; length];
        let answer = seen(&memory, |line, memory| decode::texts(line, memory, place));
        let input = ("a list at", format!("{place:#x}"), "of a memory of", length, "bytes");
        expect(input, answer, nothing());
    });
}
