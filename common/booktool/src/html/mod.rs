//! Code as HTML: listings, diffs, console output, and the lens that shows one machine at a time.
//!
//! Pages are Markdown, and a blank line ends a block of HTML in Markdown; so does, inside a list, a
//! line that is not indented. Therefore everything made here is one line: the ends of the lines of
//! code are written as character references, and become line ends when the book is rendered.
//!
//! Nothing here needs a script to be read. Scripts add what only they can: tabs, two columns.

pub mod diff;
mod grammar;
pub mod highlight;
pub mod lens;
mod lexer;
pub mod listing;
mod scanner;

#[cfg(test)]
mod contrast;

use std::borrow::Cow;
use std::ops::Range;

use highlight::Line;

/// The end of a line of code, written so that the HTML stays on one line.
const LINE_END: &str = "&#10;";

/// Text between tags.
pub fn text(text: &str) -> Cow<'_, str> {
    html_escape::encode_text(text)
}

/// The value of an attribute, without its quotes.
pub fn attribute(value: &str) -> Cow<'_, str> {
    html_escape::encode_double_quoted_attribute(value)
}

/// Something wide in a box of its own that scrolls sideways, also by keyboard. `label` says to
/// those who cannot see it what the box holds.
pub fn scroll_box(label: &str, html: &str) -> String {
    let label = attribute(label);
    format!(r#"<div class="scroll" tabindex="0" role="group" aria-label="{label}">{html}</div>"#)
}

/// A block of code that scrolls sideways, also by keyboard. The class keeps highlight.js off.
fn code_block(label: &str, attributes: &str, html: &str) -> String {
    let label = format!(r#"role="group" aria-label="{}""#, attribute(label));
    let start = format!(r#"<pre><code class="nohighlight" tabindex="0" {label}{attributes}>"#);
    format!("{start}{html}</code></pre>")
}

/// One line of code with its colours; the ranges of `emphasis` in `<b>`.
fn code_line(line: &Line, emphasis: &[Range<usize>]) -> String {
    let cuts = cuts(line, emphasis);
    let pieces = cuts.windows(2).map(|pair| piece(line, pair[0]..pair[1], emphasis));
    pieces.collect::<String>() + LINE_END
}

/// Where a colour or an emphasis begins or ends, in order, with both ends of the line.
fn cuts(line: &Line, emphasis: &[Range<usize>]) -> Vec<usize> {
    let spans = line.spans.iter().map(|span| &span.range);
    let mut cuts: Vec<usize> =
        spans.chain(emphasis).flat_map(|range| [range.start, range.end]).collect();
    cuts.extend([0, line.text.len()]);
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

/// A part of a line that has one colour and one emphasis.
fn piece(line: &Line, range: Range<usize>, emphasis: &[Range<usize>]) -> String {
    let covers = |other: &Range<usize>| other.start <= range.start && range.end <= other.end;
    let text = text(&line.text[range.clone()]);
    let coloured = match line.spans.iter().find(|span| covers(&span.range)) {
        Some(span) => format!(r#"<span class="{}">{text}</span>"#, span.class),
        None => text.into_owned(),
    };
    if emphasis.iter().any(covers) { format!("<b>{coloured}</b>") } else { coloured }
}

#[cfg(test)]
mod tests {
    use super::highlight::{Line, Span};
    use super::{code_line, scroll_box};

    fn line() -> Line {
        let spans = vec![Span { range: 0..3, class: "hljs-keyword" }];
        Line { text: "let a<b".to_string(), spans }
    }

    #[test]
    fn a_line_is_coloured_and_escaped() {
        assert_eq!(code_line(&line(), &[]), r#"<span class="hljs-keyword">let</span> a&lt;b&#10;"#);
    }

    #[test]
    fn emphasis_cuts_through_colours() {
        let html = code_line(&line(), &[1..5, 6..7]);
        assert_eq!(
            html.replace(r#"<span class="hljs-keyword">"#, "[").replace("</span>", "]"),
            "[l]<b>[et]</b><b> a</b>&lt;<b>b</b>&#10;"
        );
    }

    #[test]
    fn labels_cannot_leave_their_attribute() {
        assert!(scroll_box("a \"b\"", "").contains(r#"aria-label="a &quot;b&quot;""#));
    }
}
