//! From the words of a tree to those that a command gets: variables are put in, what came from them
//! outside quotes is split at blanks, and patterns become the names of files.
//!
//! A word on its way is a pattern, in which a `\` stands before each byte that was quoted and that
//! would mean something to [`glob`]. So one text says both what stands there and how it is meant.
//!
//! ```text
//!  x="a b*"    $x"*"   ──>   a   b*\*   ──>   a, and all names that begin with b and end with *
//! ```
//!
//! (POSIX.1-2017, Shell Command Language, 2.6.)

use alloc::vec::Vec;

use crate::glob::{self, Folders};
use crate::tree::{Part, Word};

/// What variables stand for.
pub trait Values {
    /// What `name` stands for; nothing, if there is no such variable.
    fn get(&self, name: &[u8]) -> Vec<u8>;
    /// The arguments of the shell, from `$1` on.
    fn arguments(&self) -> &[Vec<u8>];
}

/// The words that `words` become.
pub fn expand(words: &[Word], values: &dyn Values, folders: &dyn Folders) -> Vec<Vec<u8>> {
    let patterns = words.iter().flat_map(|word| patterns(word, values));
    patterns.flat_map(|pattern| glob::names(&pattern, folders)).collect()
}

/// The one text that `word` becomes where there can be only one, as behind `NAME=` and `>`.
pub fn text(word: &Word, values: &dyn Values) -> Vec<u8> {
    let part = |part: &Part| match part {
        Part::Plain(bytes) | Part::Quoted(bytes) => bytes.clone(),
        Part::Variable { name, .. } if matches!(name.as_slice(), b"@" | b"*") => {
            values.arguments().join(&b' ')
        }
        Part::Variable { name, .. } => values.get(name),
    };
    word.parts.iter().flat_map(part).collect()
}

/// The patterns that `word` becomes: none, one or several.
fn patterns(word: &Word, values: &dyn Values) -> Vec<Vec<u8>> {
    let mut splitter = Splitter::default();
    for part in &word.parts {
        match part {
            Part::Plain(bytes) => splitter.pattern().extend(bytes),
            Part::Quoted(bytes) => splitter.push_quoted(bytes),
            Part::Variable { name, is_quoted } => match (name.as_slice(), is_quoted) {
                (b"@", true) => splitter.push_each(values.arguments(), Splitter::push_quoted),
                (b"*", true) => splitter.push_quoted(&values.arguments().join(&b' ')),
                (b"@" | b"*", false) => {
                    splitter.push_each(values.arguments(), Splitter::push_split);
                }
                (name, true) => splitter.push_quoted(&values.get(name)),
                (name, false) => splitter.push_split(&values.get(name)),
            },
        }
    }
    splitter.end();
    splitter.patterns
}

/// Gathers patterns.
#[derive(Default)]
struct Splitter {
    patterns: Vec<Vec<u8>>,
    /// The one that has begun.
    last: Option<Vec<u8>>,
}

impl Splitter {
    /// The pattern to which more is added; it begins here if none has.
    fn pattern(&mut self) -> &mut Vec<u8> {
        self.last.get_or_insert_default()
    }

    fn end(&mut self) {
        self.patterns.extend(self.last.take());
    }

    /// Adds bytes that stand for themselves. Even none of them make a word.
    fn push_quoted(&mut self, bytes: &[u8]) {
        let pattern = self.pattern();
        for byte in bytes {
            if glob::is_special(*byte) {
                pattern.push(b'\\');
            }
            pattern.push(*byte);
        }
    }

    /// Adds bytes in which blanks end a word.
    fn push_split(&mut self, bytes: &[u8]) {
        for byte in bytes {
            match byte {
                b' ' | b'\t' | b'\n' => self.end(),
                b'\\' => self.pattern().extend(b"\\\\"),
                byte => self.pattern().push(*byte),
            }
        }
    }

    /// Adds each of `all`, between two of which a word ends.
    fn push_each(&mut self, all: &[Vec<u8>], push: impl Fn(&mut Self, &[u8])) {
        for (index, bytes) in all.iter().enumerate() {
            if index > 0 {
                self.end();
            }
            push(self, bytes);
        }
    }
}
