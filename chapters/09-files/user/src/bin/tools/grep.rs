//! `grep`: prints the lines of files in which a pattern is found.
//!
//! - `-i` makes no difference between `a` and `A`, `-v` prints the other lines, `-n` says their
//!   numbers.
//! - `-c` says how many there are, `-l` in which files there is one, `-q` nothing.
//! - `-r` looks into all files below folders.
//!
//! The status is 0 if something was found, 1 if not, 2 after an error.

use alloc::format;
use alloc::vec::Vec;
use core::ffi::CStr;

use user::folder;
use user::status::{Kind, Status, lstat, stat};
use user::syscall::Errno;

use crate::options::{Letters, Options};
use crate::output::Output;
use crate::pattern::{Case, Pattern};
use crate::reader::{INPUT, Reader, or_input};
use crate::report::{complain, fail};
use crate::{WRONG_USE, Words, paths};

const LETTERS: Letters = Letters { tool: "grep", flags: "ivnclqrhH", valued: "e" };

pub fn run(words: Words) -> u8 {
    let mut options = match LETTERS.parse(words) {
        Ok(options) => options,
        Err(status) => return status,
    };
    let text = match options.value(b'e') {
        Some(text) => text,
        None if options.operands.is_empty() => {
            complain(LETTERS.tool, b"usage", "grep [-ivnclqrhH] PATTERN [FILE]...");
            return WRONG_USE;
        }
        None => options.operands.remove(0).to_bytes(),
    };
    let case = if options.has(b'i') { Case::Ignored } else { Case::Matters };
    let pattern = match Pattern::parse(text, case) {
        Ok(pattern) => pattern,
        Err(error) => {
            complain(LETTERS.tool, text, error);
            return WRONG_USE;
        }
    };
    let mut search = Search::new(&options, pattern);
    if options.has(b'r') {
        let here = options.operands.is_empty();
        let folders = if here { Vec::from([c""]) } else { options.operands.clone() };
        folders.iter().for_each(|path| search.below(path, Named::ByPerson));
    } else {
        or_input(&options.operands).iter().for_each(|path| search.file(path));
    }
    match search {
        Search { has_found: true, .. } if options.has(b'q') => 0,
        Search { has_failed: true, .. } => WRONG_USE,
        Search { has_found, .. } => u8::from(!has_found),
    }
}

/// Who has said to look at a file: symbolic links are followed for a person only.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Named {
    ByPerson,
    InFolder,
}

/// A run of the tool.
struct Search<'a> {
    options: &'a Options,
    pattern: Pattern,
    output: Output,
    /// Whether lines begin with the name of their file.
    has_names: bool,
    has_found: bool,
    has_failed: bool,
}

impl<'a> Search<'a> {
    fn new(options: &'a Options, pattern: Pattern) -> Self {
        let is_many = options.operands.len() > 1 || options.has(b'r');
        let has_names = (is_many || options.has(b'H')) && !options.has(b'h');
        let output = Output::new(LETTERS.tool);
        Self { options, pattern, output, has_names, has_found: false, has_failed: false }
    }

    /// Looks into the file at `path`, or into all that are in the folder there.
    fn below(&mut self, path: &CStr, named: Named) {
        let place = if path.is_empty() { c"." } else { path };
        let status = if named == Named::ByPerson { stat(place) } else { lstat(place) };
        match status.as_ref().map(Status::kind) {
            Err(error) => self.fail(path, *error),
            Ok(Some(Kind::Folder)) => match folder::names(place) {
                Ok(names) => names.iter().for_each(|name| {
                    self.below(&paths::join(path, name.to_bytes()), Named::InFolder);
                }),
                Err(error) => self.fail(path, error),
            },
            Ok(Some(Kind::File)) => self.file(path),
            // Pipes and devices do not end, and a link leads to what is looked into elsewhere.
            Ok(_) if named == Named::InFolder => {}
            Ok(_) => self.file(path),
        }
    }

    fn fail(&mut self, path: &CStr, error: Errno) {
        self.output.flush();
        fail(LETTERS.tool, path.to_bytes(), error);
        self.has_failed = true;
    }

    fn file(&mut self, path: &CStr) {
        let name = if path == INPUT { b"(standard input)" } else { path.to_bytes() };
        let outcome = Reader::open(path).and_then(|reader| self.lines(reader, name));
        match outcome {
            Ok(count) => {
                self.has_found |= count > 0;
                if self.options.has(b'c') && !self.is_silent() {
                    self.print(name, format!("{count}").as_bytes());
                }
                if self.options.has(b'l') && !self.options.has(b'q') && count > 0 {
                    self.output.line(name);
                }
            }
            Err(error) => self.fail(path, error),
        }
    }

    /// Looks at each line; says in how many the pattern is, or that there is one if that is all
    /// that matters.
    fn lines(&mut self, mut reader: Reader, name: &[u8]) -> Result<u64, Errno> {
        let (mut line, mut count) = (Vec::new(), 0);
        let mut number = 0;
        while reader.line(&mut line)? {
            number += 1;
            if self.pattern.is_in(&line) == self.options.has(b'v') {
                continue;
            }
            count += 1;
            if self.is_silent() {
                return Ok(count);
            }
            if self.options.has(b'c') {
                continue;
            }
            if self.options.has(b'n') {
                let numbered = [format!("{number}:").as_bytes(), &line].concat();
                self.print(name, &numbered);
            } else {
                self.print(name, &line);
            }
        }
        Ok(count)
    }

    /// Whether lines are not printed, nor counted.
    fn is_silent(&self) -> bool {
        self.options.has(b'q') || self.options.has(b'l')
    }

    fn print(&mut self, name: &[u8], line: &[u8]) {
        if self.has_names {
            self.output.write(&[name, b":"].concat());
        }
        self.output.line(line);
    }
}
