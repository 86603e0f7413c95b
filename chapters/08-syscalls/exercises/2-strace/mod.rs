//! Arguments and results as text, with your decoder in it: the kernel takes this file for its own
//! `show.rs`.
//!
//! Given, not to be written. Numbers, flags and results are shown here; bytes and texts, which are
//! in the memory of a program, by `decode.rs`.
//!
//! ```text
//!  strace.rs ── Shown ──> mod.rs ── bytes, text, texts ──> decode.rs
//! ```

use core::fmt::Write;

use super::Kind;
use super::errors;
use super::line::Line;
use super::names::{choice, clone_flags, flags, open_flags, signal};
use super::structures;
use given::{MOST_OF_PATH, address};

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
        let is_later = |kind| matches!(kind, Kind::Got(_) | Kind::Output | Kind::Outputs(_));
        let mut kinds = (0..self.kinds.len()).map(|index| self.kind(index));
        let count = kinds.position(|kind| kind.is_some_and(is_later)).unwrap_or(self.kinds.len());
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
            Ok(value) if self.name == "umask" => print(line, format_args!("0{value:02o}")),
            Ok(value) => print(line, format_args!("{}", value as i64)),
            Err(number) => error(line, number),
        }
    }

    /// Shows that there will be no answer.
    pub fn end_without_answer(&self, line: &mut Line) {
        line.begin_end();
        line.put(") = ?");
    }

    /// What the argument `index` is, if the others want it.
    fn kind(&self, index: usize) -> Option<Kind> {
        match self.kinds[index] {
            Kind::Depends(kind) => kind(self.arguments),
            kind => Some(kind),
        }
    }

    /// Shows the argument `index`. What was left at an address is looked at if there is a `result`.
    fn argument(&self, line: &mut Line, index: usize, result: Option<usize>) {
        let Some(kind) = self.kind(index) else { return };
        if index > 0 {
            line.put(", ");
        }
        let value = self.arguments[index];
        let is_shown = match (kind, result) {
            (Kind::Output, Some(bytes)) => decode::bytes(line, self.memory, value, bytes as u64),
            (Kind::Outputs(count), _) => self.pieces(line, value, count, result),
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
            Kind::Offset => print(line, format_args!("{}", value as i64)),
            Kind::Hex => structures::hexadecimal(line, value, "0"),
            Kind::Mode => print(line, format_args!("0{:02o}", value as u32)),
            Kind::Descriptor if value as i32 == CURRENT_FOLDER => line.put("AT_FDCWD"),
            Kind::Descriptor => print(line, format_args!("{}", value as i32)),
            Kind::Signal => signal(line, value as u32),
            Kind::Flags(names) => flags(line, value as u32, names),
            Kind::CloneFlags(names) => clone_flags(line, value as u32, names),
            Kind::OpenFlags(names) => open_flags(line, value as u32, names),
            Kind::Choice(names) => choice(line, value as u32, names),
            Kind::Text => return decode::text(line, self.memory, value, MOST_OF_PATH),
            Kind::Texts => return decode::texts(line, self.memory, value),
            Kind::Environment => return structures::environment(line, self.memory, value),
            Kind::Input(length) => {
                return decode::bytes(line, self.memory, value, self.arguments[length]);
            }
            Kind::Inputs(count) => return self.pieces(line, value, count, Some(usize::MAX)),
            Kind::Time => return structures::time(line, self.memory, value),
            Kind::IntAt => return structures::ints::<1>(line, self.memory, value),
            Kind::Pair => return structures::ints::<2>(line, self.memory, value),
            Kind::Stat => return structures::stat(line, self.memory, value),
            Kind::StatusAt => return structures::status(line, self.memory, value),
            Kind::Address | Kind::Output | Kind::Outputs(_) | Kind::Got(_) => return false,
            Kind::Depends(_) => return false,
        }
        true
    }

    /// Shows the bytes in pieces whose addresses are at `place`; argument number `count` says how
    /// many there are. Of all of them as many bytes are shown as there are by `bytes`.
    fn pieces(&self, line: &mut Line, place: u64, count: usize, bytes: Option<usize>) -> bool {
        let show = |line: &mut Line, place, count| decode::bytes(line, self.memory, place, count);
        structures::pieces(line, self.memory, (place, self.arguments[count]), bytes, &show)
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
