//! Arguments and results as text, in the form that Linux's `strace` has.
//!
//! Whether an argument is a number, a text or a set of flags, nobody can see by looking at it; the
//! call's descriptor says so. What an address points to is in the program's memory, which the
//! program may have told us wrong: then the address itself is shown.
//!
//! `man 1 strace`.

use core::fmt::Write;

use super::Kind;
use super::errors;
use super::line::Line;
use super::names::{choice, clone_flags, flags, signal};
use super::quote::{self, MOST_BYTES};

/// The most bytes of a text that are shown if it stands for itself: a path, which is of little use
/// without its end.
const MOST_OF_PATH: usize = 128;

/// The most texts of a list that are shown.
const MOST_TEXTS: u64 = 16;

/// The most texts of an environment that are counted.
const MOST_VARIABLES: u64 = 4096;

/// Bytes of an address.
const WORD: u64 = 8;

/// The directory that a path starts from if no other is named. (Linux, `AT_FDCWD`.)
const CURRENT_FOLDER: i32 = -100;

/// Copies what is at an address of the program's memory; says whether all of it is there.
pub type Memory<'a> = &'a dyn Fn(u64, &mut [u8]) -> bool;

/// A call, and what its arguments mean.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    /// What it is called.
    pub name: &'a str,
    /// What it takes.
    pub kinds: &'a [Kind],
    /// What was passed.
    pub arguments: [u64; 6],
    /// The memory that addresses are looked up in.
    pub memory: Memory<'a>,
}

