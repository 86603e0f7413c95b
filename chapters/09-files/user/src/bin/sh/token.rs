//! From a text to tokens: words, and the operators between them.
//!
//! - Between `'` and `'` everything stands for itself.
//! - Between `"` and `"` everything does but `$NAME`, and `\` before `"`, `\`, `$` and the end of a
//!   line.
//! - Elsewhere, `\` makes the next byte stand for itself, a blank ends a word, and `#` at the start
//!   of a word makes the rest of the line a comment.
//! - `\` before the end of a line joins it with the next one.
//!
//! (POSIX.1-2017, Shell Command Language, 2.2 and 2.3.)

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::tree::{Part, Word};

/// What a text consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    Word(Word),
    /// Digits right before a `<` or a `>`.
    Descriptor(usize),
    Operator(&'static str),
    /// The end of a line.
    Newline,
}

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyntaxError {
    /// A quote begins and does not end.
    OpenQuote(u8),
    /// The text ends where more must come.
    Unfinished,
    /// This comes where it means nothing.
    Unexpected(String),
    /// This shell does not know what this means.
    Unknown(String),
}

impl SyntaxError {
    /// Whether another line may put it right.
    pub fn wants_more(&self) -> bool {
        matches!(self, Self::OpenQuote(_) | Self::Unfinished)
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::OpenQuote(quote) => write!(f, "a {} does not end", char::from(*quote)),
            Self::Unfinished => write!(f, "syntax error: the end comes too early"),
            Self::Unexpected(token) => write!(f, "syntax error: {token} is unexpected"),
            Self::Unknown(text) => write!(f, "this shell has no {text}"),
        }
    }
}

/// The operators, those first of which others are the start.
const OPERATORS: [&str; 11] = ["&&", "||", ">>", ">&", "<&", "&", "|", ";", "<", ">", "("];

/// What begins like an operator and is none here.
const UNKNOWN: [&str; 5] = ["<<", "<>", ">|", ";;", "`"];

/// Splits `text` into tokens.
pub fn tokens(text: &[u8]) -> Result<Vec<Token>, SyntaxError> {
    let mut lexer = Lexer { rest: text, word: None, tokens: Vec::new() };
    while let Some(byte) = lexer.next() {
        lexer.take(byte)?;
    }
    lexer.end_word();
    Ok(lexer.tokens)
}

struct Lexer<'a> {
    rest: &'a [u8],
    /// The word that has begun.
    word: Option<Word>,
    tokens: Vec<Token>,
}

