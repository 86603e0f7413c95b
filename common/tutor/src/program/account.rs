//! The console of a kernel that runs one program, taken apart: what the kernel says, what the
//! program prints, and how the program ends.
//!
//! ```text
//!  strata 08-syscalls on x86_64      the kernel's, to the line that names the program
//!  …
//!  init: bin/hello
//!  hello from user space             the program's, byte for byte
//!  init: bin/hello: exited with 0    the kernel's: the very last line
//! ```
//!
//! On its way each line feed has got a carriage return before it, which is taken away again, and
//! only that one. The last line may stand behind text without an end, and a program may print such
//! a line itself; but nothing follows the kernel's. So a text that may be it waits until it is
//! clear.
//!
//! A kernel may also speak while the program runs: it says that one was killed, or lists its system
//! calls. Where it was asked to, by [`WORD`], it puts [`BEGIN`] and [`END`] around all that it says
//! from the line with the program's name on, and [`QUOTE`] before each of the three in what a
//! program prints.
//!
//! The end of the very last line may be missing. A PC's serial port takes a byte while it sends
//! another, and what it has not sent when the kernel switches off is lost: where we are slow to
//! take what it sends, those are two bytes. So a last line counts if all of its words are there.

use build_support::{End, signal};

/// The boot argument that has the kernel mark what it says.
pub const WORD: &str = "marked";

/// Comes before what the kernel says: the control character "shift out".
const BEGIN: u8 = 0x0e;
/// Comes behind it: "shift in".
const END: u8 = 0x0f;
/// Comes before a byte of the program's that would be taken for one of these: "data link escape".
const QUOTE: u8 = 0x10;

/// Who has printed something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// The kernel, before the program began.
    Boot,
    /// The kernel, while the program ran or behind it.
    Kernel,
    /// The program.
    Program,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// The program has not begun.
    Before,
    /// It has, and the kernel does not mark what it says.
    Plain,
    /// It has, and the program speaks.
    Marked,
    /// The same; a byte that is quoted comes next.
    Quoted,
    /// The kernel speaks, between two marks.
    Interposed,
}

/// What was heard of a run.
#[derive(Clone, Debug)]
pub struct Account {
    /// What begins the lines about the program: `init: bin/hello`.
    start: Vec<u8>,
    stage: Stage,
    /// Whether the last byte was a carriage return, which may belong to a line feed.
    has_return: bool,
    /// The line, or what may become one, that is not told yet.
    held: Vec<u8>,
    /// What the program has printed before that, and is told when there is no more for now.
    ready: Vec<u8>,
    end: Option<End>,
}

impl Account {
    /// The account of a run of the program at `path`.
    pub fn new(path: &str) -> Self {
        let start = format!("init: {path}").into_bytes();
        let (held, ready) = (Vec::new(), Vec::new());
        Self { start, stage: Stage::Before, has_return: false, held, ready, end: None }
    }

    /// Takes what came next; `tell` gets what it means, in pieces.
    pub fn hear(&mut self, bytes: &[u8], tell: &mut impl FnMut(Speaker, &[u8])) {
        for byte in bytes {
            if std::mem::take(&mut self.has_return) && *byte != b'\n' {
                self.take(b'\r', tell);
            }
            match byte {
                b'\r' => self.has_return = true,
                _ => self.take(*byte, tell),
            }
        }
        if self.stage == Stage::Marked {
            self.release(Speaker::Program, tell);
        }
        self.tell_ready(tell);
    }

    /// Tells what was held back; how the program ended, if the kernel has said so.
    pub fn finish(mut self, tell: &mut impl FnMut(Speaker, &[u8])) -> Option<End> {
        let has_return = std::mem::take(&mut self.has_return);
        match self.stage {
            Stage::Plain => self.end = self.end_in(&self.held),
            Stage::Interposed if has_return || self.held.ends_with(b"\n") => {
                self.end = self.end_in(&self.held).or(self.end);
            }
            _ => {}
        }
        let is_part_of_end = self.stage == Stage::Plain && self.end.is_some();
        if has_return && !is_part_of_end {
            self.take(b'\r', tell);
        }
        self.tell_ready(tell);
        let speaker = match self.stage {
            Stage::Before => Speaker::Boot,
            Stage::Plain if self.end.is_none() => Speaker::Program,
            Stage::Marked | Stage::Quoted => Speaker::Program,
            Stage::Plain | Stage::Interposed => Speaker::Kernel,
        };
        self.release(speaker, tell);
        self.end
    }

