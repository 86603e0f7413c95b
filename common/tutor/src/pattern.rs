//! Expected console lines, with holes for what differs from run to run.
//!
//! `{hex}` is a number such as `0x40`, `{n}` a decimal number, `{text}` anything but nothing; other
//! names in braces stand for words that are known when the pattern is read, such as the chapter's.

use std::fmt;

/// A line with holes.
#[derive(Clone, Debug)]
pub struct Pattern {
    line: String,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Word(String),
    Hex,
    Number,
    Text,
}

impl Pattern {
    /// Reads a pattern; `names` are the words that stand for others. The error says what is wrong
    /// with it.
    pub fn parse(line: &str, names: &[(&str, &str)]) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = line;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').ok_or("a brace is not closed")?;
            parts.push(Part::Word(before.into()));
            parts.push(match name {
                "hex" => Part::Hex,
                "n" => Part::Number,
                "text" => Part::Text,
                _ => {
                    let known = names.iter().find(|(known, _)| *known == name);
                    let (_, word) = known.ok_or_else(|| {
                        let mut choices: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
                        choices.extend(["hex", "n", "text"]);
                        format!("{{{name}}} is none of {}", choices.join(", "))
                    })?;
                    Part::Word((*word).into())
                }
            });
            rest = after;
        }
        parts.push(Part::Word(rest.into()));
        Ok(Self { line: line.into(), parts })
    }

    /// Whether `line` is, from its first to its last character, what the pattern says.
    pub fn matches(&self, line: &str) -> bool {
        matches(&self.parts, line)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}", self.line)
    }
}

/// Finds the lines that `patterns` describe in `text`, in this order, with others between them or
/// not. The error is the first pattern that is missing.
pub fn find_all<'a>(patterns: &'a [Pattern], text: &str) -> Result<(), &'a Pattern> {
    let mut lines = text.lines();
    let missing = patterns.iter().find(|pattern| !lines.any(|line| pattern.matches(line)));
    missing.map_or(Ok(()), Err)
}

fn matches(parts: &[Part], text: &str) -> bool {
    let Some((part, rest)) = parts.split_first() else {
        return text.is_empty();
    };
    let digits = |is_digit: fn(&char) -> bool, text: &str| {
        let length = text.chars().take_while(is_digit).count();
        length > 0 && matches(rest, &text[length..])
    };
    match part {
        Part::Word(word) => {
            text.strip_prefix(word.as_str()).is_some_and(|text| matches(rest, text))
        }
        Part::Number => digits(char::is_ascii_digit, text),
        Part::Hex => {
            text.strip_prefix("0x").is_some_and(|text| digits(char::is_ascii_hexdigit, text))
        }
        Part::Text => {
            let mut ends = text.char_indices().map(|(start, c)| start + c.len_utf8());
            ends.any(|end| matches(rest, &text[end..]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_match(pattern: &str, line: &str) -> bool {
        Pattern::parse(pattern, &[("arch", "x86_64")]).expect("a good pattern").matches(line)
    }

    #[test]
    fn words_match_themselves() {
        assert!(is_match("strata on {arch}", "strata on x86_64"));
        assert!(!is_match("strata on {arch}", "strata on aarch64"));
        assert!(!is_match("strata", "strata "));
        assert!(!is_match("strata", " strata"));
    }

    #[test]
    fn holes_match_their_kind() {
        assert!(is_match("at {hex}: {n} KiB", "at 0x40f: 12 KiB"));
        assert!(!is_match("at {hex}", "at 40"));
        assert!(!is_match("at {hex}", "at 0x"));
        assert!(!is_match("{n} KiB", "x KiB"));
        assert!(is_match("a {text} c", "a b c c"));
        assert!(!is_match("a{text}", "a"));
    }

    #[test]
    fn unknown_holes_are_refused() {
        let why = Pattern::parse("{chpater}", &[("chapter", "01")]).expect_err("misspelt");
        assert!(why.contains("chpater") && why.contains("chapter, hex, n, text"));
        assert!(Pattern::parse("{n", &[]).is_err());
    }

    #[test]
    fn lines_must_come_in_order() {
        let patterns: Vec<_> = ["a", "{n}"]
            .iter()
            .map(|line| Pattern::parse(line, &[]).expect("a good pattern"))
            .collect();
        assert!(find_all(&patterns, "a\nb\n1\n").is_ok());
        assert!(find_all(&patterns, "1\na\n").is_err_and(|missing| missing.line == "{n}"));
    }
}