impl Shown<'_> {
    /// Shows the call, up to the first argument that only the result tells more of: its number is
    /// the result.
    pub fn begin(&self, line: &mut Line) -> usize {
        line.put(self.name);
        line.put("(");
        let is_later = |kind: &Kind| matches!(kind, Kind::Got(_) | Kind::Output);
        let count = self.kinds.iter().position(is_later).unwrap_or(self.kinds.len());
        (0..count).for_each(|index| self.argument(line, index, None));
        count
    }

    /// Shows the arguments from number `first` on, and what the call has answered.
    pub fn end(&self, line: &mut Line, first: usize, result: Result<usize, u32>) {
        (first..self.kinds.len()).for_each(|index| self.argument(line, index, result.ok()));
        line.begin_end();
        line.put(") = ");
        match result {
            Ok(value) if is_address(self.name) => print(line, format_args!("{value:#x}")),
            Ok(value) => print(line, format_args!("{}", value as i64)),
            Err(number) => error(line, number),
        }
    }

    /// Shows that there will be no answer.
    pub fn end_without_answer(&self, line: &mut Line) {
        line.begin_end();
        line.put(") = ?");
    }

    /// Shows the argument `index`. What was left at an address is looked at if there is a `result`.
    fn argument(&self, line: &mut Line, index: usize, result: Option<usize>) {
        if index > 0 {
            line.put(", ");
        }
        let value = self.arguments[index];
        let is_shown = match (self.kinds[index], result) {
            (Kind::Output, Some(bytes)) => self.bytes(line, value, bytes as u64),
            (Kind::Got(Kind::StatusAt), Some(0)) => false,
            (Kind::Got(kind), Some(_)) => self.value(line, *kind, value),
            (Kind::Output | Kind::Got(_), None) => false,
            (kind, _) => self.value(line, kind, value),
        };
        if !is_shown {
            address(line, value);
        }
    }

    /// Shows `value`, unless it is an address where there is nothing.
    fn value(&self, line: &mut Line, kind: Kind, value: u64) -> bool {
        match kind {
            Kind::Int => print(line, format_args!("{}", value as i32)),
            Kind::Size => print(line, format_args!("{value}")),
            Kind::Mode => print(line, format_args!("0{:02o}", value as u32)),
            Kind::Descriptor if value as i32 == CURRENT_FOLDER => line.put("AT_FDCWD"),
            Kind::Descriptor => print(line, format_args!("{}", value as i32)),
            Kind::Signal => signal(line, value as u32),
            Kind::Flags(names) => flags(line, value as u32, names),
            Kind::CloneFlags(names) => clone_flags(line, value as u32, names),
            Kind::Choice(names) => choice(line, value as u32, names),
            Kind::Text => return self.text(line, value, MOST_OF_PATH),
            Kind::Texts => return self.texts(line, value),
            Kind::Environment => return self.environment(line, value),
            Kind::Input(length) => return self.bytes(line, value, self.arguments[length]),
            Kind::Time => return self.time(line, value),
            Kind::IntAt => return self.int(line, value),
            Kind::StatusAt => return self.status(line, value),
            Kind::Address | Kind::Output | Kind::Got(_) => return false,
        }
        true
    }

    /// Shows the `count` bytes at `place`, or the first of them.
    fn bytes(&self, line: &mut Line, place: u64, count: u64) -> bool {
        let mut bytes = [0; MOST_BYTES];
        let shown = usize::try_from(count).map_or(MOST_BYTES, |count| count.min(MOST_BYTES));
        if place == 0 || shown > 0 && !(self.memory)(place, &mut bytes[..shown]) {
            return false;
        }
        quote::quote(line, &bytes[..shown], count > MOST_BYTES as u64);
        true
    }

    /// Shows the text at `place`, or the first `most` bytes of it.
    fn text(&self, line: &mut Line, place: u64, most: usize) -> bool {
        let mut bytes = [0; MOST_OF_PATH + 1];
        for index in 0..=most {
            let place = place.saturating_add(index as u64);
            if !(self.memory)(place, &mut bytes[index..=index]) {
                return false;
            }
            if bytes[index] == 0 {
                quote::quote(line, &bytes[..index], false);
                return true;
            }
        }
        quote::quote(line, &bytes[..most], true);
        true
    }

    /// Shows the texts whose addresses are at `place`, or the first of them.
    fn texts(&self, line: &mut Line, place: u64) -> bool {
        if self.word(place).is_none() {
            return false;
        }
        line.put("[");
        for index in 0.. {
            let text = self.word(place.saturating_add(index * WORD));
            if text == Some(0) {
                break;
            }
            line.put(if index > 0 { ", " } else { "" });
            match text {
                Some(text) if index < MOST_TEXTS => {
                    if !self.text(line, text, MOST_BYTES) {
                        address(line, text);
                    }
                }
                _ => {
                    line.put("...");
                    break;
                }
            }
        }
        line.put("]");
        true
    }

    /// Shows how many texts there are whose addresses are at `place`.
    fn environment(&self, line: &mut Line, place: u64) -> bool {
        if self.word(place).is_none() {
            return false;
        }
        let mut words = (0..MOST_VARIABLES).map(|index| self.word(place.saturating_add(index * 8)));
        let mut count = 0;
        let last = words.find(|word| {
            count += 1;
            word.is_none_or(|word| word == 0)
        });
        let count = if last.is_some() { count - 1 } else { count };
        let noun = if count == 1 { "var" } else { "vars" };
        let end = if last == Some(Some(0)) { "" } else { ", unterminated" };
        print(line, format_args!("{place:#x} /* {count} {noun}{end} */"));
        true
    }

    /// Shows the `struct timespec` at `place`.
    fn time(&self, line: &mut Line, place: u64) -> bool {
        let [seconds, nanoseconds] = [place, place.saturating_add(WORD)].map(|at| self.word(at));
        let (Some(seconds), Some(nanoseconds)) = (seconds, nanoseconds) else { return false };
        let [seconds, nanoseconds] = [seconds, nanoseconds].map(u64::cast_signed);
        print(line, format_args!("{{tv_sec={seconds}, tv_nsec={nanoseconds}}}"));
        true
    }

    /// Shows the number at `place`.
    fn int(&self, line: &mut Line, place: u64) -> bool {
        let Some(int) = self.half(place) else { return false };
        print(line, format_args!("[{}]", int.cast_signed()));
        true
    }

    /// Shows how a process has ended, as it stands at `place`.
    fn status(&self, line: &mut Line, place: u64) -> bool {
        let Some(status) = self.half(place) else { return false };
        match status & 0x7f {
            0 => {
                let code = status >> 8 & 0xff;
                print(line, format_args!("[{{WIFEXITED(s) && WEXITSTATUS(s) == {code}}}]"));
            }
            number => {
                line.put("[{WIFSIGNALED(s) && WTERMSIG(s) == ");
                signal(line, number);
                line.put("}]");
            }
        }
        true
    }

    /// The word of 64 bits at `place`.
    fn word(&self, place: u64) -> Option<u64> {
        let mut bytes = [0; 8];
        (self.memory)(place, &mut bytes).then_some(u64::from_le_bytes(bytes))
    }

    /// The word of 32 bits at `place`.
    fn half(&self, place: u64) -> Option<u32> {
        let mut bytes = [0; 4];
        (self.memory)(place, &mut bytes).then_some(u32::from_le_bytes(bytes))
    }
}

/// Whether the call called `name` answers with an address.
fn is_address(name: &str) -> bool {
    matches!(name, "brk" | "mmap" | "mremap")
}

fn address(line: &mut Line, value: u64) {
    match value {
        0 => line.put("NULL"),
        _ => print(line, format_args!("{value:#x}")),
    }
}

fn error(line: &mut Line, number: u32) {
    match errors::describe(number) {
        Some((name, text)) => print(line, format_args!("-1 {name} ({text})")),
        None => print(line, format_args!("-1 (errno {number})")),
    }
}

fn print(line: &mut Line, text: core::fmt::Arguments) {
    // A line never fails: what does not fit in is left out.
    let _ = line.write_fmt(text);
}
