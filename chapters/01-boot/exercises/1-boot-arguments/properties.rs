//! The arguments of any text, against a definition that goes through it letter by letter.

use boot_arguments::arguments;
use exercise_host::{Property, holds_for, properties};
use ktest::expect;
use proptest::collection::vec;
use proptest::sample::select;

#[allow(dead_code, reason = "the kernel's tests use the rest")]
#[forbid(unsafe_code)]
mod boot_arguments;

/// What is tried.
pub const PROPERTIES: &[Property] = properties![any_text_is_taken_apart];

/// A key and its value, if it has one.
type Pair = (String, Option<String>);

/// Where in an argument a letter stands.
#[derive(Clone, Copy, PartialEq)]
enum State {
    Between,
    Key,
    /// Right behind the `=`.
    Start,
    Value,
    Quoted,
}

/// The pairs of `text`, by definition.
fn pairs(text: &str) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = Vec::new();
    let mut state = State::Between;
    for letter in text.chars() {
        state = step(&mut pairs, state, letter);
    }
    pairs
}

fn step(pairs: &mut Vec<Pair>, state: State, letter: char) -> State {
    let last = pairs.len().wrapping_sub(1);
    match (state, letter) {
        (State::Quoted, '"') => return State::Between,
        (State::Between | State::Key | State::Start | State::Value, ' ' | '\t') => {
            return State::Between;
        }
        (State::Between, '=') => {
            pairs.push((String::new(), Some(String::new())));
            return State::Start;
        }
        (State::Between, _) => pairs.push((letter.into(), None)),
        (State::Key, '=') => {
            pairs[last].1 = Some(String::new());
            return State::Start;
        }
        (State::Start, '"') => return State::Quoted,
        (State::Key, _) => pairs[last].0.push(letter),
        (State::Start | State::Value | State::Quoted, _) => {
            pairs[last].1.get_or_insert_default().push(letter);
        }
    }
    match state {
        State::Between | State::Key => State::Key,
        State::Start | State::Value => State::Value,
        State::Quoted => State::Quoted,
    }
}

fn any_text_is_taken_apart() {
    let pieces = vec![" ", "\t", "=", "\"", "a", "b", "quiet", "ü"];
    holds_for(vec(select(pieces), 0..12), |pieces| {
        let text = pieces.concat();
        // No text has more arguments than letters: whoever never ends is found out.
        let seen = arguments(&text).take(text.len() + 1);
        let seen: Vec<Pair> =
            seen.map(|one| (one.key.into(), one.value.map(str::to_string))).collect();
        expect(&text, seen, pairs(&text));
    });
}
