//! Source text, told apart into code, comments and strings.
//!
//! A rule about code must not trip over a comment that explains the rule, nor over a message that
//! quotes it. Rust, assembly and linker scripts write comments and strings alike, so one scanner
//! serves all. It knows no grammar beyond that.

/// A line of source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Its code, without comments and without what strings hold.
    pub code: String,
    /// Its comments, with the marks that start them.
    pub comment: String,
}

/// What a piece of source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Code,
    Comment,
    Text,
}

/// The lines of `source`.
pub fn lines(source: &str) -> Vec<Line> {
    let mut lines = vec![Line::default()];
    let mut rest = source;
    let mut previous = '\n';
    while !rest.is_empty() {
        let (kind, length) = piece(rest, previous);
        let (taken, left) = rest.split_at(length);
        for character in taken.chars() {
            let line = lines.last_mut().expect("never empty");
            match (character, kind) {
                ('\n', _) => lines.push(Line::default()),
                (_, Kind::Code) => line.code.push(character),
                (_, Kind::Comment) => line.comment.push(character),
                (_, Kind::Text) => {}
            }
        }
        previous = taken.chars().last().unwrap_or(previous);
        rest = left;
    }
    lines
}

/// What `rest` starts with, and how many bytes of it that is.
fn piece(rest: &str, previous: char) -> (Kind, usize) {
    let first = rest.chars().next().map_or(0, char::len_utf8);
    if rest.starts_with("//") {
        return (Kind::Comment, rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return (Kind::Comment, block_comment(rest));
    }
    if rest.starts_with('"') {
        return (Kind::Text, quoted(rest, '"'));
    }
    if let Some(length) =
        raw_string(rest).filter(|_| !previous.is_alphanumeric() && previous != '_')
    {
        return (Kind::Text, length);
    }
    if let Some(length) = character_literal(rest) {
        return (Kind::Text, length);
    }
    (Kind::Code, first)
}

/// The length of the comment that starts `rest`; comments nest, as in Rust.
fn block_comment(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        let here = &rest.as_bytes()[at..];
        let step = if here.starts_with(b"/*") || here.starts_with(b"*/") { 2 } else { 1 };
        match here {
            [b'/', b'*', ..] => depth += 1,
            [b'*', b'/', ..] => depth -= 1,
            _ => {}
        }
        at += step;
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

/// The length of the literal between two `quote`s that starts `rest`.
fn quoted(rest: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, character) in rest.char_indices().skip(1) {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if character == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The length of the raw string that starts `rest`, if one does.
fn raw_string(rest: &str) -> Option<usize> {
    let prefix = if rest.starts_with("br") { 2 } else { 1 };
    let body = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let hashes = body.len() - body.trim_start_matches('#').len();
    let text = body[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", &body[..hashes]);
    Some(text.find(&end).map_or(rest.len(), |at| prefix + hashes + 1 + at + end.len()))
}

/// The length of the character literal that starts `rest`; a lifetime is none.
fn character_literal(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('\'')?;
    if inner.starts_with('\\') {
        return Some(quoted(rest, '\''));
    }
    let character = inner.chars().next()?.len_utf8();
    inner[character..].starts_with('\'').then_some(character + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(source: &str) -> Vec<String> {
        lines(source).into_iter().map(|line| line.code).collect()
    }

    fn comments(source: &str) -> Vec<String> {
        lines(source).into_iter().map(|line| line.comment).collect()
    }

    #[test]
    fn comments_are_no_code() {
        assert_eq!(code("a // b\nc /* d /* e */\nf */ g"), ["a ", "c ", " g"]);
        assert_eq!(comments("a // b\nc /* d\ne */ f"), ["// b", "/* d", "e */"]);
    }

    #[test]
    fn strings_are_neither() {
        assert_eq!(code(r#"f("a // b", 1) // c"#), ["f(, 1) "]);
        assert_eq!(code(r#"f("a \" b") + 1"#), ["f() + 1"]);
        assert_eq!(code("f(\"a\nb\") + 1"), ["f(", ") + 1"]);
        assert_eq!(code("f(r#\"a \" b\"#) + br\"c\" + 1"), ["f() +  + 1"]);
        assert_eq!(code("hour\"a\""), ["hour"]);
    }

    #[test]
    fn lifetimes_are_code_and_characters_are_not() {
        assert_eq!(
            code(r"fn f<'a>(x: &'a str) { '\'' '/' '≤' b'\\' }"),
            ["fn f<'a>(x: &'a str) {    b }"]
        );
    }

    #[test]
    fn what_has_no_end_ends_with_the_file() {
        assert_eq!(code("a \"b"), ["a "]);
        assert_eq!(code("a /* b"), ["a "]);
        assert_eq!(code("a r#\"b\""), ["a "]);
    }
}
