//! From tokens to a tree, by recursive descent: a function for each rule of the grammar.
//!
//! ```text
//!  list      item { (";" | "&" | newline) item }
//!  item      pipeline { ("&&" | "||") pipeline }
//!  pipeline  ["!"] command { "|" command }
//!  command   { assignment } word { word }                              with redirections anywhere
//!          | "(" list ")" | "{" list "}"                               with redirections behind it
//!          | "if" list "then" list { "elif" list "then" list } ["else" list] "fi"
//!          | ("while" | "until") list "do" list "done"
//!          | "for" name ["in" { word }] "do" list "done"
//! ```
//!
//! Words such as `if` mean this only where a command begins. (POSIX.1-2017, Shell Command Language,
//! 2.10.)

use alloc::string::String;
use alloc::vec::Vec;

use crate::token::{SyntaxError, Token, tokens};
use crate::tree::{Command, How, Item, Join, Kind, List, Pipeline, Redirect, Word, is_name};

/// Words that end a list, or stand in the middle of a command.
const MIDDLES: [&str; 7] = ["then", "elif", "else", "fi", "do", "done", "}"];

/// What `text` means.
pub fn parse(text: &[u8]) -> Result<List, SyntaxError> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens: &tokens };
    let list = parser.list()?;
    match parser.tokens {
        [] => Ok(list),
        [token, ..] => Err(unexpected(token)),
    }
}

struct Parser<'a> {
    /// What is left.
    tokens: &'a [Token],
}

impl<'a> Parser<'a> {
    /// Items up to something that cannot begin one.
    fn list(&mut self) -> Result<List, SyntaxError> {
        let mut items = Vec::new();
        loop {
            self.skip_newlines();
            if self.ends_list() {
                return Ok(items);
            }
            let mut item = self.item()?;
            item.is_background = self.skip_operator("&");
            let is_ended = item.is_background
                || self.skip_operator(";")
                || matches!(self.tokens.first(), Some(Token::Newline));
            items.push(item);
            if !is_ended {
                return Ok(items);
            }
        }
    }

    /// A list in which there is something.
    fn some(&mut self) -> Result<List, SyntaxError> {
        let list = self.list()?;
        if list.is_empty() { Err(self.unexpected()) } else { Ok(list) }
    }

    fn item(&mut self) -> Result<Item, SyntaxError> {
        let first = self.pipeline()?;
        let mut rest = Vec::new();
        loop {
            let join = match self.tokens.first() {
                Some(Token::Operator("&&")) => Join::IfTrue,
                Some(Token::Operator("||")) => Join::IfFalse,
                _ => return Ok(Item { first, rest, is_background: false }),
            };
            self.advance();
            self.skip_newlines();
            rest.push((join, self.pipeline()?));
        }
    }

    fn pipeline(&mut self) -> Result<Pipeline, SyntaxError> {
        let is_negated = self.skip_word("!");
        let mut commands = Vec::from([self.command()?]);
        while self.skip_operator("|") {
            self.skip_newlines();
            commands.push(self.command()?);
        }
        Ok(Pipeline { is_negated, commands })
    }

    fn command(&mut self) -> Result<Command, SyntaxError> {
        let Some(kind) = self.compound()? else { return self.simple() };
        let mut redirects = Vec::new();
        while let Some(redirect) = self.redirect()? {
            redirects.push(redirect);
        }
        Ok(Command { kind, redirects })
    }

    /// A command that has others in it, if one begins here.
    fn compound(&mut self) -> Result<Option<Kind>, SyntaxError> {
        let kind = if self.skip_operator("(") {
            let list = self.some()?;
            self.expect_operator(")")?;
            Kind::Subshell(list)
        } else if self.skip_word("{") {
            let list = self.some()?;
            self.expect_word("}")?;
            Kind::Group(list)
        } else if self.skip_word("if") {
            self.branches()?
        } else if self.skip_word("while") {
            self.repeated(true)?
        } else if self.skip_word("until") {
            self.repeated(false)?
        } else if self.skip_word("for") {
            self.for_each()?
        } else {
            return Ok(None);
        };
        Ok(Some(kind))
    }

    fn branches(&mut self) -> Result<Kind, SyntaxError> {
        let mut branches = Vec::new();
        loop {
            let condition = self.some()?;
            self.expect_word("then")?;
            branches.push((condition, self.some()?));
            if !self.skip_word("elif") {
                break;
            }
        }
        let otherwise = if self.skip_word("else") { self.some()? } else { List::new() };
        self.expect_word("fi")?;
        Ok(Kind::If { branches, otherwise })
    }

    fn repeated(&mut self, goes_on_when_true: bool) -> Result<Kind, SyntaxError> {
        let condition = self.some()?;
        Ok(Kind::Loop { goes_on_when_true, condition, body: self.body()? })
    }

