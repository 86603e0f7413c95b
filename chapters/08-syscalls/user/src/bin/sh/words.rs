//! From a line to words: where one ends, what quotes mean, and what variables stand for.
//!
//! - Between `'` and `'` everything stands for itself.
//! - Between `"` and `"` everything does but `$NAME`, and `\` before `"`, `\` and `$`.
//! - Elsewhere, `\` makes the next byte stand for itself, a blank ends a word, `&` ends a command
//!   and puts it into the background, and `#` at the start of a word ends the line.

use alloc::vec::Vec;
use core::fmt;
use core::mem;

use crate::variables::{Variables, is_name};

/// The commands of a line.
pub struct Line {
    pub orders: Vec<Order>,
}

/// A command: its words, of which there is at least one.
pub struct Order {
    pub words: Vec<Word>,
    pub is_background: bool,
}

/// A word, with quotes gone and variables put in.
#[derive(Default)]
pub struct Word {
    pub bytes: Vec<u8>,
    /// Where an unquoted `=` is, behind what may be a name.
    equals: Option<usize>,
    /// Whether a part of it was quoted: then it is a word even if nothing is in it.
    is_quoted: bool,
}

impl Word {
    /// The name and the value, if the word is `NAME=value`.
    pub fn assignment(&self) -> Option<(&[u8], &[u8])> {
        let (name, value) = self.bytes.split_at(self.equals?);
        Some((name, &value[1..]))
    }
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyntaxError {
    /// A quote begins and does not end.
    OpenQuote(u8),
    /// There is nothing for `&` to run.
    NoCommand,
    /// This shell does not know what this means.
    Unknown(u8),
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match *self {
            Self::OpenQuote(quote) => write!(f, "a {} does not end", char::from(quote)),
            Self::NoCommand => write!(f, "no command before &"),
            Self::Unknown(byte) => write!(f, "this shell has no {}", char::from(byte)),
        }
    }
}

/// Splits `line` into commands and words.
pub fn split(line: &[u8], variables: &Variables) -> Result<Line, SyntaxError> {
    let mut splitter = Splitter { rest: line, variables, word: None, words: Vec::new() };
    let mut orders = Vec::new();
    loop {
        let is_background = splitter.command()?;
        let words = mem::take(&mut splitter.words);
        match (words.is_empty(), is_background) {
            (false, _) => orders.push(Order { words, is_background }),
            (true, true) => return Err(SyntaxError::NoCommand),
            (true, false) => {}
        }
        if !is_background {
            return Ok(Line { orders });
        }
    }
}

struct Splitter<'a> {
    rest: &'a [u8],
    variables: &'a Variables,
    /// The word that has begun.
    word: Option<Word>,
    words: Vec<Word>,
}

impl Splitter<'_> {
    /// Gathers the words of a command; says whether an `&` ended it.
    fn command(&mut self) -> Result<bool, SyntaxError> {
        while let Some(byte) = self.next() {
            match byte {
                b' ' | b'\t' => self.end_word(),
                b'#' if self.word.is_none() => self.rest = &[],
                b'&' => {
                    self.end_word();
                    return Ok(true);
                }
                b'\'' => self.single_quoted()?,
                b'"' => self.double_quoted()?,
                b'\\' => self.escaped(),
                b'$' => self.variable(),
                b'=' => self.equals(),
                b';' | b'|' | b'<' | b'>' | b'(' | b')' | b'`' => {
                    return Err(SyntaxError::Unknown(byte));
                }
                byte => self.push(byte),
            }
        }
        self.end_word();
        Ok(false)
    }

    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn word(&mut self) -> &mut Word {
        self.word.get_or_insert_default()
    }

    fn push(&mut self, byte: u8) {
        self.word().bytes.push(byte);
    }

    fn end_word(&mut self) {
        let is_word = |word: &Word| word.is_quoted || !word.bytes.is_empty();
        self.words.extend(self.word.take().filter(is_word));
    }

    fn escaped(&mut self) {
        self.word().is_quoted = true;
        let byte = self.next().unwrap_or(b'\\');
        self.push(byte);
    }

    fn equals(&mut self) {
        let word = self.word();
        if word.equals.is_none() && !word.is_quoted && is_name(&word.bytes) {
            word.equals = Some(word.bytes.len());
        }
        self.push(b'=');
    }

    fn single_quoted(&mut self) -> Result<(), SyntaxError> {
        self.word().is_quoted = true;
        loop {
            match self.next() {
                Some(b'\'') => return Ok(()),
                Some(byte) => self.push(byte),
                None => return Err(SyntaxError::OpenQuote(b'\'')),
            }
        }
    }

    fn double_quoted(&mut self) -> Result<(), SyntaxError> {
        self.word().is_quoted = true;
        loop {
            match self.next() {
                Some(b'"') => return Ok(()),
                Some(b'$') => self.variable(),
                Some(b'\\') if matches!(self.rest.first(), Some(b'"' | b'\\' | b'$')) => {
                    self.escaped();
                }
                Some(byte) => self.push(byte),
                None => return Err(SyntaxError::OpenQuote(b'"')),
            }
        }
    }

    /// Puts in what the variable behind a `$` stands for; a `$` before no name is a `$`.
    fn variable(&mut self) {
        let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
        let length = match self.rest.first() {
            Some(b'?' | b'$' | b'!') => 1,
            Some(first) if first.is_ascii_digit() => 1,
            _ => self.rest.iter().take_while(is_part).count(),
        };
        let (name, rest) = self.rest.split_at(length);
        self.rest = rest;
        match name {
            [] => self.push(b'$'),
            name => {
                let value = self.variables.get(name);
                self.word().bytes.extend(value);
            }
        }
    }
}