impl Lexer<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// Goes on with `byte`, outside of quotes.
    fn take(&mut self, byte: u8) -> Result<(), SyntaxError> {
        match byte {
            b' ' | b'\t' => self.end_word(),
            b'\n' => {
                self.end_word();
                self.tokens.push(Token::Newline);
            }
            b'#' if self.word.is_none() => self.comment(),
            b'\'' => self.single_quoted()?,
            b'"' => self.double_quoted()?,
            b'\\' => self.escaped()?,
            b'$' => self.variable(Quotes::None)?,
            b'&' | b'|' | b';' | b'<' | b'>' | b'(' | b')' | b'`' => self.operator(byte)?,
            byte => self.push(byte, Quotes::None),
        }
        Ok(())
    }

    fn comment(&mut self) {
        let length = self.rest.iter().take_while(|byte| **byte != b'\n').count();
        self.rest = &self.rest[length..];
    }

    /// Takes the operator that begins with `first`.
    fn operator(&mut self, first: u8) -> Result<(), SyntaxError> {
        let is_next = |known: &&&str| {
            let (start, rest) = known.as_bytes().split_at(1);
            start == [first] && self.rest.starts_with(rest)
        };
        if let Some(unknown) = UNKNOWN.iter().find(is_next) {
            return Err(SyntaxError::Unknown((*unknown).into()));
        }
        let operator = OPERATORS.iter().find(is_next).copied().unwrap_or(")");
        self.rest = &self.rest[operator.len() - 1..];
        match self.descriptor().filter(|_| matches!(first, b'<' | b'>')) {
            Some(descriptor) => {
                self.word = None;
                self.tokens.push(Token::Descriptor(descriptor));
            }
            None => self.end_word(),
        }
        self.tokens.push(Token::Operator(operator));
        Ok(())
    }

    /// The number that the word is, if it is one.
    fn descriptor(&self) -> Option<usize> {
        let digits = self.word.as_ref()?.plain()?;
        digits.iter().all(u8::is_ascii_digit).then(|| str::from_utf8(digits).ok()?.parse().ok())?
    }

    fn end_word(&mut self) {
        self.tokens.extend(self.word.take().map(Token::Word));
    }

    /// The parts of the word, which begins here if it has not.
    fn parts(&mut self) -> &mut Vec<Part> {
        &mut self.word.get_or_insert_default().parts
    }

    /// Adds `byte` to the word.
    fn push(&mut self, byte: u8, quotes: Quotes) {
        match (self.parts().last_mut(), quotes) {
            (Some(Part::Plain(bytes)), Quotes::None) => bytes.push(byte),
            (Some(Part::Quoted(bytes)), Quotes::Some) => bytes.push(byte),
            (_, Quotes::None) => self.parts().push(Part::Plain([byte].into())),
            (_, Quotes::Some) => self.parts().push(Part::Quoted([byte].into())),
        }
    }

    /// Makes what was between quotes a part, even if nothing was.
    fn end_quotes(&mut self, parts_before: usize) {
        if self.parts().len() == parts_before {
            self.parts().push(Part::Quoted(Vec::new()));
        }
    }

    fn escaped(&mut self) -> Result<(), SyntaxError> {
        match self.next() {
            Some(b'\n') if self.rest.is_empty() => return Err(SyntaxError::Unfinished),
            Some(b'\n') => {}
            byte => self.push(byte.unwrap_or(b'\\'), Quotes::Some),
        }
        Ok(())
    }

    fn single_quoted(&mut self) -> Result<(), SyntaxError> {
        let before = self.parts().len();
        loop {
            match self.next() {
                Some(b'\'') => break,
                Some(byte) => self.push(byte, Quotes::Some),
                None => return Err(SyntaxError::OpenQuote(b'\'')),
            }
        }
        self.end_quotes(before);
        Ok(())
    }

    fn double_quoted(&mut self) -> Result<(), SyntaxError> {
        let before = self.parts().len();
        loop {
            match self.next() {
                Some(b'"') => break,
                Some(b'$') => self.variable(Quotes::Some)?,
                Some(b'`') => return Err(SyntaxError::Unknown("`".into())),
                Some(b'\\') if matches!(self.rest.first(), Some(b'"' | b'\\' | b'$' | b'`')) => {
                    self.escaped()?;
                }
                Some(b'\\') if self.rest.first() == Some(&b'\n') => self.rest = &self.rest[1..],
                Some(byte) => self.push(byte, Quotes::Some),
                None => return Err(SyntaxError::OpenQuote(b'"')),
            }
        }
        self.end_quotes(before);
        Ok(())
    }

    /// Adds the variable behind a `$`; a `$` before no name is a `$`.
    fn variable(&mut self, quotes: Quotes) -> Result<(), SyntaxError> {
        let name = match self.rest {
            [b'{', ..] => self.braced()?,
            [b'(', ..] => return Err(SyntaxError::Unknown("$(".into())),
            rest => {
                let (name, rest) = rest.split_at(name_length(rest));
                self.rest = rest;
                name.into()
            }
        };
        match name {
            name if name.is_empty() => self.push(b'$', quotes),
            name => {
                let is_quoted = quotes == Quotes::Some;
                self.parts().push(Part::Variable { name, is_quoted });
            }
        }
        Ok(())
    }

    /// The name in `{…}`.
    fn braced(&mut self) -> Result<Vec<u8>, SyntaxError> {
        let end = self.rest.iter().position(|byte| *byte == b'}');
        let end = end.ok_or(SyntaxError::Unfinished)?;
        let name = &self.rest[1..end];
        let is_number = !name.is_empty() && name.iter().all(u8::is_ascii_digit);
        if !is_number && (name.is_empty() || name_length(name) != name.len()) {
            let text = String::from_utf8_lossy(&self.rest[..=end]);
            return Err(SyntaxError::Unknown(alloc::format!("${text}")));
        }
        self.rest = &self.rest[end + 1..];
        Ok(name.into())
    }
}

/// Whether a byte is between quotes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quotes {
    None,
    Some,
}

/// How long the name of a variable is with which `text` begins.
fn name_length(text: &[u8]) -> usize {
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
    match text.first() {
        Some(b'?' | b'$' | b'!' | b'#' | b'*' | b'@') => 1,
        Some(first) if first.is_ascii_digit() => 1,
        _ => text.iter().take_while(is_part).count(),
    }
}