    fn for_each(&mut self) -> Result<Kind, SyntaxError> {
        let name = self.word()?.plain().filter(|name| is_name(name)).map(Vec::from);
        let name = name.ok_or_else(|| SyntaxError::Unexpected("a word that is no name".into()))?;
        self.skip_newlines();
        let words = self.skip_word("in").then(|| self.words());
        if !self.skip_operator(";") && words.is_some() && !self.is_at_newline() {
            return Err(self.unexpected());
        }
        self.skip_newlines();
        Ok(Kind::For { name, words, body: self.body()? })
    }

    fn body(&mut self) -> Result<List, SyntaxError> {
        self.expect_word("do")?;
        let body = self.some()?;
        self.expect_word("done")?;
        Ok(body)
    }

    fn words(&mut self) -> Vec<Word> {
        let mut words = Vec::new();
        while let Some(Token::Word(word)) = self.tokens.first() {
            words.push(word.clone());
            self.advance();
        }
        words
    }

    fn simple(&mut self) -> Result<Command, SyntaxError> {
        if self.ends_list() {
            return Err(self.unexpected());
        }
        let (mut assignments, mut words, mut redirects) = (Vec::new(), Vec::new(), Vec::new());
        loop {
            if let Some(redirect) = self.redirect()? {
                redirects.push(redirect);
            } else if let Some(Token::Word(word)) = self.tokens.first() {
                self.advance();
                match word.assignment().filter(|_| words.is_empty()) {
                    Some(assignment) => assignments.push(assignment),
                    None => words.push(word.clone()),
                }
            } else if assignments.is_empty() && words.is_empty() && redirects.is_empty() {
                return Err(self.unexpected());
            } else {
                return Ok(Command { kind: Kind::Simple { assignments, words }, redirects });
            }
        }
    }

    /// A redirection, if one begins here.
    fn redirect(&mut self) -> Result<Option<Redirect>, SyntaxError> {
        let (number, operator) = match self.tokens {
            [Token::Descriptor(number), Token::Operator(operator), ..] => {
                (Some(*number), *operator)
            }
            [Token::Operator(operator), ..] => (None, *operator),
            _ => return Ok(None),
        };
        let (how, usual) = match operator {
            "<" => (How::Read, 0),
            ">" => (How::Write, 1),
            ">>" => (How::Append, 1),
            "<&" => (How::Copy, 0),
            ">&" => (How::Copy, 1),
            _ => return Ok(None),
        };
        self.tokens = &self.tokens[if number.is_some() { 2 } else { 1 }..];
        Ok(Some(Redirect { descriptor: number.unwrap_or(usual), how, target: self.word()? }))
    }

    fn word(&mut self) -> Result<Word, SyntaxError> {
        match self.tokens.first() {
            Some(Token::Word(word)) => {
                self.advance();
                Ok(word.clone())
            }
            _ => Err(self.unexpected()),
        }
    }

    fn advance(&mut self) {
        self.tokens = &self.tokens[1..];
    }

    fn is_at_newline(&self) -> bool {
        matches!(self.tokens.first(), Some(Token::Newline))
    }

    fn skip_newlines(&mut self) {
        while self.is_at_newline() {
            self.advance();
        }
    }

    /// Whether no command begins here.
    fn ends_list(&self) -> bool {
        match self.tokens.first() {
            None | Some(Token::Operator(")")) => true,
            Some(Token::Word(word)) => MIDDLES.iter().any(|it| word.plain() == Some(it.as_bytes())),
            _ => false,
        }
    }

    fn skip_operator(&mut self, wanted: &str) -> bool {
        let is_next = matches!(self.tokens.first(), Some(Token::Operator(it)) if *it == wanted);
        self.tokens = &self.tokens[usize::from(is_next)..];
        is_next
    }

    fn skip_word(&mut self, wanted: &str) -> bool {
        let is_next = match self.tokens.first() {
            Some(Token::Word(word)) => word.plain() == Some(wanted.as_bytes()),
            _ => false,
        };
        self.tokens = &self.tokens[usize::from(is_next)..];
        is_next
    }

    fn expect_operator(&mut self, wanted: &str) -> Result<(), SyntaxError> {
        if self.skip_operator(wanted) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn expect_word(&mut self, wanted: &str) -> Result<(), SyntaxError> {
        if self.skip_word(wanted) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn unexpected(&self) -> SyntaxError {
        self.tokens.first().map_or(SyntaxError::Unfinished, unexpected)
    }
}

/// What to say of a `token` that is in the wrong place.
fn unexpected(token: &Token) -> SyntaxError {
    SyntaxError::Unexpected(match token {
        Token::Word(word) => match word.plain() {
            Some(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            None => "a word".into(),
        },
        Token::Descriptor(number) => alloc::format!("{number}"),
        Token::Operator(operator) => (*operator).into(),
        Token::Newline => "the end of the line".into(),
    })
}
