//! Arguments and results as text, with your decoder in it: the kernel takes this file for its own
//! `show.rs`.
//!
//! Given, not to be written. Numbers, flags, times and results are shown here; bytes and texts,
//! which are in the memory of a program, by `decode.rs`.
//!
//! ```text
//!  strace.rs ── Shown ──> mod.rs ── bytes, text, texts ──> decode.rs
//! ```

use core::fmt::Write;

use super::Kind;
use super::errors;
use super::line::Line;
use super::names::{choice, clone_flags, flags, signal};
use given::{MOST_OF_PATH, address, word};

#[forbid(unsafe_code)]
#[allow(dead_code, unused_imports, reason = "until its holes are filled")]
mod decode;
#[allow(dead_code, reason = "some of it is unused until the holes are filled")]
mod given;
#[cfg(feature = "ktest")]
mod tests;

pub use given::Memory;

/// The chapter's own, which has nothing to do meanwhile.
const _: fn(&mut Line, &[u8], bool) = super::quote::quote;
const _: () = assert!(super::quote::MOST_BYTES == given::MOST_BYTES);

/// The most texts of an environment that are counted.
const MOST_VARIABLES: u64 = 4096;

/// The directory that a path starts from if no other is named. (Linux, `AT_FDCWD`.)
const CURRENT_FOLDER: i32 = -100;

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
            (Kind::Output, Some(bytes)) => decode::bytes(line, self.memory, value, bytes as u64),
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
            Kind::Text => return decode::text(line, self.memory, value, MOST_OF_PATH),
            Kind::Texts => return decode::texts(line, self.memory, value),
            Kind::Environment => return self.environment(line, value),
            Kind::Input(length) => {
                return decode::bytes(line, self.memory, value, self.arguments[length]);
            }
            Kind::Time => return self.time(line, value),
            Kind::IntAt => return self.int(line, value),
            Kind::StatusAt => return self.status(line, value),
            Kind::Address | Kind::Output | Kind::Got(_) => return false,
        }
        true
    }

    /// Shows how many texts there are whose addresses are at `place`.
    fn environment(&self, line: &mut Line, place: u64) -> bool {
        if word(self.memory, place).is_none() {
            return false;
        }
        let mut words =
            (0..MOST_VARIABLES).map(|index| word(self.memory, place.saturating_add(index * 8)));
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
        let [seconds, nanoseconds] =
            [place, place.saturating_add(8)].map(|at| word(self.memory, at));
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
