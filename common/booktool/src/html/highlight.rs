//! The colours of code, given when the book is built.
//!
//! A file is read as a whole and cut into lines afterwards, so a line from the middle of a comment
//! or of a macro has the colours that it has in the file. The classes are those of highlight.js,
//! which every theme of the book has colours for.

use std::ops::Range;
use std::path::Path;

use super::grammar::{self, Grammar};
use super::lexer;

/// One line of a file, without its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What stands on it.
    pub text: String,
    /// Its coloured parts, in order; they do not overlap.
    pub spans: Vec<Span>,
}

/// A part of a text that has a colour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The bytes of the text.
    pub range: Range<usize>,
    /// A class of highlight.js: `hljs-keyword`.
    pub class: &'static str,
}

impl Line {
    /// A line without colours.
    #[cfg(test)]
    pub fn plain(text: &str) -> Self {
        Self { text: text.to_string(), spans: Vec::new() }
    }
}

/// The lines of a file with the colours of the language that its name tells; what it does not know
/// stays plain.
pub fn lines(file_name: &str, text: &str) -> Vec<Line> {
    let path = Path::new(file_name);
    let extension = path.extension().or(path.file_name()).and_then(|end| end.to_str());
    let spans = match extension.unwrap_or_default() {
        "rs" => grammar::spans(Grammar::Rust, text),
        "toml" | "Cargo.lock" => grammar::spans(Grammar::Toml, text),
        "s" => lexer::assembly(text),
        "ld" => lexer::linker(text),
        "sh" | "Makefile" => lexer::shell(text),
        _ => Vec::new(),
    };
    cut(text, &spans)
}

/// Cuts a text and its colours into lines.
fn cut(text: &str, spans: &[Span]) -> Vec<Line> {
    let mut start = 0;
    let line = |line: &str| {
        let whole = start..start + line.trim_end_matches(['\r', '\n']).len();
        start += line.len();
        Line { text: text[whole.clone()].to_string(), spans: within(spans, &whole) }
    };
    text.split_inclusive('\n').map(line).collect()
}

/// The parts of `spans` that lie in a line, counted from its beginning.
fn within(spans: &[Span], line: &Range<usize>) -> Vec<Span> {
    let first = spans.partition_point(|span| span.range.end <= line.start);
    let clip = |span: &Span| {
        let start = span.range.start.max(line.start) - line.start;
        let end = span.range.end.min(line.end).saturating_sub(line.start);
        (start < end).then_some(Span { range: start..end, class: span.class })
    };
    let here = spans[first..].iter().take_while(|span| span.range.start < line.end);
    here.filter_map(clip).collect()
}

#[cfg(test)]
mod tests {
    use super::{Line, lines};

    /// A line with its classes written behind the words that have them.
    fn marked(line: &Line) -> String {
        let mut marked = line.text.clone();
        for span in line.spans.iter().rev() {
            let class = span.class.strip_prefix("hljs-").expect("it is highlight.js's");
            marked.insert_str(span.range.end, &format!("‹{class}›"));
        }
        marked
    }

    fn all(file_name: &str, text: &str) -> Vec<String> {
        lines(file_name, text).iter().map(marked).collect()
    }

    #[test]
    fn rust_has_colours() {
        let code = "/// A level.\npub fn level<'a>(self: &'a Self) -> u8 { b\"\\n\"; 0x10 }\n";
        assert_eq!(
            all("src/cpu.rs", code),
            [
                "/// A level.‹comment›",
                "pub‹keyword› fn‹keyword› level‹title›<'a‹symbol›>(self‹keyword›: \
                 &'a‹symbol› Self‹type›) -> u8‹type› { b\"‹string›\\n‹symbol›\"‹string›; \
                 0x10‹number› }",
            ]
        );
    }

    #[test]
    fn a_comment_over_several_lines_is_one_on_each() {
        let code = "/* one\n\n   two */ static A: u8 = 1;";
        let lines = all("a.rs", code);
        assert_eq!(lines[..2], ["/* one‹comment›", ""]);
        assert!(lines[2].starts_with("   two */‹comment› static‹keyword›"), "{}", lines[2]);
    }

    #[test]
    fn code_inside_a_macro_has_colours() {
        let lines = all("a.rs", "ktest::test! {\n    fn promise() { let x = 1; }\n}\n");
        assert_eq!(lines[1], "    fn‹keyword› promise‹title›() { let‹keyword› x = 1‹number›; }");
    }

    #[test]
    fn templates_of_assembly_in_rust_are_strings() {
        let lines = all("a.rs", "unsafe { asm!(\n\"dsb sy\", // why\nin(reg) x) }");
        assert_eq!(lines[1], "\"dsb sy\"‹string›, // why‹comment›");
    }

    #[test]
    fn toml_has_colours() {
        assert_eq!(
            all("Cargo.toml", "[package]\nname = \"x\" # why\ncount = 3\nis_one = true\n"),
            [
                "[package‹section›]",
                "name‹attr› = \"x\"‹string› # why‹comment›",
                "count‹attr› = 3‹number›",
                "is_one‹attr› = true‹literal›",
            ]
        );
    }

    #[test]
    fn an_unknown_language_stays_plain() {
        assert_eq!(lines("notes.txt", "let a\r\nb"), [Line::plain("let a"), Line::plain("b")]);
    }

    #[test]
    fn nothing_has_no_lines() {
        assert_eq!(lines("a.rs", ""), []);
    }
}
