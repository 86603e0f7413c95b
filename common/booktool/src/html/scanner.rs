//! Cuts a text into the few kinds of pieces that assembly, linker scripts and shells share.
//!
//! It never fails: what is not understood is one character that stays plain.

use super::highlight::Span;

/// A kind of piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// A comment, up to where it ends.
    Comment,
    /// A text in quotes, with them.
    String,
    /// A word that begins with a digit: `0x10`, `4K`, `1b`.
    Number,
    /// A name; dots belong to it: `b.ne`, `.text`.
    Word,
    /// A placeholder: `{NAME}`, `$(NAME)`, `$NAME`.
    Placeholder,
    /// The end of a line.
    LineEnd,
    /// A space.
    Space,
    /// Any other character.
    Other,
}

/// What differs between the languages.
pub struct Rules {
    /// The length of the comment that a text begins with, if it does.
    pub comment: fn(&str) -> Option<usize>,
    /// What may enclose a string.
    pub quotes: &'static [char],
    /// The length of the placeholder that a text begins with, if it does.
    pub placeholder: fn(&str) -> Option<usize>,
}

/// A piece of a text with what follows it.
pub struct Piece<'a> {
    pub token: Token,
    pub text: &'a str,
    pub rest: &'a str,
}

/// Gives each piece of a text to `class`, in order, and collects the colours that it answers.
pub fn spans(
    text: &str,
    rules: &Rules,
    mut class: impl FnMut(&Piece) -> Option<&'static str>,
) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let (token, length) = token(&text[at..], rules);
        let end = at + length;
        let piece = Piece { token, text: &text[at..end], rest: &text[end..] };
        spans.extend(class(&piece).map(|class| Span { range: at..end, class }));
        at = end;
    }
    spans
}

/// The first piece of a text that is not empty, and its length.
fn token(text: &str, rules: &Rules) -> (Token, usize) {
    let first = text.chars().next().unwrap_or('\n');
    if let Some(length) = (rules.comment)(text) {
        return (Token::Comment, length);
    }
    if let Some(length) = (rules.placeholder)(text) {
        return (Token::Placeholder, length);
    }
    match first {
        '\n' => (Token::LineEnd, 1),
        quote if rules.quotes.contains(&quote) => (Token::String, quoted(text, quote)),
        digit if digit.is_ascii_digit() => (Token::Number, word(text)),
        letter if is_of_word(letter) => (Token::Word, word(text)),
        space if space.is_whitespace() => (Token::Space, space.len_utf8()),
        other => (Token::Other, other.len_utf8()),
    }
}

/// The length of the comment up to the end of the line.
pub fn rest_of_line(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

/// The length of the comment `/* … */` that a text begins with.
pub fn block_comment(text: &str) -> Option<usize> {
    let inner = text.strip_prefix("/*")?;
    Some(inner.find("*/").map_or(text.len(), |end| end + 4))
}

/// The length of the name that a text begins with.
pub fn word(text: &str) -> usize {
    text.find(|letter| !is_of_word(letter)).unwrap_or(text.len())
}

fn is_of_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.')
}

/// The length of a string with its quotes; it ends with its line at the latest.
fn quoted(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            '\n' => return at,
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if letter == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}
