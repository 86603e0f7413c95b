//! What a text means, as a tree: words, commands, pipelines, and what holds them together.
//!
//! ```text
//!  a | b && ! c; d &            list
//!  ├─ a | b && ! c              item, for which the shell waits
//!  │   ├─ a | b                 pipeline
//!  │   └─ && ! c                another, if the first one is true
//!  └─ d                         item in the background
//! ```

use alloc::vec::Vec;

/// A part of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Bytes outside quotes, where `*`, `?` and `[` mean more than themselves.
    Plain(Vec<u8>),
    /// Bytes that stand for themselves.
    Quoted(Vec<u8>),
    /// What the variable stands for. Outside quotes it is split into words.
    Variable { name: Vec<u8>, is_quoted: bool },
}

/// A word, before variables are put in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    pub parts: Vec<Part>,
}

impl Word {
    /// The bytes of a word that has no quotes and no variables, such as one that means something to
    /// the grammar.
    pub fn plain(&self) -> Option<&[u8]> {
        match self.parts.as_slice() {
            [Part::Plain(bytes)] => Some(bytes),
            _ => None,
        }
    }

    /// The name and the value, if the word is `NAME=value`.
    pub fn assignment(&self) -> Option<Assignment> {
        let (Part::Plain(first), rest) = self.parts.split_first()? else { return None };
        let equals = first.iter().position(|byte| *byte == b'=')?;
        let (name, value) = first.split_at(equals);
        if !is_name(name) {
            return None;
        }
        let value = Some(Part::Plain(value[1..].into())).into_iter();
        let parts = value.chain(rest.iter().cloned()).collect();
        Some(Assignment { name: name.into(), value: Word { parts } })
    }
}

/// Whether a variable may be called `name`: letters, digits and `_`, no digit first.
pub fn is_name(name: &[u8]) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    name.first().is_some_and(|first| !first.is_ascii_digit()) && name.iter().all(is_part)
}

/// `NAME=value` in front of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    pub name: Vec<u8>,
    pub value: Word,
}

/// What a descriptor is to stand for while a command runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    pub descriptor: usize,
    pub how: How,
    /// A path, or a descriptor.
    pub target: Word,
}

/// What is done with the target of a redirection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// `<`: it is read.
    Read,
    /// `>`: it is made or emptied, and written.
    Write,
    /// `>>`: it is made, or written behind what is in it.
    Append,
    /// `>&`, `<&`: it is a descriptor, and both stand for the same from now on.
    Copy,
}

/// What is between one `|` and the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    pub kind: Kind,
    pub redirects: Vec<Redirect>,
}

/// What a command consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A program or a built-in command, or only assignments.
    Simple { assignments: Vec<Assignment>, words: Vec<Word> },
    /// `( … )`: commands in a copy of the shell.
    Subshell(List),
    /// `{ …; }`: commands in this one.
    Group(List),
    /// `if`: conditions and what to do when they are true, and what if none is.
    If { branches: Vec<(List, List)>, otherwise: List },
    /// `while` and `until`: as long as the status of the condition is 0, or as long as it is not.
    Loop { goes_on_when_true: bool, condition: List, body: List },
    /// `for`: the body once for each word, or for each argument.
    For { name: Vec<u8>, words: Option<Vec<Word>>, body: List },
}

/// Commands, each of which reads what the one before it writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pipeline {
    /// Whether a `!` turns its status round.
    pub is_negated: bool,
    /// There is at least one.
    pub commands: Vec<Command>,
}

/// When a pipeline runs at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// `&&`: if what came before has the status 0.
    IfTrue,
    /// `||`: if it has another.
    IfFalse,
}

/// Pipelines up to a `;` or a `&`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub first: Pipeline,
    pub rest: Vec<(Join, Pipeline)>,
    pub is_background: bool,
}

/// Items, one after the other.
pub type List = Vec<Item>;