    /// Takes one byte as it was printed.
    fn take(&mut self, byte: u8, tell: &mut impl FnMut(Speaker, &[u8])) {
        match self.stage {
            Stage::Before => self.take_before(byte, tell),
            Stage::Plain => self.take_plain(byte),
            Stage::Marked if byte == QUOTE => self.stage = Stage::Quoted,
            Stage::Marked if byte == BEGIN => {
                self.release(Speaker::Program, tell);
                self.stage = Stage::Interposed;
            }
            Stage::Marked => self.held.push(byte),
            Stage::Quoted => {
                self.held.push(byte);
                self.stage = Stage::Marked;
            }
            Stage::Interposed if byte == END => {
                self.end = self.end_in(&self.held).or(self.end);
                self.release(Speaker::Kernel, tell);
                self.stage = Stage::Marked;
            }
            Stage::Interposed => self.held.push(byte),
        }
    }

    /// Looks for the line that names the program.
    fn take_before(&mut self, byte: u8, tell: &mut impl FnMut(Speaker, &[u8])) {
        self.held.push(byte);
        let is_marked = self.held.first() == Some(&BEGIN);
        let line = &self.held[usize::from(is_marked)..];
        let last = if is_marked { END } else { b'\n' };
        if byte == last && line.strip_prefix(&self.start[..]).is_some_and(is_rest_of_line) {
            self.stage = if is_marked { Stage::Marked } else { Stage::Plain };
            self.release(Speaker::Kernel, tell);
        } else if byte == last {
            self.release(Speaker::Boot, tell);
        }
    }

    /// Holds back what may be the kernel's last line.
    fn take_plain(&mut self, byte: u8) {
        self.held.push(byte);
        while !self.may_be_the_end() {
            self.ready.push(self.held.remove(0));
        }
    }

    /// Whether what is held is the kernel's last line, or its beginning, or nothing.
    fn may_be_the_end(&self) -> bool {
        let known = self.held.len().min(self.start.len());
        if self.held[..known] != self.start[..known] {
            return false;
        }
        let rest = &self.held[known..];
        let endings: [&[u8]; 2] = [b": exited with ", b": killed by "];
        endings.iter().any(|ending| {
            let known = rest.len().min(ending.len());
            rest[..known] == ending[..known] && is_word_of_line(&rest[known..])
        })
    }

    /// The end of the program that the kernel tells of in `text`.
    fn end_in(&self, text: &[u8]) -> Option<End> {
        let text = std::str::from_utf8(text.strip_prefix(&self.start[..])?).ok()?.trim_end();
        if let Some(status) = text.strip_prefix(": exited with ") {
            return status.parse().ok().map(End::Status);
        }
        let name = text.strip_prefix(": killed by ")?;
        let number = name.strip_prefix("signal ").and_then(|number| number.parse().ok());
        signal(name).or(number).map(End::Signal)
    }

    fn tell_ready(&mut self, tell: &mut impl FnMut(Speaker, &[u8])) {
        if !self.ready.is_empty() {
            tell(Speaker::Program, &self.ready);
            self.ready.clear();
        }
    }

    fn release(&mut self, speaker: Speaker, tell: &mut impl FnMut(Speaker, &[u8])) {
        if !self.held.is_empty() {
            tell(speaker, &self.held);
            self.held.clear();
        }
    }
}

/// Whether nothing but the end of a line is left.
fn is_rest_of_line(rest: &[u8]) -> bool {
    rest.iter().all(|byte| matches!(*byte, b'\n' | END))
}

/// Whether `text` is a status or the name of a signal, with or without its line feed, or nothing.
fn is_word_of_line(text: &[u8]) -> bool {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    text.len() <= 16 && text.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b' ')
}

#[cfg(test)]
mod tests;
